package io.heliograph.engineio;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.examples.Examples;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The README's examples: its code blocks are the source that is compiled and run here. */
class ReadmeIT {

    private static final Pattern IN_README =
            Pattern.compile("<!-- example: ([\\w-]+) -->\\s+```java\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern IN_SOURCE =
            Pattern.compile("^ *// example: ([\\w-]+)\\n(.*?)^ *// end\\n", Pattern.DOTALL | Pattern.MULTILINE);

    @Test
    void theCodeBlocksAreTheTestedSource() throws IOException {
        Map<String, String> inReadme = blocks(Path.of("README.md"), IN_README);
        Map<String, String> inSource = blocks(Path.of("src/test/java/io/heliograph/examples/Examples.java"), IN_SOURCE);

        assertThat(inReadme).isNotEmpty().containsExactlyInAnyOrderEntriesOf(inSource);
    }

    @Test
    void theEchoAnswersOverWebSocket() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        try (ListeningServer server = Examples.echo(0);
                HttpClient client = HttpClient.newHttpClient()) {
            WebSocket socket = client.newWebSocketBuilder()
                    .buildAsync(
                            URI.create("ws://127.0.0.1:" + server.address().getPort()
                                    + "/engine.io/?EIO=4&transport=websocket"),
                            new WebSocket.Listener() {
                                @Override
                                public @Nullable CompletionStage<?> onText(
                                        WebSocket webSocket, CharSequence data, boolean last) {
                                    heard.add(data.toString());
                                    webSocket.request(1);
                                    return null;
                                }
                            })
                    .get(10, TimeUnit.SECONDS);
            assertThat(heard.poll(10, TimeUnit.SECONDS)).startsWith("0{\"sid\":");
            socket.sendText("4hello", true).get(10, TimeUnit.SECONDS);

            assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("4hello");
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void theSettingsAndTheGateHold() throws Exception {
        EngineIoServer engine = Examples.settings(new Recorder());
        try (ListeningServer server =
                        engine.bind(new java.net.InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), 0));
                HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + "/live/?EIO=4&transport=polling");
            HttpResponse<String> without =
                    client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
            HttpResponse<String> with = client.send(
                    HttpRequest.newBuilder(uri).header("X-Api-Key", "k").build(), HttpResponse.BodyHandlers.ofString());

            assertThat(without.statusCode()).isEqualTo(403);
            assertThat(without.body()).contains("x-api-key is missing");
            assertThat(with.body()).contains("\"maxPayload\":100000").contains("\"pingInterval\":10000");
            assertThat(with.headers().firstValue("set-cookie"))
                    .hasValueSatisfying(cookie -> assertThat(cookie).startsWith("io="));
            engine.session(with.body().substring(9, 29))
                    .orElseThrow()
                    .loop()
                    .execute(() -> engine.session(with.body().substring(9, 29))
                            .ifPresent(session -> ((EngineSession) session).cut()));
        }
    }

    @Test
    void thePipelineTakesItsRequests() {
        EngineIoServer engine = EngineIoServer.builder(new Recorder()).build();
        EmbeddedChannel channel = new EmbeddedChannel(Examples.pipeline(engine));

        channel.writeInbound(io.netty.buffer.Unpooled.copiedBuffer(
                Connection.get("/engine.io/?EIO=4&transport=polling"), java.nio.charset.StandardCharsets.ISO_8859_1));
        channel.runPendingTasks();

        assertThat(engine.sessionCount()).isEqualTo(1);
        channel.finishAndReleaseAll();
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
}
