package io.heliograph.server.tracing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.heliograph.eventlog.EventLog;
import io.heliograph.server.events.Traces;
import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.workspaces.Role;
import io.micrometer.tracing.Tracer;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A command's trace, from the request to the sockets, against the real server and a collector of the test's own. */
@SuppressWarnings("NullAway.Init") // JUnit sets them
final class TracingIT {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CALLER = "00f067aa0ba902b7";
    private static final Map<String, Object> ASK =
            Map.of("title", "Refund?", "action", Map.of("name", "refund", "args", Map.of("orderId", 9)));

    @TempDir
    Path folder;

    @Test
    void oneTraceHoldsRequestAppendAndDeliveryAndTheEnvelopeNamesIt() throws IOException {
        BlockingQueue<String> collected = new LinkedBlockingQueue<>();
        HttpServer collector = collector(collected);
        try (TestServer server = TestServer.start(
                folder,
                "test.spans=true",
                "heliograph.tracing.endpoint=http://127.0.0.1:"
                        + collector.getAddress().getPort() + "/v1/traces")) {
            TestClient agent = server.as(server.key("acme", "bot"));
            PollingSocket socket = PollingSocket.connect(server, server.token("acme", "ada", Role.VIEWER));
            // Once a socket has got one event it is attached, and gets the next by delivery, not by catching up.
            ask(agent, "00-" + TRACE.replace('4', '5') + "-" + CALLER + "-00");
            String untraced = socket.nextEvent("approval:created");

            ask(agent, "00-" + TRACE + "-" + CALLER + "-01");
            String traced = socket.nextEvent("approval:created");

            assertThat(untraced).doesNotContain("traceId");
            assertThat(traced).contains(",\"traceId\":\"" + TRACE + "\"}");
            List<SpanData> spans = await().until(
                            () -> spans(server), found -> has(found, "deliver") && has(found, "POST /v1/approvals"));
            SpanData request = named(spans, "POST /v1/approvals");
            SpanData append = named(spans, "append");
            assertThat(request.getParentSpanId()).isEqualTo(CALLER);
            assertThat(append.getParentSpanId()).isEqualTo(request.getSpanId());
            assertThat(spans)
                    .filteredOn(span -> span.getName().equals("deliver"))
                    .extracting(span ->
                            span.getAttributes().asMap().values().iterator().next())
                    .doesNotHaveDuplicates()
                    .contains("approval:created");
            assertThat(spans)
                    .filteredOn(span -> span.getName().equals("deliver"))
                    .allSatisfy(span -> assertThat(span.getParentSpanId()).isEqualTo(append.getSpanId()));
            assertThat(collected).isNotEmpty().allMatch("POST /v1/traces application/x-protobuf"::equals);
        } finally {
            collector.stop(0);
        }
    }

    @Test
    void aCommandWithoutATraceparentIsSampledByTheSetting() throws IOException {
        HttpServer collector = collector(new LinkedBlockingQueue<>());
        try (TestServer server = TestServer.start(
                folder,
                "test.spans=true",
                "heliograph.tracing.sample=0",
                "heliograph.tracing.endpoint=http://127.0.0.1:"
                        + collector.getAddress().getPort() + "/v1/traces")) {
            TestClient agent = server.as(server.key("acme", "bot"));

            assertThat(agent.post("/v1/approvals", ASK).status()).isEqualTo(201);

            assertThat(agent.get("/v1/events").body())
                    .contains("approval:created")
                    .doesNotContain("traceId");
            server.part(SdkTracerProvider.class).forceFlush().join(10, TimeUnit.SECONDS);
            assertThat(server.part(InMemorySpanExporter.class).getFinishedSpanItems())
                    .isEmpty();
        } finally {
            collector.stop(0);
        }
    }

    @Test
    void withoutAnEndpointNothingIsTracedAndReadersAgreeByteForByte() throws IOException {
        try (TestServer server = TestServer.start(folder)) {
            TestClient agent = server.as(server.key("acme", "bot"));
            PollingSocket socket = PollingSocket.connect(server, server.token("acme", "ada", Role.VIEWER));

            ask(agent, "00-" + TRACE + "-" + CALLER + "-01");

            String envelope = server.part(EventLog.class).after(server.workspace("acme"), 0, 100).stream()
                    .filter(event -> event.type().equals("approval:created"))
                    .map(event -> new String(event.payload().bytes(), UTF_8))
                    .findFirst()
                    .orElseThrow();
            assertThat(envelope).doesNotContain("traceId").doesNotContain(TRACE);
            assertThat(socket.nextEvent("approval:created")).contains("[\"approval:created\"," + envelope + ",\"");
            assertThat(agent.get("/v1/events").body()).contains(envelope);
            assertThat(server.part(Traces.class)).isSameAs(Traces.OFF);
            assertThatThrownBy(() -> server.part(Tracer.class)).isInstanceOf(NoSuchBeanDefinitionException.class);
        }
    }

    private static void ask(TestClient agent, String traceparent) {
        assertThat(agent.post("/v1/approvals", ASK, "traceparent", traceparent).status())
                .isEqualTo(201);
    }

    /** The spans of the test's trace that have ended. */
    private static List<SpanData> spans(TestServer server) {
        server.part(SdkTracerProvider.class).forceFlush().join(10, TimeUnit.SECONDS);
        List<SpanData> spans = server.part(InMemorySpanExporter.class).getFinishedSpanItems();
        assertThat(spans).allMatch(span -> span.getTraceId().equals(TRACE));
        return spans;
    }

    private static boolean has(List<SpanData> spans, String name) {
        return spans.stream().anyMatch(span -> span.getName().equals(name));
    }

    private static SpanData named(List<SpanData> spans, String name) {
        return spans.stream()
                .filter(span -> span.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not among " + spans));
    }

    private static HttpServer collector(BlockingQueue<String> collected) throws IOException {
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/", exchange -> {
            collected.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Content-Type"));
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        return collector;
    }

    /** A Socket.IO client on long-polling, as far as this test needs one. */
    private record PollingSocket(TestClient http, String path, BlockingQueue<String> packets) {
        static PollingSocket connect(TestServer server, String token) {
            TestClient http = server.anonymous();
            String path = "/socket.io/?EIO=4&transport=polling";
            JsonNode handshake =
                    JsonMapper.shared().readTree(http.get(path).body().substring(1));
            PollingSocket socket = new PollingSocket(
                    http, path + "&sid=" + handshake.path("sid").asString(), new LinkedBlockingQueue<>());
            http.call(
                    "POST",
                    socket.path,
                    HttpRequest.BodyPublishers.ofString("40{\"token\":\"" + token + "\"}"),
                    "Content-Type",
                    "text/plain");
            socket.next("40");
            return socket;
        }

        String nextEvent(String type) {
            return next("42[\"" + type + "\"");
        }

        private String next(String start) {
            while (true) {
                for (String packet = packets.poll(); packet != null; packet = packets.poll()) {
                    if (packet.startsWith(start)) {
                        return packet;
                    }
                }
                TestClient.Answer answer = http.get(path);
                assertThat(answer.status()).isEqualTo(200);
                packets.addAll(List.of(answer.body().split("\u001e")));
            }
        }
    }
}
