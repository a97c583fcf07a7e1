package io.heliograph.socketio;

/** Receives every event of a socket, before the listeners of that event. Runs where {@link Callbacks} says. */
@FunctionalInterface
public interface AnyListener {

    /** A thrown exception is reported to the observer; the listeners of the event are called nevertheless. */
    void onEvent(String event, Arguments arguments);
}
