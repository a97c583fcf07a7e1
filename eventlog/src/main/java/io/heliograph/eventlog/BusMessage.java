package io.heliograph.eventlog;

/** A message from one node to the others. Immutable. */
sealed interface BusMessage {

    record OfHint(Hint hint) implements BusMessage {}

    record OfSignal(Signal signal) implements BusMessage {}

    /** Messages of the sender were lost: the receiver compares its feeds with the log. */
    record Missed() implements BusMessage {}

    /**
     * A message and whom it is from.
     *
     * @param sender a random number that a node keeps for as long as it runs
     */
    record Received(long sender, BusMessage message) {}
}
