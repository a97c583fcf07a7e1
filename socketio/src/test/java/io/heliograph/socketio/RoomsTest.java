package io.heliograph.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.socketio.Clients.Connected;
import io.heliograph.socketio.Clients.Loops;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.instancio.junit.InstancioExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is in a room, and who receives what is sent to it; on one loop and on several. */
@ExtendWith(InstancioExtension.class)
class RoomsTest {

    private static final List<String> NAMES = List.of("red", "green", "blue");

    @ParameterizedTest
    @EnumSource
    void aRoomKeepsItsMembersWhenOthersLeave(Loops loops) {
        for (List<Integer> leaving : List.of(List.of(0, 1), List.of(1, 0), List.of(2, 1), List.of(0, 2))) {
            try (Clients clients = new Clients(loops)) {
                List<Connected> members = clients.connect(3);
                members.forEach(member -> member.socket().join("team"));
                List<Connected> left = new ArrayList<>(members);
                for (int index : leaving) {
                    members.get(index).socket().leave("team");
                    left.remove(members.get(index));
                }

                clients.main().to("team").emit("news");

                assertThat(clients.main().roomNames()).containsExactly("team");
                for (Connected member : members) {
                    assertThat(member.received()).hasSize(left.contains(member) ? 1 : 0);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRoomGoesWithItsLastMember(Loops loops) {
        try (Clients clients = new Clients(loops)) {
            List<Connected> members = clients.connect(2);
            members.forEach(member -> member.socket().join("team"));

            members.get(0).socket().leave("team");
            assertThat(clients.main().hasMembers("team")).isTrue();
            members.get(1).socket().disconnect();
            clients.run();

            assertThat(clients.main().roomNames()).isEmpty();
            assertThat(clients.main().hasMembers("team")).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void joiningTwiceDeliversOnceAndLeavingOnceIsEnough(Loops loops) {
        try (Clients clients = new Clients(loops)) {
            Connected member = clients.connect();
            member.socket().join("team", "team");
            member.socket().join("team");
            clients.main().to("team").emit("news");

            assertThat(member.received()).containsExactly("2[\"news\"]");
            member.socket().leave("team");
            clients.main().to("team").emit("news");
            assertThat(member.received()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void leavingARoomThatItIsNotInChangesNothing(Loops loops) {
        try (Clients clients = new Clients(loops)) {
            Connected member = clients.connect();
            member.socket().join("team");

            member.socket().leave("others");

            assertThat(member.socket().rooms()).containsExactly("team");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSocketThatHasLeftTheNamespaceJoinsNothing(Loops loops) {
        try (Clients clients = new Clients(loops)) {
            Connected member = clients.connect();
            member.peer().send("1");

            member.socket().join("team");

            assertThat(member.socket().rooms()).isEmpty();
            assertThat(clients.main().roomNames()).isEmpty();
        }
    }

    /** The loop has not run yet: what counts is the order of the calls. */
    @ParameterizedTest
    @EnumSource
    void joinsLeavesAndSendsOfOneThreadTakeEffectInTheirOrder(Loops loops) {
        try (Clients clients = new Clients(loops)) {
            Connected member = clients.connect();
            Connected stays = clients.connect();
            stays.socket().join("team");

            clients.main().to("team").emit("number", 1);
            member.socket().join("team");
            clients.main().to("team").emit("number", 2);
            member.socket().leave("team");
            clients.main().to("team").emit("number", 3);
            member.socket().join("team");
            clients.main().to("team").emit("number", 4);

            assertThat(member.received()).containsExactly("2[\"number\",2]", "2[\"number\",4]");
            assertThat(stays.received()).hasSize(4);
        }
    }

    /** Two threads: one joins, the other ends the membership before the loop has seen it begin. */
    @Test
    void aMembershipThatEndedBeforeTheLoopSawItBeginsNever() {
        try (Clients clients = new Clients(Loops.ONE_FOR_ALL)) {
            Rooms rooms = new Rooms();
            Room.Membership crossed = rooms.join("team", clients.connect().socket());
            Room room = rooms.find("team").orElseThrow();

            rooms.leave(crossed);
            crossed.begin();
            clients.run();

            assertThat(room.parts()).allSatisfy(part -> assertThat(part.size()).isZero());
            assertThat(rooms.names()).isEmpty();
        }
    }

    /** Against a model: every step is followed by a broadcast to a random choice of rooms. The seed is printed on failure. */
    @ParameterizedTest
    @EnumSource
    void whateverIsJoinedLeftAndExceptedTheRightOnesReceiveOnce(Loops loops) {
        Randoms.samples(20).forEach(random -> {
            try (Clients clients = new Clients(loops)) {
                Model model = new Model(clients, random);
                for (int step = 0; step < 60; step++) {
                    model.change();
                    model.broadcast(step);
                    model.compare();
                }
            }
        });
    }

    /** What should hold, kept in the plainest way. */
    private static final class Model {
        private final Clients clients;
        private final Random random;
        private final List<Connected> connected;
        private final Map<String, Set<Connected>> members = new TreeMap<>();

        Model(Clients clients, Random random) {
            this.clients = clients;
            this.random = random;
            this.connected = new ArrayList<>(clients.connect(6));
            NAMES.forEach(name -> members.put(name, new HashSet<>()));
        }

        void change() {
            Connected chosen = connected.get(random.nextInt(connected.size()));
            String room = NAMES.get(random.nextInt(NAMES.size()));
            switch (random.nextInt(9)) {
                case 0, 1, 2, 3 -> {
                    chosen.socket().join(room);
                    in(room).add(chosen);
                }
                case 4, 5, 6, 7 -> {
                    chosen.socket().leave(room);
                    in(room).remove(chosen);
                }
                default -> {
                    chosen.peer().send("1");
                    connected.remove(chosen);
                    members.values().forEach(all -> all.remove(chosen));
                    connected.add(clients.connect());
                }
            }
        }

        void broadcast(int step) {
            Set<String> rooms = choice();
            Set<String> except = choice();
            Set<Connected> expected = selected(rooms, except);

            clients.main().to(rooms).except(except.toArray(String[]::new)).emit("step", step);

            for (Connected one : connected) {
                assertThat(one.received())
                        .as("step %d to %s except %s", step, rooms, except)
                        .hasSize(expected.contains(one) ? 1 : 0);
            }
            assertThat(ids(rooms, except))
                    .isEqualTo(expected.stream().map(Connected::id).collect(Collectors.toSet()));
        }

        void compare() {
            members.forEach((room, all) -> assertThat(ids(Set.of(room), Set.of()))
                    .isEqualTo(all.stream().map(Connected::id).collect(Collectors.toSet())));
            assertThat(clients.main().roomNames())
                    .isEqualTo(
                            NAMES.stream().filter(name -> !in(name).isEmpty()).collect(Collectors.toSet()));
            connected.forEach(one -> assertThat(one.socket().rooms())
                    .isEqualTo(NAMES.stream()
                            .filter(name -> in(name).contains(one))
                            .collect(Collectors.toSet())));
        }

        private Set<String> ids(Set<String> rooms, Set<String> except) {
            return clients
                    .main()
                    .to(rooms)
                    .except(except.toArray(String[]::new))
                    .fetchSockets()
                    .toCompletableFuture()
                    .join()
                    .stream()
                    .map(RemoteSocket::id)
                    .collect(Collectors.toSet());
        }

        private Set<Connected> selected(Set<String> rooms, Set<String> except) {
            Set<Connected> selected = new HashSet<>(rooms.isEmpty() ? connected : List.of());
            rooms.forEach(room -> selected.addAll(named(room)));
            except.forEach(room -> selected.removeAll(named(room)));
            return selected;
        }

        private Set<Connected> in(String room) {
            return members.getOrDefault(room, new HashSet<>());
        }

        /** A room's members, or the one socket with that id. */
        private Set<Connected> named(String name) {
            return members.getOrDefault(
                    name,
                    connected.stream().filter(one -> one.id().equals(name)).collect(Collectors.toSet()));
        }

        /** None to three of the rooms and of the sockets' ids. */
        private Set<String> choice() {
            Set<String> choice = new TreeSet<>();
            for (int count = random.nextInt(4); count > 0; count--) {
                choice.add(
                        random.nextInt(3) == 0
                                ? connected
                                        .get(random.nextInt(connected.size()))
                                        .id()
                                : NAMES.get(random.nextInt(NAMES.size())));
            }
            return choice;
        }
    }
}
