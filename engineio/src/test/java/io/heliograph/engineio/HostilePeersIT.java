package io.heliograph.engineio;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Peers that mean harm, over real sockets. Sessions, timers and Netty's memory return to where they were. */
class HostilePeersIT {

    private static final String POLLING = "/engine.io/?EIO=4&transport=polling";
    private static final String WEBSOCKET = "/engine.io/?EIO=4&transport=websocket";
    private static final Message BLOCK = Message.binary(new byte[64 * 1024]);

    private final List<String> events = Collections.synchronizedList(new ArrayList<>());
    private final List<Session> sessions = Collections.synchronizedList(new ArrayList<>());
    private final EngineIoServer engine = EngineIoServer.builder(this::record)
            .settings(EngineIoSettings.builder()
                    .maxOutboundBytes(256 * 1024)
                    .requestTimeout(Duration.ofSeconds(2))
                    .build())
            .build();
    private final ListeningServer server = engine.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    private long memoryBefore;

    @BeforeEach
    void measureBehindAFriendlyPeer() throws IOException {
        try (Peer friend = new Peer()) {
            friend.send(Connection.upgrade(WEBSOCKET)).send(ClientFrames.close(1000));
            friend.awaitEnd();
        }
        awaitNobody();
        memoryBefore = memory();
        events.clear();
        sessions.clear();
    }

    @AfterEach
    void everythingIsAsBefore() {
        awaitNobody();
        await().untilAsserted(() -> assertThat(memory()).as("Netty's memory").isLessThanOrEqualTo(memoryBefore));
        server.close(Duration.ofSeconds(1));
    }

    @Test
    void aWebSocketThatNeverReadsIsCutAtItsBound() throws IOException {
        try (Peer peer = new Peer()) {
            peer.send(Connection.upgrade(WEBSOCKET));

            int sent = sendUntilGone();

            assertThat(sent).as("blocks of 64 kB that the server took on").isLessThan(1000);
            assertThat(events).containsExactly("open", "close slow consumer");
            peer.awaitEnd();
        }
    }

    @Test
    void aWebSocketThatReadsByteByByteIsCutAtItsBound() throws IOException {
        try (Peer peer = new Peer()) {
            peer.send(Connection.upgrade(WEBSOCKET));
            Session session = session();

            while (session.open()) {
                session.send(BLOCK);
                peer.read();
            }

            await().untilAsserted(() -> assertThat(events).containsExactly("open", "close slow consumer"));
            peer.awaitEnd();
        }
    }

    @Test
    void aPollingPeerThatNeverPollsLosesItsSessionAtTheBound() throws IOException {
        try (Peer peer = new Peer()) {
            peer.send(Connection.get(POLLING));

            int sent = sendUntilGone();

            assertThat(sent).isLessThan(100);
            assertThat(events).containsExactly("open", "close slow consumer");
            String sid = session().id();
            peer.send(Connection.get(POLLING + "&sid=" + sid, "Connection: close"));
            assertThat(peer.awaitEnd()).as("its next poll says that it is over").endsWith("\r\n\r\n1");
        }
    }

    @Test
    void aPeerThatPingsAndNeverReadsIsNotAnsweredWithoutEnd() throws IOException {
        try (Peer peer = new Peer()) {
            peer.send(Connection.upgrade(WEBSOCKET));
            Session session = session();
            byte[] pings = ClientFrames.frame(true, 9, new byte[125]);
            byte[] many = new byte[pings.length * 1000];
            for (int i = 0; i < 1000; i++) {
                System.arraycopy(pings, 0, many, i * pings.length, pings.length);
            }

            // Far more than the kernel's buffers hold.
            for (int i = 0; i < 200; i++) {
                peer.send(many);
            }

            List<Long> waiting = Collections.synchronizedList(new ArrayList<>());
            session.loop().execute(() -> waiting.add(session.queuedBytes()));
            await().until(() -> !waiting.isEmpty());
            assertThat(waiting.getFirst()).isLessThan(100_000);
        }
        await().untilAsserted(() -> assertThat(events).hasSize(2));
    }

    @Test
    void aConnectionThatIsResetEndsItsSessionAtOnce() throws IOException {
        try (Peer peer = new Peer()) {
            peer.send(Connection.upgrade(WEBSOCKET));
            session();
            peer.reset();
        }

        await().untilAsserted(() -> assertThat(events).containsExactly("open", "close transport close"));
    }

    @Test
    void aConnectionThatIsClosedInOneDirectionEndsInBoth() throws IOException {
        try (Peer peer = new Peer()) {
            peer.send(Connection.upgrade(WEBSOCKET));
            session();
            peer.endSending();

            peer.awaitEnd();
        }

        await().untilAsserted(() -> assertThat(events).containsExactly("open", "close transport close"));
    }

