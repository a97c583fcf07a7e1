package io.heliograph.socketio;

/** Receives every event of a socket, before the listeners of that event. Runs where {@link Callbacks} says. */
@FunctionalInterface
public interface AnyListener {

    void onEvent(String event, Arguments arguments);
}
