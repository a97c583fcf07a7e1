package io.heliograph.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

/** The handler in the pipeline of a Reactor Netty server, which reads on demand and has a life of its own. */
class ReactorNettyIT {

    @TestFactory
    Stream<DynamicTest> stockClientsConnectThroughReactorNetty() throws Exception {
        SocketIoServer io = TestApplication.create(Callbacks.LOOP);
        DisposableServer server = bind(io);
        try {
            return NodeSuite.run("stock-client", (InetSocketAddress) server.address());
        } finally {
            stop(io, server);
        }
    }

    @Test
    void otherRequestsReachReactorNettyOnTheSameConnection() throws Exception {
        SocketIoServer io = TestApplication.create(Callbacks.LOOP);
        DisposableServer server = bind(io);
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            for (int i = 0; i < 5; i++) {
                assertThat(get(client, server, "/rest/" + i)).isEqualTo("rest /rest/" + i);
                assertThat(get(client, server, "/socket.io/?EIO=4&transport=polling"))
                        .startsWith("0{\"sid\":\"");
            }
        } finally {
            stop(io, server);
        }
    }

    private static String get(HttpClient client, DisposableServer server, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static DisposableServer bind(SocketIoServer io) {
        return HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .doOnChannelInit((observer, channel, address) ->
                        channel.pipeline().addAfter(NettyPipeline.HttpCodec, "socketio", io.newChannelHandler()))
                .handle((request, response) -> response.sendString(Mono.just("rest " + request.uri())))
                .bindNow();
    }

    private static void stop(SocketIoServer io, DisposableServer server) {
        io.close(Duration.ofSeconds(2)).toCompletableFuture().join();
        server.disposeNow(Duration.ofSeconds(5));
    }
}
