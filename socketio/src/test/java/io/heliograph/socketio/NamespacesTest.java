package io.heliograph.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliograph.engineio.CloseReason;
import io.heliograph.engineio.LoopTimers;
import io.heliograph.socketio.Clients.Connected;
import io.heliograph.socketio.Clients.Loops;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The namespaces of one session: how they are joined and left, and that none disturbs another. */
class NamespacesTest {

    private final Clients clients = new Clients(Loops.ONE_FOR_ALL, builder -> builder.maxNamespaces(3));
    private final List<Socket> chatting = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();

    NamespacesTest() {
        clients.io().of("/chat").onConnection(socket -> {
            chatting.add(socket);
            socket.on("say", (arguments, ack) -> heard.add("chat " + arguments.get(0, String.class)));
            socket.onDisconnect((reason, rooms) -> heard.add("chat left: " + reason.text()));
        });
    }

    @AfterEach
    void close() {
        clients.close();
    }

    @Test
    void eventsReachTheNamespaceThatTheyName() {
        Connected client = clients.connect();
        client.socket().on("say", (arguments, ack) -> heard.add("main " + arguments.get(0, String.class)));
        client.peer().send("0/chat,").received();

        client.peer().send("2[\"say\",\"one\"]").send("2/chat,[\"say\",\"two\"]");
        clients.main().emit("news", 1);
        clients.io().of("/chat").emit("news", 2);

        assertThat(heard).containsExactly("main one", "chat two");
        assertThat(client.received()).containsExactly("2[\"news\",1]", "2/chat,[\"news\",2]");
    }

    @Test
    void leavingOneNamespaceLeavesTheOthersAlone() {
        Connected client = clients.connect();
        client.peer().send("0/chat,").received();

        client.peer().send("1/chat,");
        clients.io().of("/chat").emit("news");
        clients.main().emit("news");

        assertThat(heard).containsExactly("chat left: client namespace disconnect");
        assertThat(client.received()).containsExactly("2[\"news\"]");
        assertThat(client.socket().connected()).isTrue();
        assertThat(clients.io().of("/chat").sockets()).isEmpty();
    }

    @Test
    void aNamespaceThatWasLeftIsJoinedAgainAsAnotherSocket() {
        Connected client = clients.connect();
        client.peer().send("0/chat,").received();
        chatting.getFirst().join("room");

        client.peer().send("1/chat,").send("0/chat,").send("2/chat,[\"say\",\"back\"]");

        assertThat(client.received()).singleElement().asString().startsWith("0/chat,{\"sid\":");
        assertThat(chatting).hasSize(2);
        assertThat(chatting.getLast().id()).isNotEqualTo(chatting.getFirst().id());
        assertThat(chatting.getLast().rooms()).isEmpty();
        assertThat(chatting.getFirst().connected()).isFalse();
        assertThat(heard).endsWith("chat back");
    }

    @Test
    void theFirstSocketOfASessionIsKnownAsSuchAlsoWhenItIsGone() {
        Connected client = clients.connect();
        client.peer().send("1").send("0/chat,").received();

        assertThat(client.socket().first()).isTrue();
        assertThat(chatting.getFirst().first()).isFalse();
        clients.peer().send("0/chat,");
        assertThat(chatting.getLast().first()).as("in another session").isTrue();
    }

    @Test
    void aNamespaceThatDoesNotExistIsRefusedAndTheSessionGoesOn() {
        Connected client = clients.connect();

        client.peer().send("0/nowhere,");

        assertThat(client.received()).containsExactly("4/nowhere,{\"message\":\"Invalid namespace\"}");
        client.peer().send("0/chat,");
        assertThat(client.received()).singleElement().asString().startsWith("0/chat,");
        assertThat(clients.io().namespaces()).containsOnlyKeys("/", "/chat");
    }

    @Test
    void asManyNamespacesAsTheBoundMayBeJoined() {
        clients.io().of("/two");
        clients.io().of("/three");
        Connected client = clients.connect();
        client.peer().send("0/chat,").send("0/two,").received();

        client.peer().send("0/three,");
        assertThat(client.received()).containsExactly("4/three,{\"message\":\"Too many namespaces (maxNamespaces)\"}");
        client.peer().send("1/two,").send("0/three,");

        assertThat(client.received()).singleElement().asString().startsWith("0/three,{");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2/chat,[\"say\",\"x\"]", "1/chat,", "3/chat,1[]", "4/chat,{}"})
    void aPacketForANamespaceThatWasNotJoinedEndsTheSession(String packet) {
        Connected client = clients.connect();
        client.socket().onDisconnect((reason, rooms) -> heard.add("main left: " + reason.text()));

        client.peer().send(packet).send("2[\"say\",\"x\"]");

        assertThat(heard).containsExactly("main left: forced server close");
        assertThat(clients.main().sockets()).isEmpty();
    }

