package io.heliograph.socketio;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The listeners and middleware of one socket. Most sockets have few, so an empty list takes no memory.
 *
 * <p>Threading: immutable; a socket replaces it when a listener is added or removed.
 */
record Listeners(
        List<Named> events,
        List<AnyListener> any,
        List<AnyListener> anyOutgoing,
        List<PacketMiddleware> middleware,
        List<DisconnectListener> disconnect,
        List<ErrorListener> error,
        List<UnhandledEventListener> unhandled) {

    static final Listeners NONE =
            new Listeners(List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

    /** @param once whether it is removed before its first call */
    record Named(String event, SocketEventListener listener, boolean once) {}

    Listeners withEvent(Named added) {
        return new Listeners(plus(events, added), any, anyOutgoing, middleware, disconnect, error, unhandled);
    }

    Listeners withoutEvents(Predicate<Named> removed) {
        return new Listeners(
                events.stream().filter(removed.negate()).toList(),
                any,
                anyOutgoing,
                middleware,
                disconnect,
                error,
                unhandled);
    }

    Listeners withAny(AnyListener added) {
        return new Listeners(events, plus(any, added), anyOutgoing, middleware, disconnect, error, unhandled);
    }

    Listeners withoutAny(AnyListener removed) {
        return new Listeners(events, minus(any, removed), anyOutgoing, middleware, disconnect, error, unhandled);
    }

    Listeners withAnyOutgoing(AnyListener added) {
        return new Listeners(events, any, plus(anyOutgoing, added), middleware, disconnect, error, unhandled);
    }

    Listeners withoutAnyOutgoing(AnyListener removed) {
        return new Listeners(events, any, minus(anyOutgoing, removed), middleware, disconnect, error, unhandled);
    }

    Listeners withMiddleware(PacketMiddleware added) {
        return new Listeners(events, any, anyOutgoing, plus(middleware, added), disconnect, error, unhandled);
    }

    Listeners withDisconnect(DisconnectListener added) {
        return new Listeners(events, any, anyOutgoing, middleware, plus(disconnect, added), error, unhandled);
    }

    Listeners withError(ErrorListener added) {
        return new Listeners(events, any, anyOutgoing, middleware, disconnect, plus(error, added), unhandled);
    }

    Listeners withUnhandled(UnhandledEventListener added) {
        return new Listeners(events, any, anyOutgoing, middleware, disconnect, error, plus(unhandled, added));
    }

    /** The listeners of one event, in the order in which they were added. */
    List<Named> of(String event) {
        List<Named> found = new ArrayList<>(1);
        for (Named named : events) {
            if (named.event().equals(event)) {
                found.add(named);
            }
        }
        return found;
    }

    private static <T> List<T> plus(List<T> list, T added) {
        List<T> more = new ArrayList<>(list.size() + 1);
        more.addAll(list);
        more.add(added);
        return List.copyOf(more);
    }

    private static <T> List<T> minus(List<T> list, T removed) {
        return list.stream().filter(listener -> !listener.equals(removed)).toList();
    }
}
