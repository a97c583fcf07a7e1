package io.heliograph.socketio;

/** Decides whether an event reaches the listeners. Runs where {@link Callbacks} says. */
@FunctionalInterface
public interface PacketMiddleware {

    /** Decides by {@code next}, now or later, on any thread. A thrown exception rejects the event. */
    void handle(String event, Arguments arguments, Next next);
}
