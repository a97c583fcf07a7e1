package io.heliograph.engineio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliograph.engineio.HandshakeGate.Allowed;
import io.heliograph.engineio.HandshakeGate.Busy;
import io.heliograph.engineio.HandshakeGate.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BoundedAdmissionTest {
    private final Clockwork clockwork = new Clockwork();

    /** Time by hand, and the one step that waits for it. */
    private static final class Clockwork implements BoundedAdmission.Timer {
        private long now = Long.MAX_VALUE - 5; // a nano time may be anything, and overflow
        private long due;
        private @Nullable Runnable step;

        @Override
        public void after(long delayNanos, Runnable next) {
            due = now + delayNanos;
            step = next;
        }

        void pass(Duration time) {
            pass(time, Duration.ZERO);
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

    private BoundedAdmission admission(int perSecond, Duration timeout) {
        return new BoundedAdmission(perSecond, timeout, "many are waiting", clockwork, () -> clockwork.now);
    }

    @Test
    void aFiftiethOfASecondsClientsIsAdmittedAtOnceAndTheNextOneByOne() {
        BoundedAdmission admission = admission(250, Duration.ofMillis(500));
        List<CompletableFuture<Verdict>> clients = come(admission, 8);

        assertThat(admitted(clients)).isEqualTo(5);
        assertThat(admission.waiting()).isEqualTo(3);
        clockwork.pass(Duration.ofMillis(4));
        assertThat(admitted(clients)).isEqualTo(6);
        clockwork.pass(Duration.ofMillis(8));
        assertThat(admitted(clients)).isEqualTo(8);
        assertThat(admission.waiting()).isZero();
    }

    @Test
    void firstComeFirstServed() {
        List<CompletableFuture<Verdict>> clients = come(admission(250, Duration.ofMillis(500)), 30);

        clockwork.pass(Duration.ofMillis(40));

        assertThat(admitted(clients)).isEqualTo(15);
        assertThat(admitted(clients.subList(0, 15))).isEqualTo(15);
    }

    @Test
    void aClientThatWouldWaitTooLongIsToldWhenToComeAgainAndTakesNoPlace() {
        BoundedAdmission admission = admission(250, Duration.ofMillis(500));
        come(admission, 130);

        Verdict verdict = admission.admit().toCompletableFuture().join();

        assertThat(verdict).isEqualTo(new Busy("many are waiting", Duration.ofMillis(4)));
        assertThat(admission.waiting()).isEqualTo(125);
        clockwork.pass(Duration.ofMillis(4));
        assertThat(admission.admit().toCompletableFuture()).isNotDone();
    }

    @Test
    void aLongQuietTimeSavesNoMoreThanOneBurst() {
        BoundedAdmission admission = admission(250, Duration.ofMillis(500));
        come(admission, 6);
        clockwork.pass(Duration.ofDays(300));

        assertThat(admitted(come(admission, 8))).isEqualTo(5);
    }

    @Test
    void aSlowRateAdmitsOneAtOnce() {
        List<CompletableFuture<Verdict>> clients = come(admission(2, Duration.ofSeconds(1)), 2);

        assertThat(admitted(clients)).isEqualTo(1);
        clockwork.pass(Duration.ofMillis(500));
        assertThat(admitted(clients)).isEqualTo(2);
    }

    @Test
    void aFastRateAdmitsManyInOneStep() {
        List<CompletableFuture<Verdict>> clients = come(admission(100_000, Duration.ofSeconds(1)), 12_000);
        assertThat(admitted(clients)).isEqualTo(2_000);

        clockwork.pass(Duration.ofMillis(50));

        assertThat(admitted(clients)).isEqualTo(7_000);
    }

    @Test
    void stepsThatComeLateDoNotMakeItSlower() {
        List<CompletableFuture<Verdict>> clients = come(admission(250, Duration.ofMillis(500)), 35);

        clockwork.pass(Duration.ofMillis(130), Duration.ofMillis(10));

        assertThat(admitted(clients)).isEqualTo(35);
    }

    @Test
    void withoutATimeoutNoClientWaits() {
        BoundedAdmission admission = admission(1, Duration.ZERO);
        admission.admit();

        assertThat(admission.admit().toCompletableFuture().join())
                .isEqualTo(new Busy("many are waiting", Duration.ofSeconds(1)));
        clockwork.pass(Duration.ofSeconds(1));
        assertThat(admission.admit().toCompletableFuture().join()).isEqualTo(new Allowed());
    }

    @Test
    void aRateOfNoneIsRefused() {
        assertThatThrownBy(() -> admission(0, Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> admission(1, Duration.ofMillis(-1))).isInstanceOf(IllegalArgumentException.class);
    }

    private static List<CompletableFuture<Verdict>> come(BoundedAdmission admission, int clients) {
        return IntStream.range(0, clients)
                .mapToObj(client -> admission.admit().toCompletableFuture())
                .toList();
    }

    private static int admitted(List<CompletableFuture<Verdict>> clients) {
        return (int) clients.stream()
                .filter(client -> client.isDone() && client.join() instanceof Allowed)
                .count();
    }
}
