package io.heliograph.socketio;

/**
 * Receives the events of a socket that have no listener of their own. The stock server never acknowledges such an event;
 * here the application may, with an error. Runs where {@link Callbacks} says.
 */
@FunctionalInterface
public interface UnhandledEventListener {

    /** A thrown exception is reported to the observer; the session goes on. */
    void onEvent(String event, Arguments arguments, Ack ack);
}
