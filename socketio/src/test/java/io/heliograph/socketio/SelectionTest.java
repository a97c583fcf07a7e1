package io.heliograph.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.socketio.Clients.Connected;
import io.heliograph.socketio.Clients.Loops;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whom each way of choosing sockets reaches. Ann is in red, Bob in red and blue, Cid in blue, Dan in no room. */
class SelectionTest {

    private static final List<String> PEOPLE = List.of("ann", "bob", "cid", "dan");

    static Stream<Arguments> ofTheNamespace() {
        return Stream.of(
                choice("everyone", "ann bob cid dan", world -> world.main().local()),
                choice("to one room", "ann bob", world -> world.main().to("red")),
                choice("in one room", "ann bob", world -> world.main().in("red")),
                choice(
                        "to rooms of a list",
                        "ann bob cid",
                        world -> world.main().to(List.of("red", "blue"))),
                choice("to two rooms", "ann bob cid", world -> world.main().to("red", "blue")),
                choice(
                        "to one room and another",
                        "ann bob cid",
                        world -> world.main().to("red").to("blue")),
                choice(
                        "in one room and another",
                        "ann bob cid",
                        world -> world.main().in("red").in("blue")),
                choice("to a room without members", "", world -> world.main().to("green")),
                choice(
                        "to a room and one without members",
                        "ann bob",
                        world -> world.main().to("red", "green")),
                choice("to an id", "dan", world -> world.main().to(world.id("dan"))),
                choice(
                        "to an id and a room",
                        "bob cid dan",
                        world -> world.main().to("blue", world.id("dan"))),
                choice(
                        "to an id within the room",
                        "ann bob",
                        world -> world.main().to("red", world.id("bob"))),
                choice("except a room", "cid dan", world -> world.main().except("red")),
                choice("except two rooms", "dan", world -> world.main().except("red", "blue")),
                choice(
                        "except one room and another",
                        "dan",
                        world -> world.main().except("red").except("blue")),
                choice("except an id", "ann cid dan", world -> world.main().except(world.id("bob"))),
                choice(
                        "except a room without members",
                        "ann bob cid dan",
                        world -> world.main().except("green")),
                choice(
                        "to a room except another",
                        "ann",
                        world -> world.main().to("red").except("blue")),
                choice(
                        "to a room except itself",
                        "",
                        world -> world.main().to("red").except("red")),
                choice(
                        "to a room except an id",
                        "bob",
                        world -> world.main().to("red").except(world.id("ann"))),
                choice(
                        "to an id except its room",
                        "",
                        world -> world.main().to(world.id("ann")).except("red")),
                choice(
                        "to an id except it",
                        "",
                        world -> world.main().to(world.id("ann")).except(world.id("ann"))),
                choice("volatile", "ann bob cid dan", world -> world.main().asVolatile()),
                choice(
                        "volatile to a room",
                        "ann bob",
                        world -> world.main().asVolatile().to("red")),
                choice(
                        "a volatile room",
                        "ann bob",
                        world -> world.main().to("red").asVolatile()),
                choice("uncompressed", "ann bob cid dan", world -> world.main().compress(false)),
                choice(
                        "a room uncompressed",
                        "ann bob",
                        world -> world.main().to("red").compress(false)),
                choice(
                        "a room of this node",
                        "ann bob",
                        world -> world.main().to("red").local()));
    }

