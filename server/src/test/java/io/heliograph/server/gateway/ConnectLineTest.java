package io.heliograph.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heliograph.server.gateway.ConnectLine.Place;
import io.heliograph.server.gateway.ConnectLine.Place.Full;
import io.heliograph.server.gateway.ConnectLine.Place.Taken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConnectLineTest {
    private static final Duration NEVER_LATE = Duration.ZERO;

    private final Clockwork clockwork = new Clockwork();
    private final ConnectLine line = line(250, Duration.ofMillis(500));

    /** Time by hand, and the one step that waits for it. */
    private static final class Clockwork implements ConnectLine.Timer {
        private long now = Long.MAX_VALUE - 5; // a nano time may be anything, and overflow
        private long due;
        private @Nullable Runnable step;

        @Override
        public void after(long delayNanos, Runnable next) {
            due = now + delayNanos;
            step = next;
        }

        /** Lets {@code time} pass, in which every step comes late by {@code lateness}. */
        void pass(Duration time, Duration lateness) {
            long end = now + time.toNanos();
            Runnable next;
            while ((next = step) != null && due + lateness.toNanos() - end <= 0) {
                step = null;
                now = due + lateness.toNanos();
                next.run();
            }
            now = end;
        }
    }

    private ConnectLine line(int perSecond, Duration patience) {
        return ConnectLine.yielding(perSecond, patience, clockwork, () -> clockwork.now);
    }

    @Test
    void aFiftiethOfASecondsGoAtOnceAndTheNextOneByOne() {
        List<Place> places = enter(line, 8);

        assertThat(places).hasSize(8).allMatch(Taken.class::isInstance);
        assertThat(turns(places)).isEqualTo(5);
        clockwork.pass(Duration.ofMillis(4), NEVER_LATE);
        assertThat(turns(places)).isEqualTo(6);
        clockwork.pass(Duration.ofMillis(8), NEVER_LATE);
        assertThat(turns(places)).isEqualTo(8);
        assertThat(line.waiting()).isZero();
    }

    @Test
    void whoCameFirstGoesFirst() {
        List<Place> places = enter(line, 30);

        clockwork.pass(Duration.ofMillis(40), NEVER_LATE);

        assertThat(turns(places)).isEqualTo(15);
        assertThat(turns(places.subList(0, 15))).isEqualTo(15);
    }

    @Test
    void whoWouldWaitTooLongIsToldWhenToComeAgainAndTakesNoPlace() {
        enter(line, 130);

        assertThat(line.enter()).isEqualTo(new Full(Duration.ofMillis(4)));
        assertThat(line.waiting()).isEqualTo(125);
        clockwork.pass(Duration.ofMillis(4), NEVER_LATE);
        assertThat(line.enter()).isInstanceOf(Taken.class);
    }

    @Test
    void aLongQuietTimeIsWorthNoMore() {
        enter(line, 6);
        clockwork.pass(Duration.ofDays(300), NEVER_LATE);

        assertThat(turns(enter(line, 8))).isEqualTo(5);
    }

    @Test
    void aSlowPaceLetsOneGoAtOnce() {
        ConnectLine slow = line(2, Duration.ofSeconds(1));

        List<Place> places = enter(slow, 2);

        assertThat(turns(places)).isEqualTo(1);
        clockwork.pass(Duration.ofMillis(500), NEVER_LATE);
        assertThat(turns(places)).isEqualTo(2);
    }

    @Test
    void aFastPaceGivesManyTurnsAtATime() {
        ConnectLine fast = line(100_000, Duration.ofSeconds(1));
        List<Place> places = enter(fast, 12_000);
        assertThat(turns(places)).isEqualTo(2_000);

        clockwork.pass(Duration.ofMillis(50), NEVER_LATE);

        assertThat(turns(places)).isEqualTo(7_000);
    }

    @Test
    void turnsThatComeLateAreFewer() {
        List<Place> places = enter(line, 35);

        // Twice as late as what is in time: half as many.
        clockwork.pass(Duration.ofMillis(80), Duration.ofMillis(1));

        assertThat(turns(places) - 5).isCloseTo(10, within(1));
        assertThat(line.perSecond()).isEqualTo(125);

        clockwork.pass(Duration.ofMillis(80), NEVER_LATE);
        assertThat(turns(places)).isEqualTo(35);
        assertThat(line.perSecond()).isEqualTo(250);
    }

    @Test
    void aSteadyLineDoesNotSlowDown() {
        ConnectLine steady = ConnectLine.steady(250, Duration.ofMillis(500), clockwork, () -> clockwork.now);
        List<Place> places = enter(steady, 35);

        clockwork.pass(Duration.ofMillis(121), Duration.ofMillis(1));

        assertThat(turns(places)).isEqualTo(35);
    }

    @Test
    void whatWasNotGivenWhileTurnsWereLateIsNotMadeUpFor() {
        ConnectLine patient = line(250, Duration.ofSeconds(5));
        List<Place> places = enter(patient, 35);
        clockwork.pass(Duration.ofMillis(26), Duration.ofMillis(20));
        assertThat(turns(places)).isEqualTo(5);

        clockwork.pass(Duration.ofMillis(12), NEVER_LATE);

        assertThat(turns(places) - 5).isCloseTo(3, within(1));
    }

    @Test
    void whoIsInTheLineGetsATurnInTimeHoweverBusyTheNodeIs() {
        List<Place> most = enter(line, 130);
        clockwork.pass(Duration.ofMillis(550), Duration.ofMillis(50));
        assertThat(turns(most)).isEqualTo(130);

        List<Place> half = enter(line, 65);
        clockwork.pass(Duration.ofMillis(250), Duration.ofMillis(50));
        assertThat(turns(half)).isBetween(20, 45);
        clockwork.pass(Duration.ofMillis(300), Duration.ofMillis(50));
        assertThat(turns(half)).isEqualTo(65);
    }

    private static List<Place> enter(ConnectLine line, int clients) {
        return new ArrayList<>(
                IntStream.range(0, clients).mapToObj(_ -> line.enter()).toList());
    }

    private static int turns(List<Place> places) {
        return (int) places.stream()
                .filter(place -> place instanceof Taken(var turn)
                        && turn.toCompletableFuture().isDone())
                .count();
    }
}