    @Test
    void aWaitingPollWhoseConnectionEndsEndsTheSession() throws IOException {
        try (Peer peer = new Peer()) {
            peer.send(Connection.get(POLLING));
            Session session = session();
            peer.send(Connection.get(POLLING + "&sid=" + session.id()));
            await().until(() -> polls(session));
            peer.endSending();

            peer.awaitEnd();
        }

        await().untilAsserted(() -> assertThat(events).containsExactly("open", "close transport error"));
    }

    @Test
    void hugeHeadersAreRefusedWithoutBeingHeld() throws IOException {
        for (String path : List.of(POLLING, "/elsewhere")) {
            try (Peer peer = new Peer()) {
                peer.send("GET " + path + " HTTP/1.1\r\nHost: x\r\nX-Huge: ");
                assertThat(peer.sendUntilCut("x".repeat(64 * 1024))).matches("(HTTP/1.1 4(?s:.*))?");
            }
        }
        assertThat(events).isEmpty();
    }

    @Test
    void anEndlessRequestLineIsRefused() throws IOException {
        try (Peer peer = new Peer()) {
            assertThat(peer.sendUntilCut("GET /" + "x".repeat(64 * 1024))).matches("(HTTP/1.1 4(?s:.*))?");
        }
    }

    @Test
    void aPeerThatSendsNothingIsCut() throws IOException {
        try (Peer peer = new Peer()) {
            assertThat(peer.awaitEnd()).isEmpty();
        }
    }

    @Test
    void askingForWhatIsNotThereKeepsNoConnectionForEver() throws IOException {
        try (Peer idle = new Peer();
                Peer withBody = new Peer()) {
            idle.send(Connection.get("/elsewhere"));
            withBody.send("POST /elsewhere HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nx");

            assertThat(withBody.awaitEnd()).startsWith("HTTP/1.1 404 ");
            assertThat(idle.awaitEnd()).startsWith("HTTP/1.1 404 ");
        }
    }

    private SessionHandler record(Session session) {
        sessions.add(session);
        events.add("open");
        return new SessionHandler() {
            @Override
            public void onText(byte[] utf8) {}

            @Override
            public void onBinary(byte[] bytes) {}

            @Override
            public void onClose(CloseReason reason) {
                events.add("close " + reason.text());
            }
        };
    }

    private Session session() {
        await().until(() -> !sessions.isEmpty());
        return sessions.getFirst();
    }

    private static boolean polls(Session session) {
        boolean[] polls = new boolean[1];
        session.loop().eventLoop().submit(() -> polls[0] = session.writable()).syncUninterruptibly();
        return polls[0];
    }

    private int sendUntilGone() {
        Session session = session();
        int sent = 0;
        while (session.open()) {
            session.send(BLOCK);
            sent++;
            session.loop().eventLoop().submit(() -> {}).syncUninterruptibly();
        }
        return sent;
    }

    private void awaitNobody() {
        await().untilAsserted(() -> {
            assertThat(engine.sessionCount()).as("sessions").isZero();
            for (SessionLoop loop : engine.loops()) {
                assertThat(loop.queuedCommands()).as("commands").isZero();
                assertThat(loop.eventLoop().submit(loop::timers).get())
                        .as("timers")
                        .isZero();
            }
        });
    }

    /** Bytes that Netty has allocated now, exactly: the tests run without a pool. */
    private static long memory() {
        ByteBufAllocatorMetric metric = ((UnpooledByteBufAllocator) ByteBufAllocator.DEFAULT).metric();
        return metric.usedHeapMemory() + metric.usedDirectMemory();
    }

    /** A client that does what it is told, byte for byte. */
    private final class Peer implements AutoCloseable {
        private final Socket socket = new Socket();
        private final OutputStream out;
        private final InputStream in;

        Peer() throws IOException {
            socket.setReceiveBufferSize(4096);
            socket.setSoTimeout(30_000);
            socket.connect(server.address());
            out = socket.getOutputStream();
            in = socket.getInputStream();
        }

        Peer send(String bytes) throws IOException {
            return send(bytes.getBytes(ISO_8859_1));
        }

        Peer send(byte[] bytes) throws IOException {
            out.write(bytes);
            return this;
        }

        int read() throws IOException {
            return in.read();
        }

        /** Sends the same again and again until the server has had enough; returns its answer if that came before the cut. */
        String sendUntilCut(String bytes) throws IOException {
            byte[] block = bytes.getBytes(ISO_8859_1);
            StringBuilder answer = new StringBuilder();
            try {
                for (int i = 0; i < 1000; i++) {
                    out.write(block);
                    while (in.available() > 0) {
                        answer.append((char) in.read());
                    }
                }
            } catch (SocketException e) {
                return answer.toString();
            }
            throw new AssertionError("the server has taken it all: " + answer);
        }

        void endSending() throws IOException {
            socket.shutdownOutput();
        }

        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /** Reads until the server has ended the connection, and returns what came. */
        String awaitEnd() throws IOException {
            try {
                return new String(in.readAllBytes(), ISO_8859_1);
            } catch (SocketException e) {
                return String.valueOf(e.getMessage());
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
