package io.heliograph.socketio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.heliograph.engineio.EngineIoSettings;
import io.heliograph.engineio.ListeningServer;
import io.heliograph.examples.Examples;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** The README's examples: its code blocks are the source that is compiled here, and stock clients show that they work. */
class ReadmeIT {

    private static final Pattern IN_README =
            Pattern.compile("<!-- example: ([\\w-]+) -->\\s+```java\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern IN_SOURCE =
            Pattern.compile("^ *// example: ([\\w-]+)\\n(.*?)^ *// end\\n", Pattern.DOTALL | Pattern.MULTILINE);

    @Test
    void theCodeBlocksAreTheTestedSource() throws IOException {
        Map<String, String> inReadme = blocks(Path.of("README.md"), IN_README);
        Map<String, String> inSource = blocks(Path.of("src/test/java/io/heliograph/examples/Examples.java"), IN_SOURCE);

        assertThat(inReadme).hasSizeGreaterThanOrEqualTo(10).containsExactlyInAnyOrderEntriesOf(inSource);
    }

    @Test
    void everyCodeBlockOfJavaIsAnExample() throws IOException {
        String readme = Files.readString(Path.of("README.md"));

        assertThat(readme.split("```java", -1))
                .hasSize(1 + blocks(Path.of("README.md"), IN_README).size());
    }

    @TestFactory
    Stream<DynamicTest> theyWorkWithStockClients() throws Exception {
        EngineIoSettings settings = TestApplication.settings().build();
        SocketIoServer io = SocketIoServer.builder().engine(settings).build();
        Examples.rooms(io);
        Examples.middleware(io);
        Examples.acks(io);
        Examples.records(io);
        SocketIoServer going = SocketIoServer.builder().engine(settings).build();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        ListeningServer closing = going.bind(ProtocolSuiteIT.loopback());
        going.of("/")
                .onConnection(socket -> socket.on(
                        "close", (arguments, ack) -> Thread.startVirtualThread(() -> Examples.close(going, closing))));
        try (ListeningServer main = io.bind(ProtocolSuiteIT.loopback());
                ListeningServer standAlone = Examples.standAlone(0);
                ListeningServer dynamic = Examples.dynamic(settings).bind(ProtocolSuiteIT.loopback());
                ListeningServer recovery = Examples.recovery(settings).bind(ProtocolSuiteIT.loopback());
                ListeningServer packed = Examples.messagePack(settings).bind(ProtocolSuiteIT.loopback());
                ListeningServer virtual = Examples.settings().bind(ProtocolSuiteIT.loopback());
                ListeningServer one = Examples.clusterNode(settings, "one").bind(ProtocolSuiteIT.loopback());
                ListeningServer two = Examples.clusterNode(settings, "two").bind(ProtocolSuiteIT.loopback())) {
            Channel pipeline = Examples.pipeline(io, group, new Yours(), 0);
            Map<String, String> environment = new LinkedHashMap<>();
            environment.put("STAND_ALONE_URL", url(standAlone.address()));
            environment.put("PIPELINE_URL", url((InetSocketAddress) pipeline.localAddress()));
            environment.put("DYNAMIC_URL", url(dynamic.address()));
            environment.put("RECOVERY_URL", url(recovery.address()));
            environment.put("PACKED_URL", url(packed.address()));
            environment.put("VIRTUAL_URL", url(virtual.address()));
            environment.put("CLOSING_URL", url(closing.address()));
            environment.put("ONE_URL", url(one.address()));
            environment.put("TWO_URL", url(two.address()));
            Stream<DynamicTest> results = NodeSuite.run("examples", main.address(), environment);
            pipeline.close().syncUninterruptibly();
            return results;
        } finally {
            closing.close(Duration.ofSeconds(1));
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    /** Settings that no client of the network is needed for. */
    @Test
    void theyWorkWithoutAConnection() {
        JsonMapper mapper = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .build();
        record Line(String orderId) {}
        assertAnswer(Examples.json(mapper), new Line("o1"), "31[{\"order_id\":\"o1\"}]");
        SocketIoServer gson = SocketIoServer.builder()
                .parser(Parser.json(ParserLimits.defaults().with(Examples.gson())))
                .build();
        assertAnswer(gson, new Line("o1"), "31[{\"orderId\":\"o1\"}]");
        for (SocketIoServer io : Examples.callbacks(Runnable::run)) {
            assertAnswer(io, "now", "31[\"now\"]");
        }
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        assertAnswer(Examples.metrics(registry), 1, "31[1]");
        assertThat(registry.get("socketio.connects")
                        .tag("recovered", "false")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
    }

    private static void assertAnswer(SocketIoServer io, Object answer, String packet) {
        io.onConnection(socket -> socket.on("ask", (arguments, ack) -> ack.send(answer)));
        List<String> received = new ArrayList<>();
        try (Peer peer = new Peer(io)) {
            peer.send("0");
            await().until(() -> !peer.received().isEmpty());
            peer.send("21[\"ask\"]");
            await().until(() -> received.addAll(peer.received()));
        }
        assertThat(received).containsExactly(packet);
    }

    private static String url(InetSocketAddress address) {
        return "http://127.0.0.1:" + address.getPort();
    }

    /** Each example's code by name, without the indentation that it has in its file. */
    private static Map<String, String> blocks(Path file, Pattern pattern) throws IOException {
        Map<String, String> blocks = new LinkedHashMap<>();
        Matcher matcher = pattern.matcher(Files.readString(file));
        while (matcher.find()) {
            blocks.put(matcher.group(1), matcher.group(2).stripTrailing().stripIndent());
        }
        return blocks;
    }

    /** Stands for the application that has the pipeline. */
    @ChannelHandler.Sharable
    private static final class Yours extends SimpleChannelInboundHandler<HttpObject> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
            if (message instanceof LastHttpContent) {
                byte[] body = "yours".getBytes(UTF_8);
                var response = new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.wrappedBuffer(body));
                response.headers().setInt("content-length", body.length);
                var _ = context.writeAndFlush(response);
            }
        }
    }
}
