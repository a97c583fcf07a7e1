package io.heliograph.socketio;

import io.heliograph.engineio.CloseReason;
import io.heliograph.engineio.Session;
import io.heliograph.engineio.SessionHandler;
import io.heliograph.engineio.SessionLoop;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One session's sockets: routes packets to them, and connects new ones.
 *
 * <p>Threading: owned by the session's loop, but for {@link #admitted} and {@link #rejected}, which any thread may call.
 * Source: socket.io-protocol v5, "Connection to a namespace"; Node's {@code Client}.
 */
final class Client implements SessionHandler {

    private final SocketIoServer server;
    private final Session session;
    private final PacketDecoder decoder;
    private final CallbackRunner callbacks;
    // By namespace, connecting or connected. Immutable maps: the usual one, with one entry, is the smallest there is.
    private Map<String, Socket> sockets = Map.of();
    // Namespaces that the server has disconnected: the client may have sent packets before it knew.
    private Set<String> disconnectedByServer = Set.of();
    // Cancelling it is harmless when it has run.
    private final SessionLoop.Timeout connectTimeout;
    // CONNECT packets that a dynamic namespace has not decided yet.
    private int undecided;
    private boolean closing;
    private boolean hadSocket;

    Client(SocketIoServer server, Session session) {
        this.server = server;
        this.session = session;
        this.decoder = server.parser().newDecoder();
        this.callbacks = server.callbacks().runner(session);
        this.connectTimeout = session.loop().schedule(server.connectTimeout(), this::connectTimedOut);
    }

    Session session() {
        return session;
    }

    SessionLoop loop() {
        return session.loop();
    }

    SocketIoServer server() {
        return server;
    }

    CallbackRunner callbacks() {
        return callbacks;
    }

    @Override
    public void onText(byte[] utf8) {
        if (!closing) {
            handle(decoder.text(utf8));
        }
    }

    @Override
    public void onBinary(byte[] bytes) {
        if (!closing) {
            handle(decoder.binary(bytes));
        }
    }

    @Override
    public void onClose(CloseReason reason) {
        boolean byUs = reason == CloseReason.FORCED_CLOSE && closing;
        closing = true;
        connectTimeout.cancel();
        DisconnectReason why = byUs ? DisconnectReason.FORCED_SERVER_CLOSE : DisconnectReason.of(reason);
        List<Socket> left = List.copyOf(sockets.values());
        sockets = Map.of();
        left.forEach(socket -> socket.lifecycle().leave(why));
    }

    /** All middleware has accepted the socket. */
    void admitted(Socket socket) {
        loop().execute(() -> {
            if (isCurrent(socket)) {
                recover(socket);
            }
        });
    }

    /** A middleware has rejected the socket. */
    void rejected(Socket socket, ConnectError error) {
        loop().execute(() -> {
            if (isCurrent(socket)) {
                drop(socket);
                socket.lifecycle().abandon();
                reject(socket.namespace().name(), error);
            }
        });
    }

    /** A socket that was connected has left its namespace; the session goes on. */
    void left(Socket socket, DisconnectReason reason) {
        drop(socket);
        if (reason == DisconnectReason.SERVER_NAMESPACE_DISCONNECT) {
            disconnectedByServer = with(disconnectedByServer, socket.namespace().name());
        }
    }

    /** Disconnects every socket and ends the session. */
    void disconnect() {
        for (Socket socket : List.copyOf(sockets.values())) {
            socket.lifecycle().disconnect();
        }
        close();
    }