    static Stream<Arguments> ofBob() {
        return Stream.of(
                choice(
                        "everyone else",
                        "ann cid dan",
                        world -> world.socket("bob").broadcast()),
                choice("a room of his", "ann", world -> world.socket("bob").to("red")),
                choice("in a room of his", "ann", world -> world.socket("bob").in("red")),
                choice(
                        "two rooms of his",
                        "ann cid",
                        world -> world.socket("bob").to("red", "blue")),
                choice("except a room", "cid dan", world -> world.socket("bob").except("red")),
                choice("this node", "ann cid dan", world -> world.socket("bob").local()),
                choice(
                        "a room of this node",
                        "ann",
                        world -> world.socket("bob").local().to("red")),
                choice("his own id", "", world -> world.socket("bob").to(world.id("bob"))),
                choice("another's id", "dan", world -> world.socket("bob").to(world.id("dan"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"ofTheNamespace", "ofBob"})
    void aSelectionReachesItsSocketsOnceEach(Function<World, BroadcastOperator> choose, String expected) {
        for (Loops loops : Loops.values()) {
            try (Clients clients = new Clients(loops)) {
                World world = new World(clients);

                choose.apply(world).emit("news", 1);

                assertThat(world.reached("2[\"news\",1]")).as("%s", loops).isEqualTo(expected);
            }
        }
    }

    /** Actions, questions and queries find the same sockets as an emit does. */
    @ParameterizedTest(name = "{0}")
    @MethodSource({"ofTheNamespace", "ofBob"})
    void aSelectionFindsTheSameSockets(Function<World, BroadcastOperator> choose, String expected) {
        try (Clients clients = new Clients(Loops.ONE_FOR_EACH)) {
            World world = new World(clients);

            List<String> found = choose.apply(world).fetchSockets().toCompletableFuture().join().stream()
                    .map(remote -> (String) remote.data().orElseThrow())
                    .sorted()
                    .toList();

            assertThat(String.join(" ", found)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatWasPreparedIsSentToASelectionInItsOrder(Loops loops) {
        try (Clients clients = new Clients(loops)) {
            World world = new World(clients);
            PreparedEvent one = clients.main().prepare("news", 1);
            PreparedEvent two = clients.main().prepare("news", 2);

            world.main().to("red", "blue").send(one);
            world.main().to("red", "blue").send(List.of(two, one));
            world.socket("bob").send(List.of(one, two));

            String[] sent = {"2[\"news\",1]", "2[\"news\",2]", "2[\"news\",1]"};
            assertThat(world.received("ann")).containsExactly(sent);
            assertThat(world.received("cid")).containsExactly(sent);
            assertThat(world.received("bob"))
                    .containsExactly(sent[0], sent[1], sent[2], "2[\"news\",1]", "2[\"news\",2]");
            assertThat(world.received("dan")).isEmpty();
        }
    }

    @Test
    void aSocketThatWasFoundIsReachedByWhatItWasFoundWith() {
        try (Clients clients = new Clients(Loops.ONE_FOR_EACH)) {
            World world = new World(clients);
            RemoteSocket ann = clients.main()
                    .to(world.id("ann"))
                    .fetchSockets()
                    .toCompletableFuture()
                    .join()
                    .getFirst();

            assertThat(ann.id()).isEqualTo(world.id("ann"));
            assertThat(ann.rooms()).containsExactly("red");
            ann.emit("hello");
            ann.join("green");
            ann.leave("red");
            assertThat(world.reached("2[\"hello\"]")).isEqualTo("ann");
            assertThat(world.socket("ann").rooms()).containsExactly("green");
            ann.disconnect(false);
            assertThat(world.reached("1")).isEqualTo("ann");
        }
    }

    @Test
    void actionsOnEveryone() {
        try (Clients clients = new Clients(Loops.ONE_FOR_EACH)) {
            World world = new World(clients);

            clients.main().socketsJoin("hall", "yard");
            clients.main().socketsLeave("yard", "red");

            assertThat(world.socket("bob").rooms()).containsExactlyInAnyOrder("blue", "hall");
            assertThat(clients.main().roomNames()).containsExactlyInAnyOrder("blue", "hall");
            assertThat(clients.main().fetchSockets().toCompletableFuture().join())
                    .hasSize(4);
            clients.main().disconnectSockets(false);
            assertThat(world.reached("1")).isEqualTo("ann bob cid dan");
        }
    }

    private static Arguments choice(String name, String expected, Function<World, BroadcastOperator> choose) {
        return Arguments.of(Named.of(name, choose), expected);
    }

    /** The four people and their rooms. */
    static final class World {
        private final Clients clients;
        private final List<Connected> people = new ArrayList<>();

        World(Clients clients) {
            this.clients = clients;
            for (String name : PEOPLE) {
                people.add(clients.connect());
                socket(name).data(name);
            }
            socket("ann").join("red");
            socket("bob").join("red", "blue");
            socket("cid").join(List.of("blue"));
            clients.run();
        }

        Namespace main() {
            return clients.main();
        }

        Socket socket(String name) {
            return people.get(PEOPLE.indexOf(name)).socket();
        }

        String id(String name) {
            return socket(name).id();
        }

        List<String> received(String name) {
            return people.get(PEOPLE.indexOf(name)).received();
        }

        /** Who received exactly this packet, and it once; the others have received nothing. */
        String reached(String packet) {
            List<String> reached = new ArrayList<>();
            for (String name : PEOPLE) {
                List<String> received = received(name);
                assertThat(received).as(name).isIn(List.of(), List.of(packet));
                if (!received.isEmpty()) {
                    reached.add(name);
                }
            }
            return String.join(" ", reached);
        }
    }
}
