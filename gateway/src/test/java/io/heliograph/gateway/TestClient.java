package io.heliograph.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.heliograph.engineio.ListeningServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A Socket.IO client over one WebSocket that does what it is told, and answers pings. */
final class TestClient implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Pattern EVENT = Pattern.compile("42\\[\"([^\"]*)\".*", Pattern.DOTALL);

    private final Listener received;
    private final WebSocket socket;

    private TestClient(Listener received, WebSocket socket) {
        this.received = received;
        this.socket = socket;
    }

    /** An Engine.IO session without a CONNECT. */
    static TestClient open(ListeningServer server) {
        Listener received = new Listener();
        URI uri = URI.create("ws://127.0.0.1:" + server.address().getPort() + "/socket.io/?EIO=4&transport=websocket");
        return new TestClient(
                received,
                HttpClient.newHttpClient()
                        .newWebSocketBuilder()
                        .buildAsync(uri, received)
                        .join());
    }

    /** A connected socket; it goes on after {@code cursor} unless that is empty. */
    static TestClient connect(ListeningServer server, String token, String cursor) {
        TestClient client = open(server);
        client.send(
                "40{\"token\":\"" + token + "\"" + (cursor.isEmpty() ? "" : ",\"cursor\":\"" + cursor + "\"") + "}");
        client.awaitConnected();
        return client;
    }

    void send(String packet) {
        socket.sendText(packet, true).join();
    }

    void awaitConnected() {
        assertThat(take(received.connects)).startsWith("40{");
    }

    /** Why CONNECT was refused. */
    String refusal() {
        String answer = take(received.connects);
        assertThat(answer).startsWith("44");
        return answer;
    }

    /** The name of the next event. */
    String event() {
        Matcher event = EVENT.matcher(take(received.events));
        assertThat(event.matches()).isTrue();
        return event.group(1);
    }

    /** The arguments of the next ack. */
    String ack() {
        String ack = take(received.acks);
        return ack.substring(ack.indexOf('['));
    }

    void awaitClosed() {
        until(() -> received.closed);
    }

    boolean isOpen() {
        return !received.closed;
    }

    void until(Callable<Boolean> condition) {
        await().atMost(TIMEOUT).until(condition);
    }

    /** The connection is lost. */
    void lose() {
        socket.abort();
    }

    @Override
    public void close() {
        lose();
    }

    private static String take(BlockingQueue<String> queue) {
        try {
            String packet = queue.poll(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            assertThat(packet).as("a packet within " + TIMEOUT).isNotNull();
            return String.valueOf(packet);
        } catch (InterruptedException failure) {
            Thread.currentThread().interrupt();
            throw new AssertionError(failure);
        }
    }

    private static final class Listener implements WebSocket.Listener {
        private final BlockingQueue<String> connects = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> acks = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();
        private volatile boolean closed;

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                String packet = text.toString();
                text.setLength(0);
                packet(socket, packet);
            }
            socket.request(1);
            return null;
        }

        private void packet(WebSocket socket, String packet) {
            if (packet.equals("2")) {
                var _ = socket.sendText("3", true);
            } else if (packet.startsWith("40") || packet.startsWith("44")) {
                connects.add(packet);
            } else if (packet.startsWith("42")) {
                events.add(packet);
            } else if (packet.startsWith("43")) {
                acks.add(packet);
            }
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed = true;
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable failure) {
            closed = true;
        }
    }
}