    /**
     * Runs application code, which must not end the loop's work. What it throws is reported; after an {@link Error}, which
     * may have left anything half done, the session is closed.
     */
    void guarded(String namespace, String callback, Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | AssertionError e) {
            server.observer().callbackFailed(namespace, callback, e);
        } catch (Error e) {
            server.observer().callbackFailed(namespace, callback, e);
            session.close(CloseReason.TRANSPORT_ERROR);
        }
    }

    private void handle(Decoded decoded) {
        switch (decoded) {
            case Decoded.Incomplete ignored -> {}
            case Decoded.Malformed malformed -> {
                closing = true;
                server.observer().malformedPacket(malformed.reason());
                session.close(CloseReason.PARSE_ERROR);
            }
            case Decoded.Complete complete -> receive(complete.packet());
        }
    }

    private void receive(Packet packet) {
        Socket socket = sockets.get(packet.namespace());
        if (packet instanceof Packet.Connect connect && socket == null) {
            connect(connect);
        } else if (socket != null && socket.connected()) {
            switch (packet) {
                case Packet.Event event -> socket.events().receive(event);
                case Packet.Ack ack -> socket.outbound().receive(ack);
                case Packet.Disconnect ignored ->
                    socket.lifecycle().leave(DisconnectReason.CLIENT_NAMESPACE_DISCONNECT);
                case Packet.Connect ignored -> close();
                case Packet.ConnectError ignored -> close();
            }
        } else if (socket != null) {
            // A client that calls connect() twice in a row sends CONNECT twice; the first one is being answered.
            if (!(packet instanceof Packet.Connect)) {
                close();
            }
        } else if (!disconnectedByServer.contains(packet.namespace())) {
            close();
        }
    }

    /** Ends a session whose client sent a packet that is invalid in its state. */
    private void close() {
        closing = true;
        session.close(CloseReason.FORCED_CLOSE);
    }

    private void connect(Packet.Connect connect) {
        disconnectedByServer = without(disconnectedByServer, connect.namespace());
        if (sockets.size() + undecided >= server.maxNamespaces()) {
            ConnectError error = ConnectError.of("Too many namespaces (maxNamespaces)");
            loop().execute(() -> reject(connect.namespace(), error));
            return;
        }
        Optional<Namespace> known = server.namespaceTable().enter(connect.namespace());
        if (known.isPresent()) {
            connect(known.get(), connect.auth());
        } else {
            undecided++;
            callbacks.run(() -> server.namespaceTable()
                    .enterChild(connect.namespace(), connect.auth())
                    .exceptionally(failure -> {
                        server.observer().callbackFailed(connect.namespace(), "the namespace's matcher", failure);
                        return Optional.empty();
                    })
                    .thenAccept(child -> loop().execute(() -> childResolved(connect, child))));
        }
    }

    private void childResolved(Packet.Connect connect, Optional<Namespace> child) {
        undecided--;
        boolean wanted = session.open() && !sockets.containsKey(connect.namespace());
        if (child.isPresent()) {
            if (wanted) {
                connect(child.get(), connect.auth());
            } else {
                child.get().registry().exit();
            }
        } else if (wanted) {
            reject(connect.namespace(), ConnectError.of("Invalid namespace"));
        }
    }

    /** The namespace was entered already. */
    private void connect(Namespace namespace, JsonNode auth) {
        Socket socket = new Socket(this, namespace, auth, server.newId(), !hadSocket);
        hadSocket = true;
        Map<String, Socket> more = new HashMap<>(sockets);
        more.put(namespace.name(), socket);
        sockets = Map.copyOf(more);
        MiddlewareRun.start(socket);
    }

    private void recover(Socket socket) {
        Optional<Recovery> recovery = server.recovery();
        if (recovery.isEmpty()) {
            finish(socket, Recovery.fresh());
            return;
        }
        decide(recovery.get(), socket)
                .whenComplete((outcome, failure) -> loop().execute(() -> recovered(socket, outcome, failure)));
    }

    private static CompletionStage<Recovery.Outcome> decide(Recovery recovery, Socket socket) {
        try {
            return recovery.recover(new Recovery.Request(socket, claim(socket.auth())));
        } catch (RuntimeException | Error failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    private void recovered(Socket socket, Recovery.@Nullable Outcome outcome, @Nullable Throwable failure) {
        if (!isCurrent(socket)) {
            return;
        }
        if (outcome == null) {
            Throwable cause = failure == null ? new NullPointerException("recovery completed with null") : failure;
            server.observer().callbackFailed(socket.namespace().name(), "recovery", cause);
            drop(socket);
            socket.lifecycle().abandon();
            reject(socket.namespace().name(), ConnectError.of("Internal error"));
        } else {
            finish(socket, outcome);
        }
    }

    private void finish(Socket socket, Recovery.Outcome outcome) {
        connectTimeout.cancel();
        socket.lifecycle().connect(outcome);
    }

    private void reject(String namespace, ConnectError error) {
        server.observer().connectRejected(namespace);
        session.deliver(server.parser().connectError(namespace, error));
    }

    private boolean isCurrent(Socket socket) {
        return session.open() && sockets.get(socket.namespace().name()) == socket;
    }

    private void drop(Socket socket) {
        if (sockets.get(socket.namespace().name()) == socket) {
            Map<String, Socket> fewer = new HashMap<>(sockets);
            fewer.remove(socket.namespace().name());
            sockets = Map.copyOf(fewer);
        }
    }

    private void connectTimedOut() {
        if (sockets.values().stream().noneMatch(Socket::connected)) {
            close();
        }
    }

    /** The offset is what the client kept of the events' last arguments; without one there is nothing to recover from. */
    private static Optional<Recovery.Claim> claim(JsonNode auth) {
        JsonNode pid = auth.path("pid");
        JsonNode offset = auth.path("offset");
        return pid.isString() && offset.isString()
                ? Optional.of(new Recovery.Claim(pid.stringValue(), offset.stringValue()))
                : Optional.empty();
    }

    private static Set<String> with(Set<String> names, String name) {
        Set<String> more = new HashSet<>(names);
        more.add(name);
        return Set.copyOf(more);
    }

    private static Set<String> without(Set<String> names, String name) {
        if (!names.contains(name)) {
            return names;
        }
        Set<String> fewer = new HashSet<>(names);
        fewer.remove(name);
        return Set.copyOf(fewer);
    }
}
