package io.heliograph.server.presence;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.eventlog.Bus;
import io.heliograph.eventlog.Hint;
import io.heliograph.eventlog.LocalBus;
import io.heliograph.eventlog.Signal;
import io.heliograph.eventlog.Subscription;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What nodes tell each other. */
class PresenceNodesTest {
    private static final WorkspaceId ACME = new WorkspaceId("acme");

    private final ManualTimers time = new ManualTimers();
    private final LocalBus bus = new LocalBus();
    private final CutBus cut = new CutBus(bus);
    private final PresenceNode one = PresenceNode.on(cut, time);
    private final PresenceNode other = PresenceNode.on(bus, time);

    /** The bus as a node has it until the node dies. */
    private static final class CutBus implements Bus {
        private final Bus bus;
        private boolean dead;

        CutBus(Bus bus) {
            this.bus = bus;
        }

        @Override
        public void publish(Hint hint) {
            bus.publish(hint);
        }

        @Override
        public void signal(Signal signal) {
            if (!dead) {
                bus.signal(signal);
            }
        }

        @Override
        public void follow(WorkspaceId workspace) {
            bus.follow(workspace);
        }

        @Override
        public void unfollow(WorkspaceId workspace) {
            bus.unfollow(workspace);
        }

        @Override
        public Subscription subscribe(Listener listener) {
            return bus.subscribe(listener);
        }

        @Override
        public void close() {
            bus.close();
        }
    }

    @Test
    void membersOfBothNodesAreShownOnBoth() {
        PresenceNode.Client ada = one.connect("acme", "ada").look("apr_1");
        time.advance(Duration.ofSeconds(5));

        PresenceNode.Client bob = other.connect("acme", "bob");
        time.advance(Duration.ofSeconds(3));

        assertThat(bob.seen()).isEqualTo("ada@apr_1 bob");
        assertThat(ada.seen()).isEqualTo("ada@apr_1 bob");
    }

    @Test
    void whatIsSetOnOneNodeIsSeenOnTheOtherWithinTwoSeconds() {
        PresenceNode.Client ada = one.connect("acme", "ada");
        PresenceNode.Client bob = other.connect("acme", "bob");
        time.advance(Duration.ofSeconds(5));

        ada.look("apr_1");
        time.advance(Duration.ofSeconds(2));
        assertThat(bob.seen()).isEqualTo("ada@apr_1 bob");

        ada.close();
        time.advance(Duration.ofSeconds(2));
        assertThat(bob.seen()).isEqualTo("bob");
    }

    @Test
    void aMemberOfBothNodesLooksAtWhatWasSetLast() {
        PresenceNode.Client laptop = one.connect("acme", "ada").look("apr_1");
        time.advance(Duration.ofSeconds(3));
        PresenceNode.Client phone = other.connect("acme", "ada").look("apr_2");
        time.advance(Duration.ofSeconds(3));
        assertThat(laptop.seen()).isEqualTo("ada@apr_2");

        phone.close();
        time.advance(Duration.ofSeconds(3));
        assertThat(laptop.seen()).isEqualTo("ada@apr_1");
    }

    @Test
    void theMembersOfANodeThatDiesAreGoneWithinThirtySeconds() {
        PresenceNode.Client ada = one.connect("acme", "ada");
        PresenceNode.Client bob = other.connect("acme", "bob");
        for (int i = 0; i < 6; i++) {
            time.advance(Duration.ofSeconds(10));
            ada.ping();
            bob.ping();
        }
        assertThat(bob.seen()).isEqualTo("ada bob");

        cut.dead = true;
        time.advance(Duration.ofSeconds(11));
        bob.ping();
        assertThat(bob.seen()).isEqualTo("ada bob");
        time.advance(Duration.ofSeconds(19));

        assertThat(bob.seen()).isEqualTo("bob");
    }

    @Test
    void nothingIsToldOfAWorkspaceWithoutSocketsHere() {
        one.connect("acme", "ada");
        time.advance(Duration.ofSeconds(20));

        assertThat(other.presence.workspaces()).isZero();
    }

    @Test
    void manyMembersAreToldInSeveralSignalsAndReadBack() {
        long seed = Long.getLong("heliograph.seed", System.nanoTime());
        Random random = new Random(seed);
        List<PresentMember> members = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String name = "\u0001\"\n".repeat(random.nextInt(60)) + "n".repeat(1 + random.nextInt(20));
            members.add(
                    new PresentMember("mem_" + i, name, Optional.of("apr_" + i).filter(_ -> random.nextBoolean()), i));
        }

        List<Signal> signals = PresenceMessage.signals(Json.mapper(), ACME, "node", members, List.of("mem_gone"));

        List<PresenceMessage.Entry> read = signals.stream()
                .flatMap(signal -> PresenceMessage.of(Json.mapper(), signal).orElseThrow().entries().stream())
                .toList();
        List<PresenceMessage.Entry> expected = new ArrayList<>();
        members.forEach(member -> expected.add(PresenceMessage.Entry.of(member)));
        expected.add(PresenceMessage.Entry.gone("mem_gone"));
        assertThat(read).as("seed " + seed).isEqualTo(expected);
        assertThat(signals.size()).isGreaterThan(1);
    }

    @Test
    void aMessageThatCannotBeReadIsDropped() {
        PresenceNode.Client bob = other.connect("acme", "bob");
        time.advance(Duration.ofSeconds(2));

        bus.signal(new Signal(ACME, "presence", "node\n{\"id\":"));
        bus.signal(new Signal(ACME, "presence", "node\n{\"id\":\"eve\",\"name\":\"Eve\",\"since\":0,\"new\":1}"));
        time.advance(Duration.ofSeconds(2));

        assertThat(bob.seen()).isEqualTo("bob");
        assertThat(other.registry.counter("heliograph.presence.dropped").count())
                .isEqualTo(2);
    }

    @Test
    void aFloodOfNodesAndMembersIsBounded() {
        PresenceNode.Client bob = other.connect("acme", "bob");
        time.advance(Duration.ofSeconds(2));
        for (int node = 0; node < 70; node++) {
            List<PresentMember> members = new ArrayList<>();
            for (int member = 0; member < 300; member++) {
                members.add(new PresentMember("mem_" + node + "_" + member, "x", Optional.empty(), 0));
            }
            PresenceMessage.signals(Json.mapper(), ACME, "node-" + node, members, List.of())
                    .forEach(bus::signal);
        }
        time.advance(Duration.ofSeconds(2));

        assertThat(bob.updates.getLast().path("members").size()).isEqualTo(200);
        assertThat(bob.updates.getLast().path("truncated").asBoolean()).isTrue();
        time.advance(Duration.ofSeconds(29));
        assertThat(bob.updates.getLast().path("members").size()).isLessThanOrEqualTo(1);
    }
}
