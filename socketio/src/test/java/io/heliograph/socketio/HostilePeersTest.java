package io.heliograph.socketio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.engineio.EngineIoSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that mean harm, on a clock that stands still. Whatever they do, the server ends as empty as it began. */
class HostilePeersTest {

    private final List<String> events = new ArrayList<>();
    private final List<Peer> peers = new ArrayList<>();
    private SocketIoServer io = server(Parser.json(ParserLimits.defaults()));

    @BeforeEach
    void begin() {
        install();
    }

    @AfterEach
    void nothingIsLeftBehind() {
        peers.forEach(Peer::close);
        assertThat(io.engine().sessionCount()).as("sessions").isZero();
        io.namespaces().values().forEach(namespace -> {
            assertThat(namespace.sockets()).as("sockets of %s", namespace).isEmpty();
            assertThat(namespace.roomNames()).as("rooms of %s", namespace).isEmpty();
            assertThat(namespace.registry().empty())
                    .as("nobody in %s", namespace)
                    .isTrue();
        });
    }

    @Test
    void openingAndNeverConnectingEndsTheSessionAfterTheConnectTimeout() {
        Peer peer = connect();

        peer.live(Duration.ofSeconds(44), true);
        assertThat(peer.open()).isTrue();
        assertThat(io.engine().sessionCount()).isEqualTo(1);
        peer.live(Duration.ofSeconds(2), true);

        assertThat(io.engine().sessionCount()).isZero();
        assertThat(events).isEmpty();
    }

    @Test
    void leavingTheLastNamespaceKeepsTheSession() {
        Peer peer = connect().send("0").send("1");

        peer.live(Duration.ofSeconds(60), true);

        assertThat(peer.open()).isTrue();
        assertThat(events).containsExactly("connected", "left: client namespace disconnect");
    }

    @Test
    void neverAnsweringPingsEndsSocketsAndRooms() {
        Peer peer = connect().send("0");

        peer.live(Duration.ofSeconds(46), false);

        assertThat(events).containsExactly("connected", "left: ping timeout");
        assertThat(peer.open()).isFalse();
        assertThat(io.of("/").roomNames()).isEmpty();
    }

    @Test
    void volatileEventsAreDroppedForAPeerThatDoesNotReadAndOthersAreNot() {
        Peer slow = connect().send("0");
        Peer fast = connect().send("0");
        slow.received();
        fast.received();
        slow.writable(false);
        io.of("/").asVolatile().emit("lossy", 1);
        io.of("/").sockets().values().forEach(socket -> socket.asVolatile().emit("lossy", 2));
        io.of("/").emit("kept", 3);
        slow.runTasks();
        slow.writable(true);
        io.of("/").asVolatile().emit("lossy", 4);

        assertThat(slow.received()).containsExactly("2[\"kept\",3]", "2[\"lossy\",4]");
        assertThat(fast.received())
                .containsExactly("2[\"lossy\",1]", "2[\"lossy\",2]", "2[\"kept\",3]", "2[\"lossy\",4]");
    }

