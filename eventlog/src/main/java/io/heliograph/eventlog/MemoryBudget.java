package io.heliograph.eventlog;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of events all feeds of a node hold, and how many one of them may. Safe from any thread.
 *
 * <p>While the node is below its bound, each feed may fill its own. Above it, each has an equal share; a feed gives
 * back what it has above that at the end of its next step, which is at the latest the next check of heads.
 */
final class MemoryBudget {
    private final long perWorkspace;
    private final long perNode;
    private final AtomicLong used = new AtomicLong();
    private final AtomicInteger feeds = new AtomicInteger();

    MemoryBudget(long perWorkspace, long perNode) {
        this.perWorkspace = perWorkspace;
        this.perNode = perNode;
    }

    void opened() {
        feeds.incrementAndGet();
    }

    void closed() {
        feeds.decrementAndGet();
    }

    void add(long bytes) {
        used.addAndGet(bytes);
    }

    long used() {
        return used.get();
    }

    long allowance() {
        return used.get() <= perNode ? perWorkspace : Math.min(perWorkspace, perNode / Math.max(1, feeds.get()));
    }
}
