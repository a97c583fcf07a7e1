package io.heliograph.eventlog;

/** Counts of a bus between nodes. Called on its threads and on senders' threads; must not block or throw. */
public interface BusMetrics {
    BusMetrics NONE = new BusMetrics() {};

    /** A hint or signal of this node was taken by the server of the bus. */
    default void published() {}

    /** A hint or signal of another node arrived. */
    default void received() {}

    /**
     * A hint or signal of this node did not get to the other nodes, or one of theirs could not be understood: the bus
     * was cut off, too much waited to be sent, or the other node's build is not of this one's kind.
     */
    default void dropped() {}
}
