package io.heliograph.socketio;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The listeners of what other servers of the cluster tell this one. Safe from any thread. */
final class ServerSideEvents {

    private final String namespace;
    private final SocketIoObserver observer;
    private final Map<String, List<SocketEventListener>> listeners = new ConcurrentHashMap<>();

    ServerSideEvents(String namespace, SocketIoObserver observer) {
        this.namespace = namespace;
        this.observer = observer;
    }

    void add(String event, SocketEventListener listener) {
        listeners.computeIfAbsent(event, key -> new CopyOnWriteArrayList<>()).add(listener);
    }

    /** Another node has emitted an event to the servers. On the adapter's thread. */
    void receive(String event, Arguments arguments, Ack ack) {
        for (SocketEventListener listener : listeners.getOrDefault(event, List.of())) {
            try {
                listener.onEvent(arguments, ack);
            } catch (RuntimeException | Error e) {
                observer.callbackFailed(namespace, "a server-side listener", e);
            }
        }
    }
}
