package io.heliograph.server.presence;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What was sent of one workspace, to the other nodes and to the sockets here, and when the next may be.
 *
 * <p>Owned by the thread that sends updates, but for {@link #atNanos}, which any thread reads.
 */
final class SentPresence {
    /** No two updates of a workspace are closer than this. */
    static final Duration INTERVAL = Duration.ofSeconds(1);
    /** The other nodes are told of all members this often, because they believe it for a limited time. */
    static final Duration REPEAT_TO_NODES = Duration.ofSeconds(9);
    /** The sockets are sent an unchanged state this often, because one that was not writable has missed it. */
    static final Duration REPEAT_TO_SOCKETS = Duration.ofSeconds(30);

    /** Bytes a second that updates of one workspace may take on a node; larger ones are sent less often. */
    private static final long BYTES_PER_SECOND = 4 << 20;

    private static final int BYTES_PER_MEMBER = 120;

    private volatile long atNanos = Long.MIN_VALUE;
    private long toNodesNanos = Long.MIN_VALUE;
    private long toSocketsNanos = Long.MIN_VALUE;
    private long intervalNanos = INTERVAL.toNanos();
    private Map<String, PresentMember> toNodes = Map.of();
    private List<PresentMember> toSockets = List.of();

    /** What the other nodes do not know. */
    record News(Collection<PresentMember> members, Collection<String> gone) {}

    /** When the last update was made; {@link Long#MIN_VALUE} before the first. */
    long atNanos() {
        return atNanos;
    }

    /** An update is being made. */
    void begin(long nowNanos) {
        atNanos = nowNanos;
    }

    /** What the other nodes have to be told, now that these members are here; notes that they were. */
    News tellNodes(Map<String, PresentMember> here, boolean all, long nowNanos) {
        boolean repeat = all || isDue(toNodesNanos, REPEAT_TO_NODES.toNanos(), nowNanos);
        Collection<PresentMember> members = here.values().stream()
                .filter(member -> repeat || !member.equals(toNodes.get(member.id())))
                .toList();
        Collection<String> gone = new ArrayList<>(toNodes.keySet());
        gone.removeAll(here.keySet());
        if (repeat) {
            toNodesNanos = nowNanos;
        }
        toNodes = here;
        return new News(members, gone);
    }

    /** Whether the sockets do not have this state, or have had it for long. */
    boolean isNews(List<PresentMember> members, long nowNanos) {
        return !members.equals(toSockets) || isDue(toSocketsNanos, REPEAT_TO_SOCKETS.toNanos(), nowNanos);
    }

    /** Nanoseconds until the next state may be sent to all sockets; 0 when it may be now. */
    long waitNanos(long nowNanos) {
        return isDue(toSocketsNanos, intervalNanos, nowNanos) ? 0 : toSocketsNanos + intervalNanos - nowNanos;
    }

    /** The state was sent to so many sockets. */
    void toSockets(List<PresentMember> members, int shown, int sockets, long nowNanos) {
        toSockets = members;
        toSocketsNanos = nowNanos;
        long bytes = (long) shown * BYTES_PER_MEMBER * sockets;
        intervalNanos =
                Math.max(INTERVAL.toNanos(), bytes * Duration.ofSeconds(1).toNanos() / BYTES_PER_SECOND);
    }

    private static boolean isDue(long lastNanos, long intervalNanos, long nowNanos) {
        return lastNanos == Long.MIN_VALUE || nowNanos - lastNanos >= intervalNanos;
    }
}
