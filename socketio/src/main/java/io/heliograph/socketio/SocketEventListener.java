package io.heliograph.socketio;

/** Receives one kind of event. Runs where {@link Callbacks} says. */
@FunctionalInterface
public interface SocketEventListener {

    /** A thrown exception is reported to the observer; the session goes on. */
    void onEvent(Arguments arguments, Ack ack);
}
