package io.heliograph.server.agents;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.eventlog.Bus;
import io.heliograph.eventlog.Hint;
import io.heliograph.eventlog.LocalBus;
import io.heliograph.eventlog.Signal;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.events.AgentId;
import io.heliograph.server.events.VolatileEvent;
import io.heliograph.server.fixtures.ManualClock;
import io.heliograph.server.identity.ActAs;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.identity.ConcurrencyLimiter;
import io.heliograph.server.identity.Scope;
import io.heliograph.server.json.Json;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class MessageDeltasTest {
    private static final MessageDeltas.Key KEY =
            new MessageDeltas.Key(new WorkspaceId("ws_1"), new AgentId("agt_1"), "msg_1");
    private static final Caller ROBOT = caller("robot");
    private static final JsonMapper JSON = Json.mapper();

    private final ManualClock clock = new ManualClock();
    private final Asked scheduler = new Asked();
    private final LocalBus bus = new LocalBus();
    private final List<JsonNode> told = new ArrayList<>();
    private final MessageDeltas deltas = new MessageDeltas(
            bus,
            JSON,
            Duration.ofMillis(100),
            new ConcurrencyLimiter(limit("all", 3), limit("workspace", 3), limit("caller", 2)),
            clock,
            scheduler);

    /** As the message's row counts. */
    private long row;

    /** Remembers what it is asked to run, and when. */
    private static final class Asked extends ScheduledThreadPoolExecutor {
        final Queue<Runnable> tasks = new ArrayDeque<>();
        long lastDelayMillis = -1;

        Asked() {
            super(1);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
            tasks.add(task);
            lastDelayMillis = unit.toMillis(delay);
            return super.schedule(() -> {}, 0, unit);
        }

        void runNext() {
            tasks.remove().run();
        }

        void runAll() {
            while (!tasks.isEmpty()) {
                runNext();
            }
        }
    }

    @BeforeEach
    void listen() {
        bus.subscribe(new Bus.Listener() {
            @Override
            public void signal(Signal signal) {
                VolatileEvent.of(signal).ifPresent(event -> {
                    assertThat(event.type()).isEqualTo("agent:message");
                    assertThat(event.topic()).contains("agents/agt_1");
                    told.add(JSON.readTree(event.json()));
                });
            }

            @Override
            public void hint(Hint hint) {}

            @Override
            public void reconnected() {}
        });
    }

    @AfterEach
    void stop() {
        scheduler.shutdownNow();
    }

    @Test
    void whatComesWithinAnIntervalSharesANumberAndAnEvent() {
        append("Hel");
        assertThat(scheduler.lastDelayMillis).isZero();
        scheduler.runNext();

        append("lo ");
        append("world");

        assertThat(scheduler.lastDelayMillis).isEqualTo(100);
        scheduler.runNext();
        assertThat(scheduler.tasks).isEmpty();
        assertThat(texts()).containsExactly("Hel", "lo world");
        assertThat(revs()).containsExactly(1L, 2L);
        assertThat(row).isEqualTo(2);
        assertThat(told.getFirst().path("messageId").asString()).isEqualTo("msg_1");
        assertThat(told.getFirst().path("agentId").asString()).isEqualTo("agt_1");
    }

    @Test
    void whatAnotherNodeHasCountedMeanwhileKeepsTheTextInTheOrderOfItsNumbers() {
        append("one ");
        row++; // "two " on another node
        append("three ");
        append("three and a half ");
        row++; // "four " on another node
        append("five");

        scheduler.runAll();

        assertThat(texts()).containsExactly("one ", "three three and a half ", "five");
        assertThat(revs()).containsExactly(1L, 3L, 5L);
    }

    @Test
    void textWaitsForWhatMayStillShareItsNumber() {
        append("one ");
        try (MessageDeltas.Writing slow = begin(KEY, "two ")) {
            scheduler.runAll();
            assertThat(told).isEmpty();
            append("three");

            slow.numbered(slow.joinable());
        }

        scheduler.runAll();
        // Its interval was over, so the third took a number of its own.
        assertThat(texts()).containsExactly("one two ", "three");
        assertThat(revs()).containsExactly(1L, 2L);
    }

    @Test
    void aDeltaThatCouldNotBeNumberedLeavesNothing() {
        append("one");
        try (MessageDeltas.Writing failed = begin(KEY, " and")) {
            assertThat(failed.joinable()).isEqualTo(1);
        }
        try (MessageDeltas.Writing refused = begin(key("msg_none"), "x")) {
            assertThat(refused.joinable()).isZero();
        }

        scheduler.runAll();

        assertThat(texts()).containsExactly("one");
        assertThat(deltas.streaming()).isEqualTo(1);
    }

    @Test
    void nothingIsPublishedOnceTheMessageIsFinished() {
        append("waits");
        try (MessageDeltas.Writing late = begin(KEY, "late")) {
            deltas.finished(KEY);
            late.numbered(late.joinable());
        }

        scheduler.runAll();

        assertThat(told).isEmpty();
        assertThat(deltas.streaming()).isZero();
    }

    @Test
    void whatIsTooMuchIsDroppedAndLeavesAGapInTheNumbers() {
        String text = "x".repeat(3_500);
        for (int i = 0; i < 4; i++) {
            append(text);
        }
        append("dropped".repeat(400));
        scheduler.runAll();
        append("next");
        scheduler.runAll();

        assertThat(String.join("", texts())).isEqualTo(text.repeat(4) + "next");
        assertThat(revs()).containsExactly(1L, 2L, 3L, 4L, 6L);
    }

    @Test
    void oneIntervalCarriesAsMuchAsFitsOneEvent() {
        for (int i = 0; i < 3; i++) {
            append("x".repeat(1_500));
            row++; // another node
        }

        scheduler.runNext();
        assertThat(revs()).containsExactly(1L, 3L);
        scheduler.runNext();
        assertThat(revs()).containsExactly(1L, 3L, 5L);
    }

    @Test
    void everyPieceFitsTheBusAndNoCharacterIsCutInTwo() {
        long seed = Long.getLong("heliograph.seed", System.nanoTime());
        Random random = new Random(seed);
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            String[] alphabet = {"\u0001", "\n", "\"", "\\", "a", "\u2028", "\u007f", "é", "😀", "/", "<"};
            int kinds = 1 + random.nextInt(alphabet.length);
            StringBuilder text = new StringBuilder();
            while (text.length() < random.nextInt(1, 4_000)) {
                text.append(alphabet[random.nextInt(kinds)]);
            }
            append(text.toString());
            all.append(text);
            scheduler.runAll();
        }

        assertThat(texts())
                .as("seed " + seed)
                .noneMatch(piece -> Character.isHighSurrogate(piece.charAt(piece.length() - 1)));
        assertThat(String.join("", texts())).as("seed " + seed).isEqualTo(all.toString());
        for (int i = 0; i < told.size(); i++) {
            assertThat(told.get(i).path("rev").asLong()).isEqualTo(i + 1);
        }
    }

    @Test
    void aCallerHasItsShareOfMessagesUntilTheyEndOrRest() {
        append("x");
        append(key("msg_2"));
        assertThat(full(ROBOT, key("msg_3"))).isEqualTo("heliograph.caller allows 2");
        append(KEY);

        assertThat(deltas.begin(caller("other"), key("msg_3"), "x"))
                .isInstanceOf(MessageDeltas.Admission.Admitted.class);
        assertThat(full(caller("third"), key("msg_4"))).isEqualTo("heliograph.workspace allows 3");
        deltas.finished(KEY);
        append(key("msg_4"));
        assertThat(full(ROBOT, key("msg_5"))).isEqualTo("heliograph.caller allows 2");
        scheduler.runAll();
        clock.advance(Duration.ofSeconds(61));
        append(key("msg_5"));

        // And the one that the other has not numbered yet.
        assertThat(deltas.streaming()).isEqualTo(2);
    }

    private String full(Caller caller, MessageDeltas.Key key) {
        return switch (deltas.begin(caller, key, "x")) {
            case MessageDeltas.Admission.Full(ConcurrencyLimiter.Limit limit) -> limit.toString();
            case MessageDeltas.Admission.Admitted _ -> throw new AssertionError("admitted");
        };
    }

    private MessageDeltas.Writing begin(MessageDeltas.Key key, String text) {
        return switch (deltas.begin(ROBOT, key, text)) {
            case MessageDeltas.Admission.Admitted(MessageDeltas.Writing writing) -> writing;
            case MessageDeltas.Admission.Full(ConcurrencyLimiter.Limit limit) ->
                throw new AssertionError(limit.toString());
        };
    }

    private void append(String text) {
        append(KEY, text);
    }

    private void append(MessageDeltas.Key key) {
        append(key, "x");
    }

    /** Numbers a delta as the database does. */
    private void append(MessageDeltas.Key key, String text) {
        try (MessageDeltas.Writing writing = begin(key, text)) {
            if (writing.joinable() == 0 || writing.joinable() != row) {
                row += writing.numbers();
            }
            writing.numbered(row);
        }
    }

    private List<String> texts() {
        return told.stream().map(delta -> delta.path("append").asString()).toList();
    }

    private List<Long> revs() {
        return told.stream().map(delta -> delta.path("rev").asLong()).toList();
    }

    private static ConcurrencyLimiter.Limit limit(String name, int max) {
        return ConcurrencyLimiter.Limit.of("heliograph." + name, max, new SimpleMeterRegistry());
    }

    private static Caller caller(String id) {
        return new Caller.Key(KEY.workspace(), id, id, Scope.defaults(), ActAs.NOBODY, Optional.empty(), List.of(), id);
    }

    private static MessageDeltas.Key key(String messageId) {
        return new MessageDeltas.Key(KEY.workspace(), KEY.agentId(), messageId);
    }
}
