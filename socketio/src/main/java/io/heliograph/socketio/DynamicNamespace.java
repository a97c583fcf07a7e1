package io.heliograph.socketio;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;

/**
 * Namespaces that are created when the first client asks for them, all with the same middleware and listeners. A child is
 * removed with its last socket if {@link SocketIoServer.Builder#cleanUpEmptyNamespaces} is set.
 *
 * <p>Threading: safe from any thread. Source: Node's {@code ParentNamespace}.
 */
public final class DynamicNamespace {

    private final Matcher matcher;
    private final List<Middleware> middleware = new CopyOnWriteArrayList<>();
    private final List<ConnectionListener> connectionListeners = new CopyOnWriteArrayList<>();
    private final Set<Namespace> children = ConcurrentHashMap.newKeySet();

    DynamicNamespace(Matcher matcher) {
        this.matcher = matcher;
    }

    /** Decides whether a namespace of that name may be created. The stage may be completed by any thread. */
    @FunctionalInterface
    public interface Matcher {
        /** Decides by the name and by what the client sent along with CONNECT; a stage that fails rejects the client. */
        CompletionStage<Boolean> matches(String name, JsonNode auth);
    }

    /** Adds a check for the children that are created from now on. */
    public DynamicNamespace use(Middleware added) {
        middleware.add(added);
        return this;
    }

    /** Is called with the sockets of the children that are created from now on. */
    public DynamicNamespace onConnection(ConnectionListener listener) {
        connectionListeners.add(listener);
        return this;
    }

    /** Sends an event to everyone in every child. */
    public void emit(String event, Object... arguments) {
        children.forEach(child -> child.emit(event, arguments));
    }

    /** The children that exist now. */
    public Set<Namespace> children() {
        return Set.copyOf(children);
    }

    Matcher matcher() {
        return matcher;
    }

    void adopt(Namespace child) {
        middleware.forEach(child::use);
        connectionListeners.forEach(child::onConnection);
        children.add(child);
    }

    void removed(Namespace child) {
        children.remove(child);
    }
}
