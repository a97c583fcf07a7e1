package io.heliograph.examples;

import io.heliograph.engineio.CloseReason;
import io.heliograph.engineio.EngineIoServer;
import io.heliograph.engineio.EngineIoSettings;
import io.heliograph.engineio.HandshakeGate;
import io.heliograph.engineio.ListeningServer;
import io.heliograph.engineio.Message;
import io.heliograph.engineio.OriginPolicy;
import io.heliograph.engineio.Session;
import io.heliograph.engineio.SessionHandler;
import io.heliograph.engineio.SessionListener;
import io.heliograph.engineio.StickyCookie;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpServerCodec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Each part between {@code // example} and {@code // end} is a code block of the README; ReadmeIT compares and runs them. */
public final class Examples {

    private Examples() {}

    // example: echo
    record Echo(Session session) implements SessionHandler {
        @Override
        public void onText(byte[] utf8) {
            session.send(Message.text(utf8));
        }

        @Override
        public void onBinary(byte[] bytes) {
            session.send(Message.binary(bytes));
        }

        @Override
        public void onClose(CloseReason reason) {
            System.getLogger("echo").log(System.Logger.Level.DEBUG, reason.text());
        }
    }

    static ListeningServer listen(int port) {
        EngineIoServer engine = EngineIoServer.builder(Echo::new).build();
        return engine.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }
    // end

    public static ListeningServer echo(int port) {
        return listen(port);
    }

    public static ChannelInitializer<Channel> pipeline(EngineIoServer engine) {
        // example: pipeline
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new HttpServerCodec(), engine.newChannelHandler()); // then your handlers
            }
        };
        // end
    }

    public static EngineIoServer settings(SessionListener listener) {
        // example: settings
        EngineIoSettings settings = EngineIoSettings.builder()
                .path("/live/")
                .pingInterval(Duration.ofSeconds(10))
                .maxPayload(100_000) // larger: 413 on polling, 1009 on WebSocket
                .maxOutboundBytes(1 << 20) // a peer that is further behind is closed: "slow consumer"
                .origins(OriginPolicy.allow(Set.of("https://app.example.com")))
                .cookie(StickyCookie.standard())
                .build();
        EngineIoServer engine = EngineIoServer.builder(listener)
                .settings(settings)
                .gate(handshake -> CompletableFuture.completedFuture(
                        handshake.header("x-api-key").isPresent()
                                ? new HandshakeGate.Allowed()
                                : new HandshakeGate.Refused("x-api-key is missing")))
                .build();
        // end
        return engine;
    }
}