    @Test
    void aClientHasNoConnectErrorsToSend() {
        Connected client = clients.connect();
        client.socket().onDisconnect((reason, rooms) -> heard.add("main left: " + reason.text()));

        client.peer().send("4{\"message\":\"no\"}");

        assertThat(heard).containsExactly("main left: forced server close");
    }

    /** What the client sent before it knew of one disconnection is ignored, and nothing else is. */
    @Test
    void theServersDisconnectForgivesLatePacketsOfThatNamespaceOnly() {
        Connected client = clients.connect();
        client.peer().send("0/chat,").received();
        chatting.getFirst().disconnect();
        clients.run();

        client.peer().send("2/chat,[\"say\",\"late\"]").send("2[\"fine\"]");
        assertThat(client.socket().connected()).isTrue();
        client.peer().send("2/other,[\"say\",\"late\"]");

        assertThat(client.socket().connected()).isFalse();
        assertThat(heard).containsExactly("chat left: server namespace disconnect");
    }

    /** Each end of the session below, as each of its sockets is told. */
    @ParameterizedTest
    @CsvSource({
        "TRANSPORT_CLOSE,      transport close,      true",
        "TRANSPORT_ERROR,      transport error,      true",
        "PING_TIMEOUT,         ping timeout,         true",
        "PARSE_ERROR,          parse error,          false",
        "FORCED_CLOSE,         forced close,         true",
        "SERVER_SHUTTING_DOWN, server shutting down, true",
        "SLOW_CONSUMER,        slow consumer,        true",
    })
    void everySocketIsToldWhyItsSessionEnded(CloseReason reason, String text, boolean recoverable) {
        List<DisconnectReason> reasons = new ArrayList<>();
        Connected client = clients.connect();
        client.socket().onDisconnect((why, rooms) -> reasons.add(why));
        client.peer().send("0/chat,").received();

        client.socket().client().session().close(reason);
        clients.run();

        assertThat(heard).containsExactly("chat left: " + text);
        assertThat(reasons).singleElement().satisfies(why -> {
            assertThat(why.text()).isEqualTo(text);
            assertThat(why.recoverable()).isEqualTo(recoverable);
        });
        assertThat(clients.main().registry().empty()).isTrue();
        assertThat(clients.io().of("/chat").registry().empty()).isTrue();
    }

    @Test
    void onPurposeMeansForGood() {
        assertThat(DisconnectReason.CLIENT_NAMESPACE_DISCONNECT.recoverable()).isFalse();
        assertThat(DisconnectReason.SERVER_NAMESPACE_DISCONNECT.recoverable()).isFalse();
        assertThat(DisconnectReason.FORCED_SERVER_CLOSE.recoverable()).isTrue();
    }

    @Test
    void aServerThatShutsDownTellsEverySocketSo() {
        clients.connect();
        clients.peer().send("0/chat,").received();

        clients.io().close(Duration.ofMinutes(1));
        clients.run();

        assertThat(heard).containsExactly("chat left: server shutting down");
        assertThat(clients.main().sockets()).isEmpty();
    }

    @Test
    void aNameIsTheSameWithAndWithoutItsSlash() {
        assertThat(clients.io().of("chat")).isSameAs(clients.io().of("/chat"));
        assertThat(clients.io().of("chat").name()).isEqualTo("/chat");
    }

    @Test
    void anEventThatWasPreparedForOneNamespaceIsNotSentInAnother() {
        Connected client = clients.connect();
        PreparedEvent event = clients.io().of("/chat").prepare("news", 1);

        assertThatThrownBy(() -> client.socket().send(event))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the event was prepared for namespace /chat, not for /");
        assertThat(event.event()).isEqualTo("news");
        assertThat(event.bytes()).isEqualTo(2 + "42/chat,[\"news\",1]".length());
    }

