package io.heliograph.socketio;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * One socket's listeners, and the way of an event from the client to them: middleware, listeners of any event, listeners of
 * this event.
 *
 * <p>Threading: {@link #change} and {@link #tellOutgoing} are safe from any thread. {@link #receive} belongs to the session's
 * loop; middleware and listeners run where {@link Callbacks} says.
 */
final class SocketEvents implements PacketMiddlewareRun.Target {

    private final Client client;
    private final Namespace namespace;
    private final SocketState state;
    private final SocketOutbound outbound;

    // Guarded by this when replaced.
    private volatile Listeners listeners = Listeners.NONE;

    SocketEvents(Client client, Namespace namespace, SocketState state, SocketOutbound outbound) {
        this.client = client;
        this.namespace = namespace;
        this.state = state;
        this.outbound = outbound;
    }

    void change(UnaryOperator<Listeners> change) {
        synchronized (this) {
            listeners = change.apply(listeners);
        }
    }

    void receive(Packet.Event event) {
        client.callbacks().run(() -> PacketMiddlewareRun.start(this, event, listeners.middleware()));
    }

    @Override
    public void accepted(Packet.Event event) {
        if (!state.connected()) {
            return;
        }
        long began = System.nanoTime();
        Ack ack = outbound.newAck(event.ackId());
        for (AnyListener listener : listeners.any()) {
            guarded("a listener of any event", () -> listener.onEvent(event.name(), event.arguments()));
        }
        List<Listeners.Named> named = listeners.of(event.name());
        if (named.isEmpty()) {
            for (UnhandledEventListener listener : listeners.unhandled()) {
                guarded("a listener of unhandled events", () -> listener.onEvent(event.name(), event.arguments(), ack));
            }
        }
        for (Listeners.Named one : named) {
            if (one.once()) {
                change(present -> present.withoutEvents(one::equals));
            }
            guarded("a listener", () -> call(one.listener(), event.arguments(), ack));
        }
        namespace.server().observer().eventHandled(namespace.name(), event.name(), System.nanoTime() - began);
    }

    @Override
    public void rejected(ConnectError error) {
        listeners.error().forEach(listener -> guarded("an error listener", () -> listener.onError(error)));
    }

    @Override
    public void failed(Throwable failure) {
        namespace.server().observer().callbackFailed(namespace.name(), "a packet's middleware", failure);
    }

    @Override
    public void run(Runnable callback) {
        client.callbacks().run(callback);
    }

    /** Tells those who listen to what goes out; on the emitting thread or the loop. */
    void tellOutgoing(String event, List<?> arguments) {
        List<AnyListener> outgoing = listeners.anyOutgoing();
        if (!outgoing.isEmpty()) {
            Arguments view = namespace.encoder().view(arguments);
            outgoing.forEach(listener -> guarded("an outgoing listener", () -> listener.onEvent(event, view)));
        }
    }

    /** The socket has left; listeners are told after everything that it had sent. */
    void closed(DisconnectReason reason, List<String> rooms) {
        for (DisconnectListener listener : listeners.disconnect()) {
            run(() -> guarded("a disconnect listener", () -> listener.onDisconnect(reason, rooms)));
        }
    }

    private void guarded(String callback, Runnable call) {
        client.guarded(namespace.name(), callback, call);
    }

    private static void call(SocketEventListener listener, Arguments arguments, Ack ack) {
        try {
            listener.onEvent(arguments, ack);
        } catch (ArgumentMismatchException e) {
            ack.send(Map.of("error", Map.of("code", "invalid_payload", "message", String.valueOf(e.getMessage()))));
        }
    }
}
