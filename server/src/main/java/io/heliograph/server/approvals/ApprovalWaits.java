package io.heliograph.server.approvals;

import io.heliograph.eventlog.Bus;
import io.heliograph.eventlog.WorkspaceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * The waiters for changes of approvals on this node. A waiter holds a small object and no thread. A hint wakes it, and
 * it reads the database again.
 *
 * <p>Safe from any thread.
 */
final class ApprovalWaits {
    /** The version of an approval that is no longer in the database. */
    static final long REMOVED = 0;

    private static final long NOT_READ = -1;

    private final Bus bus;
    // Each list is only accessed inside compute on its key.
    private final ConcurrentHashMap<Key, List<Wait>> waits = new ConcurrentHashMap<>();
    private final AtomicInteger waiters = new AtomicInteger();

    ApprovalWaits(Bus bus) {
        this.bus = bus;
    }

    private record Key(WorkspaceId workspace, ApprovalId approvalId) {}

    /** One wait. The caller that opens it closes it; {@code changed} completes at most once. */
    final class Wait implements AutoCloseable {
        private final Key key;
        private final CompletableFuture<Boolean> changed = new CompletableFuture<>();
        private volatile long readVersion = NOT_READ;

        private Wait(Key key) {
            this.key = key;
        }

        CompletableFuture<Boolean> changed() {
            return changed;
        }

        /** The waiter has read the approval in this version, and waits for another. */
        void read(long version) {
            readVersion = version;
        }

        @Override
        public void close() {
            waits.computeIfPresent(key, (_, list) -> {
                if (list.remove(this)) {
                    waiters.decrementAndGet();
                    bus.unfollow(key.workspace);
                }
                return list.isEmpty() ? null : list;
            });
        }
    }

    /** Begins to wait; changes from now on are noticed. */
    Wait open(WorkspaceId workspace, ApprovalId approvalId) {
        waiters.incrementAndGet();
        // Hints of other nodes arrive only for workspaces that this node follows, and without sockets nothing else
        // follows this one.
        bus.follow(workspace);
        Key key = new Key(workspace, approvalId);
        Wait wait = new Wait(key);
        waits.compute(key, (_, list) -> {
            List<Wait> grown = list == null ? new ArrayList<>(1) : list;
            grown.add(wait);
            return grown;
        });
        return wait;
    }

    /** Wakes the waiters for this approval. Called after the change was committed; never blocks. */
    void changed(WorkspaceId workspace, ApprovalId approvalId) {
        wake(workspace, approvalId, _ -> true);
    }

    private void wake(WorkspaceId workspace, ApprovalId approvalId, Predicate<Wait> which) {
        List<Wait> woken = new ArrayList<>();
        waits.computeIfPresent(new Key(workspace, approvalId), (_, list) -> {
            list.stream().filter(which).forEach(woken::add);
            return list;
        });
        // Outside the map's lock, because continuations may use the map again.
        for (Wait wait : woken) {
            wait.changed.complete(true);
        }
    }

    /** The ids of the approvals that callers wait for, by workspace. */
    Map<WorkspaceId, List<ApprovalId>> awaited() {
        Map<WorkspaceId, List<ApprovalId>> awaited = new HashMap<>();
        for (Key key : waits.keySet()) {
            awaited.computeIfAbsent(key.workspace, _ -> new ArrayList<>()).add(key.approvalId);
        }
        return awaited;
    }

    /**
     * Wakes the waiters that have read another version of the approval than this one.
     *
     * @param version the version in the database, or {@link #REMOVED}
     */
    void isAt(WorkspaceId workspace, ApprovalId approvalId, long version) {
        wake(workspace, approvalId, wait -> wait.readVersion != NOT_READ && wait.readVersion != version);
    }

    int waiters() {
        return waiters.get();
    }
}
