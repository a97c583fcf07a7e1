package io.heliograph.bench;

import io.heliograph.engineio.ListeningServer;
import io.heliograph.socketio.Ack;
import io.heliograph.socketio.Arguments;
import io.heliograph.socketio.Callbacks;
import io.heliograph.socketio.Namespace;
import io.heliograph.socketio.SocketEventListener;
import io.heliograph.socketio.SocketIoServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/** Our server as a {@link Peer}, with its defaults but for callbacks on the event loop, and nothing but the public interface. */
final class BenchServer {
    private BenchServer() {}

    public static void main(String[] arguments) throws IOException {
        SocketIoServer server =
                SocketIoServer.builder().callbacks(Callbacks.LOOP).build();
        Namespace main = server.of("/");
        SocketEventListener publish =
                (Arguments published, Ack ack) -> main.to("room").emit("tick", published.get(0, String.class));
        main.onConnection(socket -> {
            socket.join("room");
            socket.on("publish", publish);
        });
        try (ListeningServer listening = server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            PeerControl.serve(listening.address().getPort());
            listening.close(Duration.ofMillis(100));
        }
    }
}
