package io.heliograph.socketio;

import static java.util.Objects.requireNonNull;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;

/**
 * The namespaces of one server by name, and the dynamic ones that make more when a client asks.
 *
 * <p>Threading: safe from any thread; one lock per name, under which clients enter and empty namespaces are removed.
 */
final class NamespaceTable {

    private final SocketIoServer server;
    private final boolean removeEmpty;
    private final Map<String, Namespace> namespaces = new ConcurrentHashMap<>();
    private final List<DynamicNamespace> dynamic = new CopyOnWriteArrayList<>();

    NamespaceTable(SocketIoServer server, boolean removeEmpty) {
        this.server = server;
        this.removeEmpty = removeEmpty;
    }

    /** The namespace of that name, made when it does not exist. */
    Namespace of(String name) {
        return namespaces.computeIfAbsent(name, key -> new Namespace(server, key, () -> {}));
    }

    DynamicNamespace of(DynamicNamespace.Matcher matcher) {
        DynamicNamespace added = new DynamicNamespace(matcher);
        dynamic.add(added);
        return added;
    }

    Map<String, Namespace> all() {
        return Map.copyOf(namespaces);
    }

    Optional<Namespace> find(String name) {
        return Optional.ofNullable(namespaces.get(name));
    }

    /** The namespace that a client asks for, entered, so that it stays until the client leaves. */
    Optional<Namespace> enter(String name) {
        return Optional.ofNullable(namespaces.computeIfPresent(name, (key, namespace) -> {
            namespace.registry().enter();
            return namespace;
        }));
    }

    /** As {@link #enter}, for a namespace that may have to be made by one of the dynamic ones. */
    CompletionStage<Optional<Namespace>> enterChild(String name, JsonNode auth) {
        return enterChild(name, auth, dynamic.iterator());
    }

    private CompletionStage<Optional<Namespace>> enterChild(
            String name, JsonNode auth, Iterator<DynamicNamespace> candidates) {
        if (!candidates.hasNext()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        DynamicNamespace candidate = candidates.next();
        return matches(candidate, name, auth)
                .thenCompose(matches -> matches
                        ? CompletableFuture.completedFuture(Optional.of(adopt(name, candidate)))
                        : enterChild(name, auth, candidates));
    }

    private static CompletionStage<Boolean> matches(DynamicNamespace candidate, String name, JsonNode auth) {
        try {
            return candidate.matcher().matches(name, auth);
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Another client may have caused the child to be made in the meantime. */
    private Namespace adopt(String name, DynamicNamespace parent) {
        return requireNonNull(namespaces.compute(name, (key, present) -> {
            Namespace child = present == null ? makeChild(key, parent) : present;
            child.registry().enter();
            return child;
        }));
    }

    private Namespace makeChild(String name, DynamicNamespace parent) {
        Namespace child = new Namespace(server, name, () -> childEmptied(name, parent));
        parent.adopt(child);
        return child;
    }

    /** Under the name's lock, so that a client that connects at the same time finds the child or makes a new one. */
    private void childEmptied(String name, DynamicNamespace parent) {
        if (removeEmpty) {
            namespaces.computeIfPresent(name, (key, child) -> {
                if (!child.registry().empty()) {
                    return child;
                }
                parent.removed(child);
                return null;
            });
        }
    }
}
