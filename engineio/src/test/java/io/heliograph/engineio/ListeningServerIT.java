package io.heliograph.engineio;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Future;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a server of its own writes to real sockets, and on how many loops. */
class ListeningServerIT {
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Message EIGHT_KILOBYTES = Message.binary(new byte[8 * 1024]);

    private final List<Session> sessions = Collections.synchronizedList(new ArrayList<>());
    private final List<Integer> flushes = Collections.synchronizedList(new ArrayList<>());
    private final List<String> texts = Collections.synchronizedList(new ArrayList<>());
    private final List<WebSocketPeer> peers = new ArrayList<>();
    private final EngineIoServer engine = EngineIoServer.builder(this::opened)
            .settings(EngineIoSettings.builder().maxOutboundBytes(64 << 20).build())
            .observer(new EngineObserver() {
                @Override
                public void flushed(int count, long bytes) {
                    flushes.add(count);
                }
            })
            .build();

    @AfterEach
    void closePeers() throws IOException {
        for (WebSocketPeer peer : peers) {
            peer.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void theServerHasAsManyLoopsAsItWasAskedFor(int eventLoops) throws IOException {
        try (ListeningServer server = engine.bind(ANY, eventLoops)) {
            connect(server, 9);

            assertThat(sessions.stream().map(Session::loop).distinct()).hasSize(eventLoops);
        }
    }

    /** The answer goes out on the loop of its connection, which is not always that of its session. */
    @RepeatedTest(40)
    void aPollingPeerIsSentTheEndBeforeTheLoopsStop() {
        CompletableFuture<HttpResponse<String>> poll;
        try (HttpClient one = HttpClient.newHttpClient();
                HttpClient other = HttpClient.newHttpClient();
                ListeningServer server = engine.bind(ANY, 2)) {
            String url = "http://127.0.0.1:" + server.address().getPort() + "/engine.io/?EIO=4&transport=polling";
            String open = poll(one, url).join().body();
            String sid = open.substring(open.indexOf("sid\":\"") + 6, open.indexOf("\",\"upgrades"));
            poll = poll(other, url + "&sid=" + sid);
            await().until(() -> !sessions.isEmpty() && inLoop(sessions.getFirst(), sessions.getFirst()::writable));
        }

        assertThat(poll.join().body()).isEqualTo("1");
    }

    private static CompletableFuture<HttpResponse<String>> poll(HttpClient http, String url) {
        return http.sendAsync(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aServerWithoutLoopsIsRefused() {
        assertThatThrownBy(() -> engine.bind(ANY, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("eventLoops is 0, expected at least one");
    }

    @Test
    void whatTheKernelDoesNotTakeFollowsInOrderAndWhatOthersShareIsNotTouched() throws Exception {
        int count = 2_000;
        try (ListeningServer server = engine.bind(ANY, 1)) {
            List<WebSocketPeer> two = connect(server, 2);
            for (int i = 0; i < count; i++) {
                Message message = Message.binary(numbered(i));
                sessions.forEach(session -> session.send(message));
            }
            // More than any socket buffer takes: a part of some message waits.
            await().until(() ->
                    inLoop(sessions.getFirst(), () -> sessions.getFirst().queuedBytes()) > 0);

            for (WebSocketPeer peer : two) {
                for (int i = 0; i < count; i++) {
                    assertThat(peer.readBinary()).as("message %d", i).isEqualTo(numbered(i));
                }
            }
        }
    }

    @Test
    void whatSessionsShareIsWrittenTogetherHoweverManyTheyAre() throws Exception {
        try (ListeningServer server = engine.bind(ANY, 1)) {
            connect(server, 40);
            List<Session> all = List.copyOf(sessions);

            // 40 times 8 kB is more than a flush may take, if it counted for each.
            turn(() -> all.forEach(session -> session.deliver(EIGHT_KILOBYTES)), 2);

            await().until(() -> !flushes.isEmpty());
            assertThat(flushes).containsExactly(40);
        }
    }

    @Test
    void whatASessionHasAloneIsWrittenBeforeItIsTooMuchToJoin() throws Exception {
        try (ListeningServer server = engine.bind(ANY, 1)) {
            connect(server, 1);
            Session session = sessions.getFirst();

            turn(() -> session.deliver(Message.binary(new byte[8 * 1024])), 64);

            await().until(() -> flushes.size() > 1);
            assertThat(session.open()).isTrue();
        }
    }

    @Test
    void aBroadcastReachesThoseWhoAreThereWhenManyHaveJustGone() throws Exception {
        int gone = 200;
        try (ListeningServer server = engine.bind(ANY, 1)) {
            List<WebSocketPeer> all = connect(server, 300);
            List<Session> room = List.copyOf(sessions);
            SessionLoop loop = room.getFirst().loop();
            Message broadcast = Message.binary(numbered(1));

            loop.execute(() -> {
                all.subList(0, gone).forEach(WebSocketPeer::reset);
                room.forEach(session -> session.deliver(broadcast));
            });

            for (WebSocketPeer peer : all.subList(gone, 300)) {
                assertThat(peer.readBinary()).isEqualTo(numbered(1));
            }
            await().until(() -> engine.sessionCount() == 100);
        }
    }

    @Test
    void sessionsLiveOnTheLoopsThatAreGivenForThem() throws Exception {
        try (OwnLoops own = new OwnLoops(100);
                ListeningServer server = own.engine.bind(ANY, 1)) {
            List<WebSocketPeer> four = connect(server, 4);
            String sid = pollingSession(server);
            // The handshake is answered before the listener is called.
            await().until(() -> sessions.size() == 5);

            assertThat(sessions).allMatch(session -> own.has(session.loop()));
            assertThat(sessions.stream().map(Session::loop).distinct()).hasSize(2);
            Message[] messages = IntStream.range(0, 200)
                    .mapToObj(i -> Message.binary(numbered(i)))
                    .toArray(Message[]::new);
            for (Message message : messages) {
                sessions.forEach(session -> session.send(message));
            }
            for (WebSocketPeer peer : four) {
                for (int i = 0; i < messages.length; i++) {
                    assertThat(peer.readBinary()).isEqualTo(numbered(i));
                }
            }
            four.getFirst().send(ClientFrames.text("4from a WebSocket"));
            assertThat(http(server, "&sid=" + sid, "4from polling")).isEqualTo("ok");
            await().untilAsserted(
                            () -> assertThat(texts).containsExactlyInAnyOrder("from a WebSocket", "from polling"));
        }
    }

    @Test
    void aFullServerRefusesAWebSocketAlsoWhenItHasMovedToTheSessionsLoops() throws Exception {
        try (OwnLoops own = new OwnLoops(1);
                ListeningServer server = own.engine.bind(ANY, 1)) {
            connect(server, 1);

            assertThatThrownBy(() -> new WebSocketPeer(server)).hasMessageContaining("HTTP/1.1 503");
            assertThat(own.engine.sessionCount()).isEqualTo(1);
        }
    }

    /** A server whose sessions have two loops of their own. */
    private final class OwnLoops implements AutoCloseable {
        private final EventLoopGroup loops = EventLoops.newGroup(2);
        private final EngineIoServer engine;

        OwnLoops(int maxSessions) {
            engine = EngineIoServer.builder(ListeningServerIT.this::opened)
                    .settings(
                            EngineIoSettings.builder().maxSessions(maxSessions).build())
                    .sessionLoops(loops)
                    .build();
        }

        boolean has(SessionLoop loop) {
            return loops.equals(loop.eventLoop().parent());
        }

        @Override
        public void close() {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    private static String pollingSession(ListeningServer server) throws Exception {
        String open = http(server, "", "");
        return open.substring("0{\"sid\":\"".length(), open.indexOf("\",\"upgrades"));
    }

    /** Over long-polling: a POST of {@code body}, or without one a GET. */
    private static String http(ListeningServer server, String query, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(
                "http://127.0.0.1:" + server.address().getPort() + "/engine.io/?EIO=4&transport=polling" + query));
        if (!body.isEmpty()) {
            request.POST(HttpRequest.BodyPublishers.ofString(body));
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    /** Gives the loop {@code count} times the same command to run in one turn. */
    private void turn(Runnable command, int count) throws InterruptedException {
        SessionLoop loop = sessions.getFirst().loop();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        loop.execute(() -> {
            begun.countDown();
            awaitUninterruptibly(go);
        });
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < count; i++) {
            loop.execute(command);
        }
        go.countDown();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static <T> T inLoop(Session session, Callable<T> look) throws Exception {
        Future<T> seen = session.loop().eventLoop().submit(look);
        return seen.get(10, TimeUnit.SECONDS);
    }

    private static byte[] numbered(int number) {
        byte[] bytes = new byte[2_000 + number % 7];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (number + i);
        }
        return bytes;
    }

    private SessionHandler opened(Session session) {
        sessions.add(session);
        return new SessionHandler() {
            @Override
            public void onText(byte[] payload) {
                texts.add(new String(payload, UTF_8));
            }

            @Override
            public void onBinary(byte[] payload) {}

            @Override
            public void onClose(CloseReason reason) {}
        };
    }

    private List<WebSocketPeer> connect(ListeningServer server, int count) throws IOException {
        List<WebSocketPeer> connected = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            connected.add(new WebSocketPeer(server));
        }
        peers.addAll(connected);
        await().until(() -> sessions.size() == peers.size());
        // What opening them wrote is no flush of these tests.
        CompletableFuture<Void> settled = new CompletableFuture<>();
        sessions.getLast().loop().execute(() -> settled.complete(null));
        settled.join();
        flushes.clear();
        return connected;
    }

    /** Reads nothing but when it is asked to. */
    private static final class WebSocketPeer implements AutoCloseable {
        private final Socket socket = new Socket();
        private final DataInputStream in;

        WebSocketPeer(ListeningServer server) throws IOException {
            socket.setReceiveBufferSize(4096);
            socket.setSoTimeout((int) Duration.ofSeconds(30).toMillis());
            socket.connect(server.address());
            socket.getOutputStream()
                    .write(Connection.upgrade("/engine.io/?EIO=4&transport=websocket")
                            .getBytes(ISO_8859_1));
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
                head.write(in.readUnsignedByte());
            }
            assertThat(head.toString(ISO_8859_1)).startsWith("HTTP/1.1 101");
            in.skipNBytes(1);
            in.skipNBytes(in.readUnsignedByte());
        }

        void send(byte[] frame) throws IOException {
            socket.getOutputStream().write(frame);
        }

        void reset() {
            try {
                socket.setSoLinger(true, 0);
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        byte[] readBinary() throws IOException {
            assertThat(in.readUnsignedByte()).isEqualTo(0x82);
            assertThat(in.readUnsignedByte()).isEqualTo(126);
            return in.readNBytes(in.readUnsignedShort());
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
