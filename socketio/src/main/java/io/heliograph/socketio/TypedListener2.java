package io.heliograph.socketio;

/** Receives one kind of event, its first two arguments bound to types. Runs where {@link Callbacks} says. */
@FunctionalInterface
public interface TypedListener2<A, B> {

    /** A thrown exception is reported to the observer; the session goes on. */
    void onEvent(A first, B second, Ack ack);
}
