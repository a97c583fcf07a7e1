package io.heliograph.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.eventlog.Audience;
import io.heliograph.eventlog.Event;
import io.heliograph.eventlog.WorkspaceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;

/**
 * Clients that are lost and resume at any point, while events arrive, hints are lost, threads run in any order and
 * networks stall: each member gets all events that are for it, in order, once, and no other.
 */
class RandomHistoriesTest {
    private static final List<String> MEMBERS = List.of("ada", "bob", "eve");
    private static final int STEPS = 400;

    private final Random random = new Random();
    private final GatewayWorld world = GatewayWorld.builder().page(3).build();
    private final List<Client> clients = new ArrayList<>();
    private int appended;

    /** One member, over all its connections. */
    private final class Client {
        private final String member;
        private final List<String> received = new ArrayList<>();
        private Peer peer;
        private String pid;
        private String offset = "";

        Client(String member) {
            this.member = member;
            peer = world.connect(member);
            pid = peer.pid();
        }

        void collect() {
            received.addAll(peer.events());
            if (!peer.offset().isEmpty()) {
                offset = peer.offset();
            }
        }

        void lose() {
            peer.lose();
            collect();
        }

        void resume() {
            collect();
            if (!peer.open()) {
                peer = world.handshake();
                peer.askToResume(member, pid, offset);
            }
        }
    }

    @RepeatedTest(30)
    void eachMemberGetsItsEventsInOrderAndOnce() {
        long seed = System.getenv("HELIOGRAPH_SEED") == null
                ? random.nextLong()
                : Long.parseLong(System.getenv("HELIOGRAPH_SEED"));
        random.setSeed(seed);
        MEMBERS.forEach(world::member);
        MEMBERS.forEach(member -> clients.add(new Client(member)));

        for (int step = 0; step < STEPS; step++) {
            next();
        }
        end();

        for (Client client : clients) {
            assertThat(client.received)
                    .as(client.member + " with HELIOGRAPH_SEED=" + seed)
                    .isEqualTo(visible(client.member));
        }
        world.close();
    }

    private void next() {
        Client client = clients.get(random.nextInt(clients.size()));
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> append();
            case 3 -> client.lose();
            case 4, 5 -> client.resume();
            case 6 -> client.peer.stall(random.nextBoolean());
            case 7 -> world.log.hinting(random.nextInt(4) > 0);
            case 8 -> world.runLoops();
            default -> {
                for (int task = random.nextInt(6); task > 0; task--) {
                    world.time.step(random.nextInt(100));
                }
            }
        }
    }

    private void append() {
        Audience audience = random.nextBoolean()
                ? GatewayWorld.EVERYONE
                : new Audience.Member(MEMBERS.get(random.nextInt(MEMBERS.size())));
        world.log.append("acme", String.valueOf(appended++), audience);
    }

    private void end() {
        for (Client client : clients) {
            client.peer.stall(false);
            world.settle();
            client.resume();
        }
        world.log.hinting(true);
        world.advance(Duration.ofSeconds(5));
        clients.forEach(Client::collect);
    }

    private List<String> visible(String member) {
        return world.log.after(new WorkspaceId("acme"), 0, Integer.MAX_VALUE).stream()
                .filter(Principals.member("acme", member)::mayRead)
                .map(Event::type)
                .map(type -> type.substring("test:".length()))
                .toList();
    }
}