    /** The client has as long as a session without a namespace has. */
    @Test
    void aClientThatIsNotAdmittedInTimeLosesItsSession() {
        List<Next> held = new ArrayList<>();
        clients.io().of("/slow").use((socket, next) -> {
            socket.onClosed(() -> heard.add("closed"));
            held.add(next);
        });
        Peer peer = clients.peer().send("0/slow,");

        peer.live(Duration.ofMillis(44_900), true);
        assertThat(heard).isEmpty();
        peer.live(Duration.ofMillis(300), true);
        assertThat(heard).containsExactly("closed");
        held.getFirst().proceed();

        assertThat(peer.received()).isEmpty();
        assertThat(clients.io().of("/slow").sockets()).isEmpty();
        assertThat(clients.io().of("/slow").registry().empty()).isTrue();
    }

    @Test
    void aSessionThatWasInANamespaceStaysWithoutOne() {
        Connected client = clients.connect();
        client.peer().send("1");

        client.peer().live(Duration.ofSeconds(60), true);
        client.peer().send("0/chat,");

        assertThat(client.received()).singleElement().asString().startsWith("0/chat,{");
    }

    /** Each namespace that the server has disconnected is forgiven by itself. */
    @Test
    void comingBackToOneNamespaceLeavesTheOthersForgiven() {
        List<Socket> others = new ArrayList<>();
        clients.io().of("/other").onConnection(others::add);
        Connected client = clients.connect();
        client.peer().send("0/chat,").send("0/other,").received();
        chatting.getFirst().disconnect();
        others.getFirst().disconnect();
        clients.run();

        client.peer().send("0/chat,").send("2/other,[\"late\"]");

        assertThat(client.socket().connected()).isTrue();
        assertThat(chatting).hasSize(2);
        client.peer().send("0/other,").send("1/other,").send("2/other,[\"late\"]");
        assertThat(client.socket().connected())
                .as("it came back and left by itself")
                .isFalse();
    }

    /** Otherwise every client that ever was would stay in memory. */
    @Test
    void whoHasLeftIsInNoList() {
        Connected stays = clients.connect();
        Connected leaves = clients.connect();
        leaves.socket().join("room");
        stays.socket().join("room");

        leaves.peer().send("1");

        assertThat(members(clients.main().registry().everyone())).containsExactly(stays.socket());
        assertThat(members(clients.main().registry().rooms().find("room").orElseThrow()))
                .containsExactly(stays.socket());
        assertThat(clients.main().sockets()).containsOnlyKeys(stays.id());
    }

    private static List<Socket> members(Room room) {
        List<Socket> members = new ArrayList<>();
        for (Room.Part part : room.parts()) {
            for (int i = 0; i < part.size(); i++) {
                members.add(part.socket(i));
            }
        }
        return members;
    }

    @Test
    void aClientThatGoesLeavesNoTimer() {
        Peer peer = clients.peer();
        Connected client = clients.connect();
        client.socket().timeout(Duration.ofSeconds(5)).emitWithAck("question");
        clients.run();
        assertThat(LoopTimers.count(clients.io().engine().loops())).isGreaterThan(1);

        peer.close();
        client.peer().close();

        assertThat(LoopTimers.count(clients.io().engine().loops())).isZero();
    }

    @Test
    void aServerWithABadBoundIsNotBuilt() {
        SocketIoServer.Builder builder = SocketIoServer.builder().maxNamespaces(1);
        assertThatThrownBy(() -> builder.maxNamespaces(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxNamespaces is 0, expected one or more");
        assertThatThrownBy(() -> builder.connectTimeout(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("connectTimeout is PT0S");
        assertThatThrownBy(() -> builder.adapterTimeout(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("adapterTimeout is PT-0.001S");
        assertThatThrownBy(() -> new ParserLimits(0, 1, ParserLimits.defaults().json()))
                .hasMessageContaining("maxDepth is 0");
        assertThatThrownBy(() -> new ParserLimits(1, 0, ParserLimits.defaults().json()))
                .hasMessageContaining("maxAttachments 0");
    }

    @Test
    void oneNamespaceIsEnoughForASessionToStay() {
        clients.io().of("/slow").use((socket, next) -> heard.add("asked"));
        Peer peer = clients.peer().send("0/slow,").send("0/chat,");

        peer.live(Duration.ofSeconds(60), true);

        assertThat(peer.open()).isTrue();
        assertThat(heard).containsExactly("asked");
    }
}
