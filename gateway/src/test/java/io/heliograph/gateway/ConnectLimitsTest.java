package io.heliograph.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.heliograph.engineio.BoundedAdmission;
import io.heliograph.engineio.HandshakeGate.Allowed;
import io.heliograph.engineio.HandshakeGate.Busy;
import io.heliograph.engineio.HandshakeGate.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConnectLimitsTest {
    private static final int MAX_SOCKETS = 3;
    private static final int MAX_VERIFICATIONS = 2;
    private static final Duration LONG = Duration.ofSeconds(20);

    private final ManualTime time = new ManualTime();
    private final RecordingObserver observer = new RecordingObserver();
    private int sessions;
    private final ConnectLimits limits = new ConnectLimits(
            new GatewaySettings(
                    MAX_SOCKETS,
                    10,
                    10,
                    1,
                    Duration.ofSeconds(1),
                    MAX_VERIFICATIONS,
                    1,
                    Duration.ZERO,
                    1,
                    Duration.ofSeconds(1)),
            observer,
            new BoundedAdmission(1, Duration.ofSeconds(1), "busy", time, time::nanoTime),
            () -> sessions);

    // --- handshakes --------------------------------------------------------------------------------------------------

    @Test
    void theLastPlaceIsGivenAndOneMoreIsNot() {
        sessions = MAX_SOCKETS - 1;
        assertThat(admit()).isInstanceOf(Allowed.class);

        sessions = MAX_SOCKETS;
        assertThat(admit())
                .isInstanceOfSatisfying(
                        Busy.class,
                        busy -> assertThat(busy.retryAfter()).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10)));
        assertThat(observer.limits).containsExactly(Limit.MAX_SOCKETS);
    }

    /** A client that is refused because the node is full must not use up the rate of those that are not. */
    @Test
    void aFullNodeTakesNothingOfTheRate() {
        sessions = MAX_SOCKETS;
        admit();
        admit();

        sessions = 0;
        assertThat(admit()).isInstanceOf(Allowed.class);
    }

    @Test
    void whoWouldWaitTooLongIsToldWhenToComeAgain() {
        admit();
        assertThat(limits.admit().toCompletableFuture()).isNotDone();
        assertThat(limits.waiting()).isEqualTo(1);

        assertThat(admit())
                .isInstanceOfSatisfying(
                        Busy.class, busy -> assertThat(busy.retryAfter()).isEqualTo(Duration.ofSeconds(1)));
        assertThat(observer.limits).containsExactly(Limit.MAX_CONNECTS_PER_SECOND);
        assertThat(observer.refusals).containsExactly("too_many_connections");
    }

    // --- verification ------------------------------------------------------------------------------------------------

    @Test
    void aVerificationThatFailsMakesRoomForTheNext() {
        for (int verification = 0; verification <= MAX_VERIFICATIONS; verification++) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> assertTimeoutPreemptively(
                            LONG,
                            () -> limits.verify(() -> {
                                throw new IllegalStateException("no database");
                            })));
        }
    }

    @Test
    void onlySoManyCredentialsAreReadAtATime() {
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger reading = new AtomicInteger();
        List<Thread> threads = Stream.generate(() -> new Thread(() -> limits.verify(() -> {
                    reading.incrementAndGet();
                    awaitEnd(end);
                    return true;
                })))
                .limit(MAX_VERIFICATIONS + 2)
                .toList();

        threads.forEach(Thread::start);
        await().atMost(LONG)
                .until(() -> threads.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING));

        assertThat(reading).hasValue(MAX_VERIFICATIONS);
        end.countDown();
        await().atMost(LONG).until(() -> threads.stream().noneMatch(Thread::isAlive));
        assertThat(reading).hasValue(MAX_VERIFICATIONS + 2);
    }

    private Verdict admit() {
        return limits.admit().toCompletableFuture().getNow(new Busy("still waiting", Duration.ofDays(1)));
    }

    private static void awaitEnd(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException failure) {
            Thread.currentThread().interrupt();
            throw new AssertionError(failure);
        }
    }
}
