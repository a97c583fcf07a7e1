package io.heliograph.socketio;

import io.heliograph.engineio.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What is sent and done to a selection of one namespace's sockets, on this node and, unless it is local, on the others.
 *
 * <p>Threading: safe from any thread.
 */
final class NamespaceBroadcast {

    private final Namespace namespace;
    private final NamespaceRegistry registry;
    private final EventEncoder encoder;
    private final SocketIoServer server;

    NamespaceBroadcast(Namespace namespace, NamespaceRegistry registry, EventEncoder encoder) {
        this.namespace = namespace;
        this.registry = registry;
        this.encoder = encoder;
        this.server = namespace.server();
    }

    void emit(Selection selection, Flags flags, String event, List<?> arguments) {
        ReservedEvents.requireNotReserved(event);
        server.engine().awaitCapacity();
        server.observer().broadcast(namespace.name(), 1);
        remotely(flags, cluster -> cluster.emit(namespace, selection, flags, event, arguments));
        Recovery.Emission emission = new Recovery.Emission(
                namespace, event, arguments, List.copyOf(selection.rooms()), List.copyOf(selection.except()));
        encoder.dispatch(
                emission,
                flags,
                (all, messages) -> FanOut.send(registry, selection, socket -> {
                    socket.events().tellOutgoing(event, all);
                    socket.outbound().deliver(messages, flags.isVolatile());
                }));
    }

    CompletionStage<List<Arguments>> emitWithAck(Selection selection, Flags flags, String event, List<?> arguments) {
        ReservedEvents.requireNotReserved(event);
        if (flags.timeout().isEmpty()) {
            throw new IllegalStateException("set a timeout first: to(…).timeout(…).emitWithAck(…)");
        }
        server.engine().awaitCapacity();
        long ackId = encoder.nextAckId();
        List<Message> messages = encoder.encode(ackId, event, arguments, flags);
        List<CompletableFuture<Arguments>> answers = new ArrayList<>();
        for (Socket socket : registry.select(selection)) {
            AckFuture answer = new AckFuture();
            answers.add(answer);
            socket.outbound().sendWithAck(messages, ackId, answer, flags);
        }
        CompletionStage<List<Arguments>> here = CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(done -> answers.stream().map(CompletableFuture::join).toList());
        return withOthers(flags, here, cluster -> cluster.ask(namespace, selection, flags, event, arguments));
    }

    /** Sends what was encoded before, to the sockets of this node. */
    void send(Selection selection, Flags flags, List<Message> messages, int packets) {
        server.engine().awaitCapacity();
        server.observer().broadcast(namespace.name(), packets);
        FanOut.send(registry, selection, socket -> socket.outbound().deliver(messages, flags.isVolatile()));
    }

    CompletionStage<List<RemoteSocket>> fetch(Selection selection, Flags flags) {
        List<RemoteSocket> found = new ArrayList<>();
        for (Socket socket : registry.select(selection)) {
            found.add(new RemoteSocket(namespace, socket.id(), socket.rooms(), socket.data(Object.class)));
        }
        return withOthers(
                flags, CompletableFuture.completedFuture(found), cluster -> cluster.fetch(namespace, selection));
    }

    void join(Selection selection, Flags flags, List<String> names) {
        remotely(flags, cluster -> cluster.change("join", namespace, selection, names, false));
        registry.select(selection).forEach(socket -> socket.join(names));
    }

    void leave(Selection selection, Flags flags, List<String> names) {
        remotely(flags, cluster -> cluster.change("leave", namespace, selection, names, false));
        registry.select(selection).forEach(socket -> names.forEach(socket::leave));
    }

    void disconnect(Selection selection, Flags flags, boolean close) {
        remotely(flags, cluster -> cluster.change("disconnect", namespace, selection, List.of(), close));
        registry.select(selection).forEach(socket -> socket.disconnect(close));
    }

    private void remotely(Flags flags, Consumer<Cluster> call) {
        if (!flags.local()) {
            server.cluster().ifPresent(call);
        }
    }

    private <T> CompletionStage<List<T>> withOthers(
            Flags flags, CompletionStage<List<T>> here, Function<Cluster, CompletionStage<List<T>>> elsewhere) {
        if (flags.local() || server.cluster().isEmpty()) {
            return here;
        }
        return here.thenCombine(elsewhere.apply(server.cluster().get()), (ours, theirs) -> {
            List<T> all = new ArrayList<>(ours);
            all.addAll(theirs);
            return all;
        });
    }
}
