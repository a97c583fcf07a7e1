package io.heliograph.engineio;

import static io.heliograph.engineio.ClientFrames.frame;
import static io.heliograph.engineio.ClientFrames.header;
import static io.heliograph.engineio.ClientFrames.join;
import static io.heliograph.engineio.ClientFrames.masked;
import static io.heliograph.engineio.ClientFrames.text;
import static io.heliograph.engineio.Connection.get;
import static io.heliograph.engineio.Connection.upgrade;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A message that a peer sends right before it ends or breaks its connection is still processed, and the reply is sent
 * before the server's close frame, as Node's {@code ws} does. Frames that come with the upgrade request are not lost.
 */
class EndOfInputIT {
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final String POLLING = "/engine.io/?EIO=4&transport=polling";
    private static final String WEBSOCKET = "/engine.io/?EIO=4&transport=websocket";
    private static final int MAX_PAYLOAD = 10_000;
    private static final int NO_CLOSE_FRAME = -1;
    private static final int FIN = 0x80;

    private final EventLoopGroup sessionLoops = EventLoops.newGroup(1);
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final Map<ListeningServer, EngineIoServer> engines = new HashMap<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable closeable : opened.reversed()) {
            closeable.close();
        }
        sessionLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** What follows a valid message in the same segment, and the code of the close frame that the server sends for it. */
    static Stream<Arguments> endings() {
        byte[] unfinished = frame(false, 1, "4be".getBytes(ISO_8859_1));
        return Stream.of(
                Arguments.of("an unmasked frame", new byte[] {(byte) FIN | 1, 1, '2'}, 1002),
                Arguments.of("reserved bits", header(true, 0x10 | 1, 0), 1002),
                Arguments.of("a reserved opcode", header(true, 3, 0), 1002),
                Arguments.of("a reserved control opcode", header(true, 0xB, 0), 1002),
                Arguments.of("a fragmented control frame", header(false, 9, 0), 1002),
                Arguments.of("a control frame of 126 bytes", header(true, 9, 126), 1002),
                Arguments.of("a continuation without a start", header(true, 0, 0), 1002),
                Arguments.of("a message within another", join(unfinished, text("4x")), 1002),
                Arguments.of("an oversize message", header(true, 1, MAX_PAYLOAD + 1), 1009),
                Arguments.of("invalid UTF-8", frame(true, 1, new byte[] {'4', (byte) 0xC3, 0x28}), 1007),
                Arguments.of("a bad Engine.IO packet", text("x"), WebSocketFrames.NO_CODE),
                Arguments.of("an Engine.IO ping", text("2"), WebSocketFrames.NO_CODE),
                Arguments.of("an Engine.IO close packet", text("1"), WebSocketFrames.NO_CODE),
                Arguments.of("a close frame with a code", ClientFrames.close(1000), 1000),
                Arguments.of("a close frame without a code", header(true, 8, 0), WebSocketFrames.NO_CODE),
                Arguments.of("a close frame with a bad code", ClientFrames.close(1005), 1002),
                Arguments.of("a close frame of one byte", join(header(true, 8, 1), masked(new byte[] {3})), 1002),
                Arguments.of("the end of the stream", new byte[0], NO_CLOSE_FRAME));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("endings")
    void aWebSocketSessionRepliesBeforeItEnds(String name, byte[] ending, int closeCode) throws Exception {
        Peer peer = webSocket(listen(builder()));

        peer.sendLast(join(text("4one"), frame(true, 2, new byte[] {7, 8}), frame(true, 9, new byte[] {1}), ending));

        assertThat(peer.readToEnd()).containsExactlyInAnyOrder("pong 1", "4one", "binary 2", closing(closeCode));
        assertThat(peer.received).endsWith(closing(closeCode));
        assertThat(peer.received).containsSubsequence("4one", "binary 2");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("endings")
    void anUpgradedSessionRepliesBeforeItEnds(String name, byte[] ending, int closeCode) throws Exception {
        ListeningServer server = listen(builder());
        Peer peer = upgrading(server, new byte[0]);

        peer.sendLast(join(text("2probe"), text("5"), text("4one"), ending));

        assertThat(peer.readToEnd()).containsExactly("3probe", "4one", closing(closeCode));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("endings")
    void aProbeIsAnsweredBeforeTheWebSocketEnds(String name, byte[] ending, int closeCode) throws Exception {
        Peer peer = upgrading(listen(builder()), new byte[0]);

        peer.sendLast(join(text("2probe"), ending));

        assertThat(peer.readToEnd()).containsExactly("3probe", closing(closeCode));
    }

    /** Bytes that arrive after a close and are not read would make the kernel reset the connection, and the reply with it. */
    @Test
    void whatFollowsAViolationIsDiscardedWithoutCuttingTheReply() throws Exception {
        Peer peer = webSocket(listen(builder()));

        peer.sendLast(join(text("4one"), header(true, 3, 0), new byte[200_000]));

        assertThat(peer.readToEnd()).containsExactly("4one", closing(1002));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("endings")
    void framesInTheSegmentOfTheUpgradeRequestArrive(String name, byte[] ending, int closeCode) throws Exception {
        Peer peer = connect(listen(builder()));

        peer.send(join(upgrade(WEBSOCKET).getBytes(ISO_8859_1), text("4early"), ending));
        peer.readHead("HTTP/1.1 101");
        peer.skipOpenPacket();
        peer.endSending();

        assertThat(peer.readToEnd()).containsExactly("4early", closing(closeCode));
    }

    @Test
    void framesInTheSegmentOfAnUpgradeRequestOfAPollingSessionArrive() throws Exception {
        Peer peer = upgrading(listen(builder()), join(text("2probe"), text("5"), text("4early")));

        peer.sendLast(ClientFrames.close(1000));

        assertThat(peer.readToEnd()).containsExactly("3probe", "4early", closing(1000));
    }

    @Test
    void framesInTheSegmentOfTheUpgradeRequestArriveWhenTheGateDecidesLater() throws Exception {
        CompletableFuture<HandshakeGate.Verdict> verdict = new CompletableFuture<>();
        CompletableFuture<Handshake> asked = new CompletableFuture<>();
        Peer peer = connect(listen(builder().gate(handshake -> {
            asked.complete(handshake);
            return verdict;
        })));

        peer.send(join(upgrade(WEBSOCKET).getBytes(ISO_8859_1), text("4early")));
        asked.get(30, TimeUnit.SECONDS);
        peer.send(text("4later"));
        verdict.complete(new HandshakeGate.Allowed());
        peer.readHead("HTTP/1.1 101");
        peer.skipOpenPacket();
        peer.sendLast(ClientFrames.close(1000));

        assertThat(peer.readToEnd()).containsExactly("4early", "4later", closing(1000));
    }

    @Test
    void framesBehindAnUpgradeRequestThatIsRefusedAreDropped() throws Exception {
        Peer peer = connect(listen(builder()
                .gate(handshake -> CompletableFuture.supplyAsync(() -> new HandshakeGate.Refused("no"))
                        .thenApply(refused -> refused))));

        peer.send(join(upgrade(WEBSOCKET).getBytes(ISO_8859_1), text("4early")));

        peer.readHead("HTTP/1.1 403");
        assertThat(peer.rest()).contains("\"no\"");
    }

    @Test
    void framesInTheSegmentOfTheUpgradeRequestArriveOnLoopsThatAreGivenForSessions() throws Exception {
        Peer peer = connect(listen(builder().sessionLoops(sessionLoops)));

        peer.send(join(upgrade(WEBSOCKET).getBytes(ISO_8859_1), text("4early"), ClientFrames.close(1000)));
        peer.readHead("HTTP/1.1 101");
        peer.skipOpenPacket();

        assertThat(peer.readToEnd()).containsExactly("4early", closing(1000));
    }

    @Test
    void framesBehindAnUpgradeRequestThatWaitsForThePollBeforeItArrive() throws Exception {
        ListeningServer server = listen(builder());
        Peer peer = connect(server);
        String sid = handshake(peer);
        String webSocket = upgrade(WEBSOCKET + "&sid=" + sid);

        peer.send(join(
                get(POLLING + "&sid=" + sid).getBytes(ISO_8859_1),
                webSocket.getBytes(ISO_8859_1),
                text("2probe"),
                text("5"),
                text("4early")));
        session(server, sid).send(Message.text("polled"));
        peer.readHead("HTTP/1.1 200");
        assertThat(peer.in.readNBytes(7)).asString().isEqualTo("4polled");
        peer.readHead("HTTP/1.1 101");
        peer.sendLast(ClientFrames.close(1000));

        assertThat(peer.readToEnd()).containsExactly("3probe", "4early", closing(1000));
    }

    private static String closing(int code) {
        return code == NO_CLOSE_FRAME ? "end" : "close " + code;
    }

    private EngineIoServer.Builder builder() {
        return EngineIoServer.builder(Echo::new)
                .settings(EngineIoSettings.builder().maxPayload(MAX_PAYLOAD).build());
    }

    private ListeningServer listen(EngineIoServer.Builder builder) {
        EngineIoServer engine = builder.build();
        ListeningServer server = engine.bind(ANY, 1);
        opened.add(() -> server.close(Duration.ofSeconds(1)));
        engines.put(server, engine);
        return server;
    }

    private Session session(ListeningServer server, String sid) {
        return requireNonNull(engines.get(server)).session(sid).orElseThrow();
    }

    private Peer connect(ListeningServer server) throws IOException {
        Peer peer = new Peer(server);
        opened.add(peer);
        return peer;
    }

    private Peer webSocket(ListeningServer server) throws IOException {
        Peer peer = connect(server);
        peer.send(upgrade(WEBSOCKET).getBytes(ISO_8859_1));
        peer.readHead("HTTP/1.1 101");
        peer.skipOpenPacket();
        return peer;
    }

    /** A WebSocket for a new polling session; {@code early} goes out in the segment of its request. */
    private Peer upgrading(ListeningServer server, byte[] early) throws IOException {
        String sid = handshake(connect(server));
        Peer peer = connect(server);
        peer.send(join(upgrade(WEBSOCKET + "&sid=" + sid).getBytes(ISO_8859_1), early));
        peer.readHead("HTTP/1.1 101");
        return peer;
    }

    private static String handshake(Peer polling) throws IOException {
        polling.send(get(POLLING).getBytes(ISO_8859_1));
        String head = polling.readHead("HTTP/1.1 200");
        int length = Integer.parseInt(head.replaceAll("(?s).*content-length: (\\d+).*", "$1"));
        String body = new String(polling.in.readNBytes(length), ISO_8859_1);
        return body.substring("0{\"sid\":\"".length(), body.indexOf("\",\"upgrades"));
    }

    /** Sends back what comes. */
    private record Echo(Session session) implements SessionHandler {
        @Override
        public void onText(byte[] utf8) {
            session.send(Message.text(utf8));
        }

        @Override
        public void onBinary(byte[] bytes) {
            session.send(Message.binary(bytes));
        }

        @Override
        public void onClose(CloseReason reason) {}
    }

    private static final class Peer implements AutoCloseable {
        private final Socket socket = new Socket();
        private final DataInputStream in;
        private final List<String> received = new ArrayList<>();

        Peer(ListeningServer server) throws IOException {
            socket.setSoTimeout(20_000);
            socket.setTcpNoDelay(true);
            socket.connect(server.address());
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        }

        void send(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
        }

        /** Sends and then ends the stream, so that the server sees both as early as it can. */
        void sendLast(byte[] bytes) throws IOException {
            send(bytes);
            endSending();
        }

        void endSending() throws IOException {
            socket.shutdownOutput();
        }

        String readHead(String start) throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.readUnsignedByte());
            }
            assertThat(head.toString()).startsWith(start);
            return head.toString();
        }

        void skipOpenPacket() throws IOException {
            assertThat(readFrame()).startsWith("0{");
        }

        String rest() throws IOException {
            return new String(in.readAllBytes(), ISO_8859_1);
        }

        /** Everything up to the end of the stream. */
        List<String> readToEnd() throws IOException {
            try {
                while (true) {
                    received.add(readFrame());
                }
            } catch (EOFException e) {
                if (received.isEmpty() || !received.getLast().startsWith("close ")) {
                    received.add("end");
                }
                return received;
            }
        }

        private String readFrame() throws IOException {
            int opcode = in.readUnsignedByte() & 0x0F;
            int length = in.readUnsignedByte();
            byte[] payload = in.readNBytes(length == 126 ? in.readUnsignedShort() : length);
            return switch (opcode) {
                case WebSocketFrames.TEXT -> new String(payload, ISO_8859_1);
                case WebSocketFrames.BINARY -> "binary " + payload.length;
                case WebSocketFrames.PONG -> "pong " + payload.length;
                case WebSocketFrames.CLOSE ->
                    "close "
                            + (payload.length == 0
                                    ? WebSocketFrames.NO_CODE
                                    : (payload[0] & 0xFF) << 8 | (payload[1] & 0xFF));
                default -> throw new IllegalStateException("opcode " + opcode);
            };
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
