package io.heliograph.socketio;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A server and its clients without sockets. Nothing that was asked of a loop happens before {@link #run}, or before a client
 * sends or looks at what it received.
 */
final class Clients implements AutoCloseable {

    /** How sessions are spread over event loops. */
    enum Loops {
        ONE_FOR_ALL,
        ONE_FOR_EACH
    }

    private final SocketIoServer io;
    private final Optional<ManualLoop> loop;
    private final List<Peer> peers = new ArrayList<>();
    private final List<Socket> sockets = new ArrayList<>();

    Clients(Loops loops) {
        this(loops, builder -> {});
    }

    Clients(Loops loops, Consumer<SocketIoServer.Builder> choices) {
        this.loop = loops == Loops.ONE_FOR_ALL ? Optional.of(new ManualLoop()) : Optional.empty();
        SocketIoServer.Builder builder = SocketIoServer.builder().callbacks(Callbacks.LOOP);
        loop.ifPresent(shared -> builder.sessionLoops(shared.group()));
        choices.accept(builder);
        this.io = builder.build();
        io.of("/").onConnection(sockets::add);
    }

    /** A client of the main namespace, and the server's end of it. */
    record Connected(Peer peer, Socket socket) {

        List<String> received() {
            return peer.received();
        }

        String id() {
            return socket.id();
        }
    }

    SocketIoServer io() {
        return io;
    }

    Namespace main() {
        return io.of("/");
    }

    /** A client that has connected to the main namespace and has read the answer. */
    Connected connect() {
        Peer peer = peer();
        peer.send("0").received();
        return new Connected(peer, sockets.getLast());
    }

    List<Connected> connect(int count) {
        List<Connected> connected = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            connected.add(connect());
        }
        return connected;
    }

    /** A client that has not asked for any namespace yet. */
    Peer peer() {
        Peer peer = new Peer(io, loop);
        peers.add(peer);
        return peer;
    }

    /** Runs everything that was asked of the loops. */
    void run() {
        peers.forEach(Peer::runTasks);
    }

    @Override
    public void close() {
        peers.forEach(Peer::close);
    }
}
