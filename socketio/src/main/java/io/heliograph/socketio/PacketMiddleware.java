package io.heliograph.socketio;

/** Decides whether an event reaches the listeners. Runs where {@link Callbacks} says. */
@FunctionalInterface
public interface PacketMiddleware {

    void handle(String event, Arguments arguments, Next next);
}
