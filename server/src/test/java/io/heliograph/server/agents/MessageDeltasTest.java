package io.heliograph.server.agents;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.eventlog.Bus;
import io.heliograph.eventlog.Hint;
import io.heliograph.eventlog.LocalBus;
import io.heliograph.eventlog.Signal;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.events.VolatileEvent;
import io.heliograph.server.fixtures.ManualClock;
import io.heliograph.server.web.Json;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class MessageDeltasTest {
    private static final MessageDeltas.Key KEY = new MessageDeltas.Key(new WorkspaceId("ws_1"), "agt_1", "msg_1");
    private static final JsonMapper JSON = Json.mapper();

    private final ManualClock clock = new ManualClock();
    private final Asked scheduler = new Asked();
    private final LocalBus bus = new LocalBus();
    private final List<JsonNode> told = new ArrayList<>();
    private final MessageDeltas deltas =
            new MessageDeltas(bus, JSON, new AgentSettings(Duration.ofMillis(100), 2), clock, scheduler);

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
    }

    @BeforeEach
    void listen() {
        bus.subscribe(new Bus.Listener() {
            @Override
            public void signal(Signal signal) {
                VolatileEvent event = VolatileEvent.of(signal).orElseThrow();
                assertThat(event.type()).isEqualTo("agent:message");
                assertThat(event.topic()).isEqualTo("agt_1");
                told.add(JSON.readTree(event.json()));
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
    void whatComesWithinAnIntervalIsToldTogether() {
        open();
        append("Hel");
        assertThat(scheduler.lastDelayMillis).isZero();
        scheduler.runNext();

        append("lo ");
        append("world");

        assertThat(scheduler.lastDelayMillis).isEqualTo(100);
        scheduler.runNext();
        assertThat(scheduler.tasks).isEmpty();
        assertThat(told).extracting(delta -> delta.path("append").asString()).containsExactly("Hel", "lo world");
        assertThat(told).extracting(delta -> delta.path("rev").asInt()).containsExactly(1, 2);
        assertThat(told.getFirst().path("messageId").asString()).isEqualTo("msg_1");
        assertThat(told.getFirst().path("agentId").asString()).isEqualTo("agt_1");
    }

    @Test
    void nothingIsToldOnceTheMessageIsClosed() {
        open();
        append("waits");
        deltas.close(KEY);

        scheduler.runNext();

        assertThat(told).isEmpty();
        assertThat(deltas.append(KEY, false, "late")).isEqualTo(MessageDeltas.Outcome.CLOSED);
        assertThat(scheduler.tasks).isEmpty();
    }

    @Test
    void whatIsTooMuchIsDroppedAndLeavesAGapInTheNumbers() {
        open();
        append("x".repeat(MessageDeltas.MOST_WAITING));
        append("dropped");
        while (!scheduler.tasks.isEmpty()) {
            scheduler.runNext();
        }
        append("next");
        scheduler.runNext();

        String all = told.stream().map(delta -> delta.path("append").asString()).reduce("", String::concat);
        assertThat(all).isEqualTo("x".repeat(MessageDeltas.MOST_WAITING) + "next");
        assertThat(told.getFirst().path("rev").asInt()).isEqualTo(2);
        assertThat(told.getLast().path("rev").asInt()).isEqualTo(told.size() + 1);
    }

    @Test
    void everyPieceFitsTheBusAndNoCharacterIsCutInTwo() {
        String text = "\u0001".repeat(1_499) + "😀".repeat(1_501);
        open();
        append(text);
        while (!scheduler.tasks.isEmpty()) {
            scheduler.runNext();
        }

        assertThat(told)
                .extracting(delta -> delta.path("append").asString())
                .noneMatch(piece -> Character.isHighSurrogate(piece.charAt(piece.length() - 1)));
        assertThat(String.join(
                        "",
                        told.stream()
                                .map(delta -> delta.path("append").asString())
                                .toList()))
                .isEqualTo(text);
    }

    @Test
    void aStreamIsKnownToItsWriterOnlyAndForgottenWhenItRests() {
        open();

        assertThat(deltas.append(KEY, true, "not mine")).isEqualTo(MessageDeltas.Outcome.UNKNOWN);
        assertThat(deltas.open(key("msg_2"), false)).isTrue();
        assertThat(deltas.open(key("msg_3"), false)).isFalse();
        clock.advance(Duration.ofSeconds(61));
        assertThat(deltas.open(key("msg_3"), false)).isTrue();
        assertThat(deltas.streaming()).isEqualTo(1);
    }

    private void open() {
        assertThat(deltas.append(KEY, false, "x")).isEqualTo(MessageDeltas.Outcome.UNKNOWN);
        assertThat(deltas.open(KEY, false)).isTrue();
    }

    private void append(String text) {
        assertThat(deltas.append(KEY, false, text)).isEqualTo(MessageDeltas.Outcome.TAKEN);
    }

    private static MessageDeltas.Key key(String messageId) {
        return new MessageDeltas.Key(KEY.workspace(), KEY.agentId(), messageId);
    }
}
