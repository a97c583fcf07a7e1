package io.heliograph.socketio;

/** Receives one kind of event, its first three arguments bound to types. Runs where {@link Callbacks} says. */
@FunctionalInterface
public interface TypedListener3<A, B, C> {

    /** A thrown exception is reported to the observer; the session goes on. */
    void onEvent(A first, B second, C third, Ack ack);
}
