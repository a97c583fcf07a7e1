package io.heliograph.spring.test;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A client for tests: one WebSocket, one namespace, no reconnecting. {@link #next} takes the next event of a name with its
 * envelope; a later client goes on after {@link #cursor} of an earlier one, as a browser does that was away.
 *
 * <pre>{@code
 * try (SocketClient client = SocketClient.connect(port, token)) {
 *     shop.ship(order);
 *     assertThat(client.next("order:shipped").at("/data/id").asString()).isEqualTo("42");
 * }
 * }</pre>
 *
 * <p>Waits for {@value #TIMEOUT_SECONDS} seconds at most, and fails with {@link AssertionError} then. Safe from any thread.
 *
 * <p>Source: Engine.IO protocol v4; Socket.IO protocol v5.
 */
public final class SocketClient implements AutoCloseable {
    private static final int TIMEOUT_SECONDS = 10;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final WebSocket socket;
    private final Received received;
    private final AtomicInteger acks = new AtomicInteger();
    private volatile String cursor = "";

    private SocketClient(WebSocket socket, Received received) {
        this.socket = socket;
        this.received = received;
    }

    /**
     * A connected client of the server on this machine.
     *
     * @throws RefusedException when the server refuses the token
     */
    public static SocketClient connect(int port, String token) {
        return connect(URI.create("ws://127.0.0.1:" + port), Map.of("token", token));
    }

    /** One that goes on after what another has got: it receives every later event. */
    public static SocketClient connectAfter(int port, String token, String cursor) {
        return connect(URI.create("ws://127.0.0.1:" + port), Map.of("token", token, "cursor", cursor));
    }

    /**
     * A connected client.
     *
     * @param server {@code ws://host:port}
     * @param auth the payload of CONNECT
     * @throws RefusedException when the server refuses the payload
     */
    public static SocketClient connect(URI server, Map<String, String> auth) {
        Received received = new Received();
        WebSocket socket;
        try {
            socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .connectTimeout(Duration.ofSeconds(TIMEOUT_SECONDS))
                    .buildAsync(server.resolve("/socket.io/?EIO=4&transport=websocket"), received)
                    .join();
        } catch (CompletionException failure) {
            throw new AssertionError("no WebSocket at " + server, failure.getCause());
        }
        SocketClient client = new SocketClient(socket, received);
        client.send("40" + JSON.writeValueAsString(auth));
        JsonNode answer = await("the answer to CONNECT", received.connected);
        if (!answer.has("sid")) {
            client.close();
            throw new RefusedException(answer);
        }
        return client;
    }

    /** The server has refused the client. */
    public static final class RefusedException extends RuntimeException {
        private final String code;

        RefusedException(JsonNode answer) {
            super(answer.path("message").asString());
            this.code = answer.at("/data/code").asString("");
        }

        /** Such as {@code token_invalid}. */
        public String code() {
            return code;
        }
    }

    /** The envelope of the next event of this name; it waits for one. */
    public JsonNode next(String event) {
        try {
            Event next = received.events(event).poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("no " + event + " came within " + TIMEOUT_SECONDS + " s");
            }
            next.cursor().ifPresent(after -> cursor = after);
            return next.envelope();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + event, interrupted);
        }
    }

    /** How many events of this name have come and were not taken yet. */
    public int waiting(String event) {
        return received.events(event).size();
    }

    /** Emits an event and returns the server's acknowledgement. */
    public JsonNode emit(String event, Object argument) {
        int id = acks.incrementAndGet();
        CompletableFuture<JsonNode> ack = new CompletableFuture<>();
        received.acks.put(id, ack);
        send("42" + id + JSON.writeValueAsString(new Object[] {event, argument}));
        return await("the acknowledgement of " + event, ack);
    }

    /** After the event that {@link #next} has returned last, for {@link #connectAfter}; empty before the first. */
    public String cursor() {
        return cursor;
    }

    /** Completes when the connection has ended. */
    public CompletableFuture<Void> closed() {
        return received.closed;
    }

    /** Cuts the connection. */
    @Override
    public void close() {
        socket.abort();
    }

    private synchronized void send(String text) {
        socket.sendText(text, true).join();
    }

    private static JsonNode await(String what, CompletableFuture<JsonNode> answer) {
        try {
            return answer.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException failure) {
            throw new AssertionError(what + " did not come", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + what, interrupted);
        }
    }

    /** @param cursor none of a volatile event */
    private record Event(JsonNode envelope, Optional<String> cursor) {}

    /** What came, by event. Written by the connection's thread. */
    private static final class Received implements WebSocket.Listener {
        private final Map<String, LinkedBlockingQueue<Event>> events = new ConcurrentHashMap<>();
        private final Map<Integer, CompletableFuture<JsonNode>> acks = new ConcurrentHashMap<>();
        private final CompletableFuture<JsonNode> connected = new CompletableFuture<>();
        private final CompletableFuture<Void> closed = new CompletableFuture<>();
        private final StringBuilder text = new StringBuilder();

        LinkedBlockingQueue<Event> events(String event) {
            return events.computeIfAbsent(event, name -> new LinkedBlockingQueue<>());
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                String packet = text.toString();
                text.setLength(0);
                take(socket, packet);
            }
            socket.request(1);
            return null;
        }

        private void take(WebSocket socket, String packet) {
            if (packet.equals("2")) {
                // Pings come one at a time, long after the last text was sent.
                CompletableFuture<WebSocket> unused = socket.sendText("3", true);
            } else if (packet.startsWith("40") || packet.startsWith("44")) {
                connected.complete(JSON.readTree(packet.substring(2)));
            } else if (packet.startsWith("42")) {
                JsonNode event = JSON.readTree(packet.substring(2));
                JsonNode last = event.get(event.size() - 1);
                Optional<String> cursor =
                        event.size() > 2 && last.isString() ? Optional.of(last.asString()) : Optional.empty();
                events(event.get(0).asString()).add(new Event(event.get(1), cursor));
            } else if (packet.startsWith("43")) {
                int body = packet.indexOf('[');
                CompletableFuture<JsonNode> ack = acks.remove(Integer.parseInt(packet.substring(2, body)));
                if (ack != null) {
                    ack.complete(JSON.readTree(packet.substring(body)).get(0));
                }
            }
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            end(new IllegalStateException("closed with " + code + " " + reason));
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable failure) {
            end(failure);
        }

        private void end(Throwable reason) {
            connected.completeExceptionally(reason);
            acks.values().forEach(ack -> ack.completeExceptionally(reason));
            closed.complete(null);
        }
    }
}
