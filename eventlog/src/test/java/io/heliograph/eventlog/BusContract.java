package io.heliograph.eventlog;

import static io.heliograph.eventlog.Samples.ACME;
import static io.heliograph.eventlog.Samples.OTHER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Bus} promises while it is connected. */
abstract class BusContract {
    private Bus here = new LocalBus();
    private Bus there = new LocalBus();
    private final RecordingListener hearsHere = new RecordingListener();
    private final RecordingListener hearsThere = new RecordingListener();

    /** A node's bus. All that one test opens are connected with one another. */
    abstract Bus open();

    static final class RecordingListener implements Bus.Listener {
        final List<Hint> hints = new CopyOnWriteArrayList<>();
        final List<Signal> signals = new CopyOnWriteArrayList<>();
        final List<WorkspaceId> followed = new CopyOnWriteArrayList<>();

        @Override
        public void hint(Hint hint) {
            hints.add(hint);
        }

        @Override
        public void signal(Signal signal) {
            signals.add(signal);
        }

        @Override
        public void reconnected() {}

        @Override
        public void followed(WorkspaceId workspace) {
            followed.add(workspace);
        }
    }

    @BeforeEach
    void connect() {
        here = open();
        there = open();
        here.subscribe(hearsHere);
        there.subscribe(hearsThere);
    }

    @AfterEach
    void disconnect() {
        here.close();
        there.close();
    }

    /** Returns when the hints of other nodes arrive. */
    private static void follow(Bus bus, RecordingListener ear, WorkspaceId workspace) {
        bus.follow(workspace);
        await().until(() -> ear.followed.contains(workspace));
    }

    static Hint hint(WorkspaceId workspace, long... offsets) {
        List<Event> events = IntStream.range(0, offsets.length)
                .mapToObj(i -> new Event(
                        workspace,
                        new Position("e1", offsets[i], Instant.parse("2026-01-01T00:00:00.123Z")),
                        "evt_00000" + offsets[i],
                        "approval:created",
                        i == 0 ? Audience.EVERYONE : Audience.member("mem_ü"),
                        i == 0 ? Optional.empty() : Optional.of("agt_9"),
                        Payload.of(("{\"ü\":" + offsets[i] + "}").getBytes(StandardCharsets.UTF_8))))
                .toList();
        return new Hint(workspace, events.getLast().cursor(), events);
    }

    @Test
    void hintsReachEveryNodeThatFollowsAsTheyWereSent() {
        follow(here, hearsHere, ACME);
        follow(there, hearsThere, ACME);
        Hint sent = hint(ACME, 7, 8);

        here.publish(sent);

        await().until(() -> !hearsHere.hints.isEmpty() && !hearsThere.hints.isEmpty());
        for (Hint got : List.of(hearsHere.hints.getFirst(), hearsThere.hints.getFirst())) {
            assertThat(got.head()).isEqualTo(sent.head());
            assertThat(got.events())
                    .usingRecursiveFieldByFieldElementComparator()
                    .isEqualTo(sent.events());
        }
    }

    @Test
    void aWorkspaceIsFollowedAsLongAsAnybodyHereWantsIt() {
        follow(there, hearsThere, ACME);
        follow(there, hearsThere, ACME);
        there.unfollow(ACME);

        here.publish(hint(ACME, 3));

        await().until(() -> !hearsThere.hints.isEmpty());
    }

    @Test
    void aHintMayCarryNoEvents() {
        follow(there, hearsThere, ACME);
        Hint bare = new Hint(ACME, hint(ACME, 9).head(), List.of());

        here.publish(bare);

        await().until(() -> !hearsThere.hints.isEmpty());
        assertThat(hearsThere.hints).containsExactly(bare);
    }

    @Test
    void signalsReachEveryNodeInTheOrderTheyWereSent() {
        List<Signal> sent = IntStream.range(0, 50)
                .mapToObj(i -> new Signal(i % 2 == 0 ? ACME : OTHER, "member-revoked", "mem_" + i + " ü"))
                .toList();

        sent.forEach(here::signal);

        await().until(() -> hearsThere.signals.size() >= 50 && hearsHere.signals.size() >= 50);
        assertThat(hearsThere.signals).containsExactlyElementsOf(sent);
        assertThat(hearsHere.signals).containsExactlyElementsOf(sent);
    }

    @Test
    void aClosedSubscriptionHearsNothing() {
        RecordingListener left = new RecordingListener();
        follow(here, hearsHere, ACME);
        here.subscribe(left).close();

        here.publish(hint(ACME, 1));
        here.signal(new Signal(ACME, "last", ""));

        await().until(() -> !hearsHere.signals.isEmpty() && !hearsHere.hints.isEmpty());
        assertThat(left.hints).isEmpty();
        assertThat(left.signals).isEmpty();
    }

    @Test
    void oneListenerMaySubscribeTwiceAndEndOneOfThem() {
        RecordingListener twice = new RecordingListener();
        follow(here, hearsHere, ACME);
        Subscription first = here.subscribe(twice);
        here.subscribe(twice);

        here.publish(hint(ACME, 1));
        await().until(() -> twice.hints.size() == 2);
        first.close();
        first.close();
        here.publish(hint(ACME, 2));

        await().until(() -> twice.hints.size() > 2 && hearsHere.hints.size() > 1);
        assertThat(twice.hints).hasSize(3);
    }

    @Test
    void aListenerThatThrowsDoesNotDisturbTheOthers() {
        RecordingListener last = new RecordingListener();
        follow(here, hearsHere, ACME);
        here.subscribe(new Bus.Listener() {
            @Override
            public void hint(Hint hint) {
                throw new IllegalStateException("broken");
            }

            @Override
            public void signal(Signal signal) {
                throw new IllegalStateException("broken");
            }

            @Override
            public void reconnected() {}
        });
        here.subscribe(last);

        here.publish(hint(ACME, 1));
        here.signal(new Signal(ACME, "last", ""));

        await().until(() -> !last.signals.isEmpty() && !last.hints.isEmpty());
    }
}