    @Test
    void anEventBeforeConnectEndsTheSession() {
        Peer peer = connect().send("2[\"message\"]");

        peer.live(Duration.ofSeconds(31), true);

        assertThat(events).isEmpty();
        assertThat(io.engine().sessionCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "51-[\"message\",{\"_placeholder\":true,\"num\":1}]",
                "51-[\"message\",{\"_placeholder\":true,\"num\":-1}]",
                "51-[\"message\",{\"_placeholder\":true,\"num\":0.5}]",
                "51-[\"message\",{\"_placeholder\":true,\"num\":\"0\"}]",
                "51-[\"message\",{\"_placeholder\":true}]",
                "51-[\"disconnect\",{\"_placeholder\":true,\"num\":0}]",
                "51-[]",
                "51-[{\"_placeholder\":true,\"num\":0}]",
            })
    void attachmentsThatDoNotFitEndTheSession(String header) {
        Peer peer = connect().send("0").send(header).send(new byte[] {1});

        assertThat(peer.received()).hasSize(1);
        assertThat(events).containsExactly("connected", "left: parse error");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "50-[\"message\"]",
                "511-[\"message\"]",
                "5999999999-[\"message\"]",
                "599999999999999999999-[\"message\"]",
                "5-[\"message\"]",
                "5x-[\"message\"]",
                "51[\"message\"]",
                "51-",
                "51-{}",
                "51-\"message\"",
            })
    void aHeaderThatMakesNoSenseEndsTheSession(String header) {
        connect().send("0").send(header);

        assertThat(events).containsExactly("connected", "left: parse error");
    }

    @Test
    void tooFewAttachmentsEndTheSessionWhenSomethingElseComes() {
        Peer peer = connect().send("0").send("52-[\"message\",{\"_placeholder\":true,\"num\":0}]");

        peer.send(new byte[] {1}).send("2[\"message\"]");

        assertThat(events).containsExactly("connected", "left: parse error");
    }

    @Test
    void attachmentsThatNeverComeLeaveNothingBehind() {
        Peer peer = connect().send("0").send("52-[\"message\",{\"_placeholder\":true,\"num\":0}]");

        peer.send(new byte[] {1}).live(Duration.ofSeconds(46), false);

        assertThat(events).containsExactly("connected", "left: ping timeout");
    }

    @Test
    void anAttachmentThatNobodyAnnouncedEndsTheSession() {
        connect()
                .send("0")
                .send("51-[\"message\",{\"_placeholder\":true,\"num\":0}]")
                .send(new byte[3])
                .send(new byte[1]);

        assertThat(events).containsExactly("connected", "message", "left: parse error");
    }

    /** One attachment may stand in many places, as in Node; its bytes are there once. */
    @Test
    void manyPlaceholdersMayShareAnAttachment() {
        String places = ",{\"_placeholder\":true,\"num\":0}".repeat(10_000);

        connect().send("0").send("51-[\"message\"" + places + "]").send(new byte[100_000]);

        assertThat(events).containsExactly("connected", "message");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":"})
    void deepNestingEndsTheSession(String level) {
        for (String packet : List.of(
                "2[\"message\"," + level.repeat(100_000),
                "0" + "{\"a\":" + level.repeat(100_000),
                "51-[\"message\"," + level.repeat(100_000))) {
            connect().send("0").send("0/chat," + packet.substring(1)).send(packet);

            assertThat(events).containsExactly("connected", "left: parse error");
            events.clear();
        }
    }

    @Test
    void nestingWithinTheBoundIsFine() {
        connect().send("0").send("2[\"message\"," + "[".repeat(99) + "]".repeat(99) + "]");
        assertThat(events).containsExactly("connected", "message");
        events.clear();

        connect().send("0").send("2[\"message\"," + "[".repeat(100) + "]".repeat(100) + "]");
        assertThat(events).containsExactly("connected", "left: parse error");
    }

    /** Jackson threw something that is no JacksonException, and the session was left half dead. Found by fuzzing. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0/chat,{\"a\":1e99999999999}",
                "51-[\"message\",1e99999999999,{\"_placeholder\":true,\"num\":0}]"
            })
    void anExponentOutOfRangeEndsTheSession(String packet) {
        connect().send("0").send(packet);

        assertThat(events).containsExactly("connected", "left: parse error");
    }

    @Test
    void anExponentOutOfRangeInAnEventIsAnErrorToItsAck() {
        Peer peer = connect().send("0");
        io.of("/").sockets().values().iterator().next().on("number", (arguments, ack) -> ack.send(arguments.get(0)));

        peer.send("27[\"number\",1e99999999999]");

        assertThat(peer.received()).last().asString().startsWith("37[").contains("invalid_payload");
        assertThat(peer.open()).isTrue();
    }

    @Test
    void deepMessagePackEndsTheSession() {
        io = server(Parser.messagePack(ParserLimits.defaults()));
        install();
        byte[] bomb = new byte[100_000];
        java.util.Arrays.fill(bomb, (byte) 0x91);

        Peer peer = connect();
        peer.send(bomb);
        peer.live(Duration.ofSeconds(31), true);

        assertThat(io.engine().sessionCount()).isZero();
    }

    /** A map that claims four billion entries reserves nothing for them. */
    @Test
    void lengthsThatAreNotThereReserveNothing() {
        io = server(Parser.messagePack(ParserLimits.defaults()));
        install();
        for (int prefix : new int[] {0xDF, 0xDD, 0xDB, 0xC6, 0xC9}) {
            Peer peer = connect();
            peer.send(new byte[] {(byte) prefix, -1, -1, -1, -1});
            peer.live(Duration.ofSeconds(31), true);
        }

        assertThat(io.engine().sessionCount()).isZero();
    }

    @Test
    void namespacesOfOneSessionAreCounted() {
        io.of(Pattern.compile("/n\\d+"));
        Peer peer = connect();
        for (int i = 0; i < 10_000; i++) {
            peer.send("0/n" + i + ",");
        }

        List<String> answers = peer.received();

        assertThat(answers).hasSize(10_000);
        assertThat(answers.stream().filter(answer -> answer.startsWith("0/"))).hasSize(100);
        assertThat(answers).last().asString().contains("maxNamespaces");
        assertThat(io.namespaces()).hasSizeLessThan(110);
    }

    @Test
    void aHugeAckIdOrOneThatNobodyAwaitsHasNoEffect() {
        connect().send("0").send("3123456789[1]").send("30[]").send("2[\"message\"]");
        assertThat(events).containsExactly("connected", "message");
        events.clear();

        connect().send("0").send("3" + "9".repeat(400) + "[]");
        assertThat(events).containsExactly("connected", "left: parse error");
    }

    @Test
    void reservedNamesAreNoEvents() {
        for (String name :
                List.of("connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener")) {
            connect().send("0").send("2[\"" + name + "\"]");
            assertThat(events).containsExactly("connected", "left: parse error");
            events.clear();
        }
    }

    @Test
    void invalidUtf8NeverReachesAListener() {
        byte[] packet = "42[\"message\",\"?\"]".getBytes(UTF_8);
        packet[packet.length - 3] = (byte) 0xC3;
        Peer peer = connect().send("0");

        peer.text(packet);

        assertThat(events).containsExactly("connected", "left: transport error");
        assertThat(io.of("/").sockets()).isEmpty();
    }

    private void install() {
        io.of("/chat");
        io.of("/").onConnection(socket -> {
            events.add("connected");
            socket.join("room-" + socket.id());
            socket.on("message", (arguments, ack) -> events.add("message"));
            socket.onDisconnect((reason, rooms) -> events.add("left: " + reason.text()));
        });
    }

    private static SocketIoServer server(Parser parser) {
        return SocketIoServer.builder()
                .engine(EngineIoSettings.builder().path("/socket.io/").build())
                .parser(parser)
                .callbacks(Callbacks.LOOP)
                .build();
    }

    private Peer connect() {
        Peer peer = new Peer(io);
        peers.add(peer);
        return peer;
    }
}
