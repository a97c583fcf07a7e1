package io.heliograph.eventlog;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** A real log behind what tests do to logs. */
record SqlTestLog(SqlEventLog log, AtomicBoolean broken) implements TestLog, AutoCloseable {
    private static final Duration FOR_EVER = Duration.ofDays(10_000);

    SqlTestLog(SqlEventLog log) {
        this(log, new AtomicBoolean());
    }

    @Override
    public <T> T write(WorkspaceId workspace, Command<T> command) {
        return log.write(workspace, command);
    }

    @Override
    public <T> T read(WorkspaceId workspace, Query<T> query) {
        return log.read(workspace, query);
    }

    @Override
    public List<Event> after(WorkspaceId workspace, long offset, int limit) {
        checkReads();
        return log.after(workspace, offset, limit);
    }

    @Override
    public Map<Long, Long> successors(WorkspaceId workspace, long first, long last) {
        checkReads();
        return log.successors(workspace, first, last);
    }

    @Override
    public Map<WorkspaceId, Head> heads(Collection<WorkspaceId> workspaces) {
        checkReads();
        return log.heads(workspaces);
    }

    @Override
    public Head open(WorkspaceId workspace) {
        checkReads();
        return log.open(workspace);
    }

    @Override
    public Optional<WorkspaceId> ownerOf(String epoch) {
        return log.ownerOf(epoch);
    }

    @Override
    public void dropBefore(WorkspaceId workspace, long offset) {
        long kept = log.open(workspace).cursor().offset() - offset + 1;
        log.retain(workspace, new Retention(FOR_EVER, kept, 2));
    }

    @Override
    public void reset(WorkspaceId workspace) {
        log.reset(workspace);
    }

    @Override
    public void newEpoch(WorkspaceId workspace) {
        log.newEpoch(workspace);
    }

    @Override
    public void breakReads(boolean now) {
        broken.set(now);
    }

    @Override
    public void close() {
        log.close();
    }

    private void checkReads() {
        if (broken.get()) {
            throw new EventLogException("broken by the test");
        }
    }
}
