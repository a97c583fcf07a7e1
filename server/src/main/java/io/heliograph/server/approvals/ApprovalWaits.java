package io.heliograph.server.approvals;

import io.heliograph.eventlog.Bus;
import io.heliograph.eventlog.WorkspaceId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The waiters for changes of approvals on this node. A waiter holds a small object and no thread. A hint wakes it, and
 * it reads the database again.
 *
 * <p>Safe from any thread.
 */
final class ApprovalWaits {
    private final Bus bus;
    // Each list is only accessed inside compute on its key.
    private final ConcurrentHashMap<Key, List<Wait>> waits = new ConcurrentHashMap<>();
    private final AtomicInteger waiters = new AtomicInteger();

    ApprovalWaits(Bus bus) {
        this.bus = bus;
    }

    private record Key(WorkspaceId workspace, String approvalId) {}

    /** One wait. The caller that opens it closes it; {@code changed} completes at most once. */
    final class Wait implements AutoCloseable {
        private final Key key;
        private final CompletableFuture<Boolean> changed = new CompletableFuture<>();

        private Wait(Key key) {
            this.key = key;
        }

        CompletableFuture<Boolean> changed() {
            return changed;
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
    Wait open(WorkspaceId workspace, String approvalId) {
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
    void changed(WorkspaceId workspace, String approvalId) {
        List<Wait> woken = new ArrayList<>();
        waits.computeIfPresent(new Key(workspace, approvalId), (_, list) -> {
            woken.addAll(list);
            return list;
        });
        // Outside the map's lock, because continuations may use the map again.
        for (Wait wait : woken) {
            wait.changed.complete(true);
        }
    }

    int waiters() {
        return waiters.get();
    }
}
