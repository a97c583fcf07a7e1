package io.heliograph.server.storage;

import io.heliograph.eventlog.Command;
import io.heliograph.eventlog.Event;
import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.Head;
import io.heliograph.eventlog.Query;
import io.heliograph.eventlog.WorkspaceId;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A log whose commands continue the caller's trace on any thread: one span from the call until the commit. A command
 * outside of a sampled trace is passed on unchanged. Safe from any thread.
 */
public record TracedLog(EventLog log, Tracer tracer) implements EventLog {

    @Override
    public <T> T write(WorkspaceId workspace, Command<T> command) {
        Span caller = tracer.currentSpan();
        if (caller == null || !Boolean.TRUE.equals(caller.context().sampled())) {
            return log.write(workspace, command);
        }
        Span span = tracer.spanBuilder()
                .setParent(caller.context())
                .name("append")
                .tag("heliograph.workspace", workspace.value())
                .start();
        try {
            return log.write(workspace, transaction -> {
                try (Tracer.SpanInScope _ = tracer.withSpan(span)) {
                    return command.run(transaction);
                }
            });
        } catch (RuntimeException failure) {
            span.error(failure);
            throw failure;
        } finally {
            span.end();
        }
    }

    @Override
    public <T> T read(WorkspaceId workspace, Query<T> query) {
        return log.read(workspace, query);
    }

    @Override
    public List<Event> after(WorkspaceId workspace, long offset, int limit) {
        return log.after(workspace, offset, limit);
    }

    @Override
    public Map<Long, Long> successors(WorkspaceId workspace, long first, long last) {
        return log.successors(workspace, first, last);
    }

    @Override
    public Map<WorkspaceId, Head> heads(Collection<WorkspaceId> workspaces) {
        return log.heads(workspaces);
    }

    @Override
    public Head open(WorkspaceId workspace) {
        return log.open(workspace);
    }

    @Override
    public Optional<WorkspaceId> ownerOf(String epoch) {
        return log.ownerOf(epoch);
    }
}
