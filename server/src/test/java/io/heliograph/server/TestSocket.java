package io.heliograph.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.heliograph.server.fixtures.EventContract;
import io.heliograph.server.json.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A Socket.IO client over one WebSocket that does what it is told and nothing else: it answers pings, and neither
 * reconnects nor remembers. What the stock client does is tested with the stock client. It holds what comes against
 * {@code docs/asyncapi.yaml}: a fault fails the next call that takes an event, or {@link #close}.
 *
 * <p>Safe from any thread.
 */
public final class TestSocket implements AutoCloseable {
    private static final JsonMapper JSON = Json.mapper();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final WebSocket socket;
    private final Received received;

    private TestSocket(WebSocket socket, Received received) {
        this.socket = socket;
        this.received = received;
    }

    /** An Engine.IO session that has sent no CONNECT yet; fails when the handshake is refused. */
    public static TestSocket open(TestServer server) {
        return open(server, Long.MAX_VALUE);
    }

    /** As {@link #open(TestServer)}, and takes so many messages before it stops reading until {@link #read}. */
    public static TestSocket open(TestServer server, long messages) {
        Received received = new Received(messages);
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(
                        URI.create(server.url().replaceFirst("^http", "ws") + "/socket.io/?EIO=4&transport=websocket"),
                        received)
                .join();
        return new TestSocket(socket, received);
    }

    /** A socket that is connected. */
    public static TestSocket connected(TestServer server, String token) {
        TestSocket socket = open(server);
        socket.connect(Map.of("token", token));
        await().atMost(PATIENCE).until(socket::isConnected);
        return socket;
    }

    /** Sends CONNECT. */
    public void connect(Map<String, String> auth) {
        connectWith(JSON.writeValueAsString(auth));
    }

    /** Sends CONNECT with {@code auth} as it stands. */
    public void connectWith(String auth) {
        send("40" + auth);
    }

    /** Leaves the namespace; the session stays. */
    public void leave() {
        send("41");
    }

    /** Of the Engine.IO session, once its first packet has come. */
    public String sessionId() {
        return received.sessionId;
    }

    /** The answer to CONNECT has come. */
    public boolean isConnected() {
        return !received.connects.isEmpty();
    }

    /** What the server answered to CONNECT. */
    public JsonNode connectAnswer() {
        return received.connects.getLast();
    }

    /** A CONNECT was refused, and the refusal was not taken yet. */
    public boolean isRefused() {
        return !received.connectErrors.queue.isEmpty();
    }

    /** The next refusal of a CONNECT: {@code {message, data}}. */
    public JsonNode connectError() {
        return taken(received.connectErrors.poll());
    }

    /** The next events, each an array of its name and its arguments; waits for one at least. */
    public JsonNode event() {
        JsonNode event = taken(received.events.poll());
        assertThat(received.faults).isEmpty();
        return event;
    }

    /** The next event of that name; others are passed over. */
    public JsonNode event(String name) {
        JsonNode event = event();
        while (!event.get(0).asString().equals(name)) {
            event = event();
        }
        return event;
    }

    /** Events that have come and were not taken yet. */
    public List<JsonNode> waiting() {
        return List.copyOf(received.events.queue);
    }

    /** Emits an event and completes with the first argument of its ack. */
    public CompletableFuture<JsonNode> emit(String event, Object argument) {
        return emitJson(event, JSON.writeValueAsString(argument));
    }

    /** As {@link #emit}; the arguments are sent as they stand. */
    public CompletableFuture<JsonNode> emitJson(String event, String arguments) {
        int id = received.acks.size();
        CompletableFuture<JsonNode> ack = new CompletableFuture<>();
        received.acks.add(ack);
        send("42" + id + "[" + JSON.writeValueAsString(event) + "," + arguments + "]");
        return ack.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).thenApply(answer -> {
            assertThat(EventContract.ackFault(event, answer)).isEmpty();
            return answer;
        });
    }

    /** Reads so many messages more. */
    public void read(long messages) {
        socket.request(messages);
    }

    /** Completes when the server or the network has ended the connection. */
    public CompletableFuture<Void> closed() {
        return received.closed;
    }

    /** Cuts the connection. */
    public void cut() {
        socket.abort();
    }

    @Override
    public void close() {
        cut();
        assertThat(received.faults).isEmpty();
    }

    private synchronized void send(String text) {
        socket.sendText(text, true).join();
    }

    private static JsonNode taken(@Nullable JsonNode node) {
        if (node == null) {
            throw new AssertionError("nothing came within " + PATIENCE);
        }
        return node;
    }

    /** What came, sorted. */
    private static final class Received implements WebSocket.Listener {
        private final long first;
        private volatile String sessionId = "";
        private final StringBuilder text = new StringBuilder();
        private final List<JsonNode> connects = new CopyOnWriteArrayList<>();
        private final Waiting connectErrors = new Waiting();
        private final Waiting events = new Waiting();
        private final List<CompletableFuture<JsonNode>> acks = new CopyOnWriteArrayList<>();
        private final List<String> faults = new CopyOnWriteArrayList<>();
        private final CompletableFuture<Void> closed = new CompletableFuture<>();

        Received(long first) {
            this.first = first;
        }

        private record Waiting(LinkedBlockingQueue<JsonNode> queue) {
            Waiting() {
                this(new LinkedBlockingQueue<>());
            }

            @Nullable
            JsonNode poll() {
                try {
                    return queue.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException(interrupted);
                }
            }
        }

        @Override
        public void onOpen(WebSocket socket) {
            socket.request(first);
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                String packet = text.toString();
                text.setLength(0);
                take(socket, packet);
            } else {
                socket.request(1);
            }
            return null;
        }

        private void take(WebSocket socket, String packet) {
            if (packet.equals("2")) {
                var _ = socket.sendText("3", true);
            } else if (packet.startsWith("0")) {
                sessionId = JSON.readTree(packet.substring(1)).path("sid").asString();
            } else if (packet.startsWith("40")) {
                connects.add(JSON.readTree(packet.substring(2)));
            } else if (packet.startsWith("42")) {
                JsonNode event = JSON.readTree(packet.substring(2));
                EventContract.faultOf(event).ifPresent(faults::add);
                events.queue.add(event);
            } else if (packet.startsWith("43")) {
                int body = packet.indexOf('[');
                acks.get(Integer.parseInt(packet.substring(2, body)))
                        .complete(JSON.readTree(packet.substring(body)).get(0));
            } else if (packet.startsWith("44")) {
                connectErrors.queue.add(JSON.readTree(packet.substring(2)));
            }
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(null);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable failure) {
            closed.complete(null);
        }
    }
}
