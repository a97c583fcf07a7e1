package io.heliograph.socketio;

/** Receives one kind of event, its first argument bound to a type. Runs where {@link Callbacks} says. */
@FunctionalInterface
public interface TypedListener<T> {

    /** A thrown exception is reported to the observer; the session goes on. */
    void onEvent(T payload, Ack ack);
}
