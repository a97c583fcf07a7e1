package io.heliograph.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class EventRateTest {
    private final ManualTime time = new ManualTime();
    private final EventRate rate = new EventRate(4, time);

    @Test
    void asManyPassAtOnceAsInASecond() {
        assertThat(count(4)).isZero();

        assertThat(rate.count()).isEqualTo(Duration.ofMillis(250));
    }

    @Test
    void oneMorePassesWhenItsTimeHasCome() {
        count(4);

        time.moveTo(Duration.ofMillis(249).toNanos());
        assertThat(rate.count()).isEqualTo(Duration.ofMillis(1));
        time.moveTo(Duration.ofMillis(250).toNanos());
        assertThat(rate.count()).isZero();
        assertThat(rate.count()).isEqualTo(Duration.ofMillis(250));
    }

    @Test
    void aLongPauseSavesNoMoreThanASecond() {
        count(4);

        time.moveTo(Duration.ofMinutes(1).toNanos());

        assertThat(count(4)).isZero();
        assertThat(rate.count()).isPositive();
    }

    @Test
    void refusalsInARowAreCountedUntilOneEventPasses() {
        count(4);
        assertThat(rate.refused()).isZero();
        count(3);
        assertThat(rate.refused()).isEqualTo(3);

        time.moveTo(Duration.ofMillis(250).toNanos());
        rate.count();

        assertThat(rate.refused()).isZero();
    }

    /** Counts events, and returns how many were too early. */
    private int count(int events) {
        int early = 0;
        for (int event = 0; event < events; event++) {
            early += rate.count().isZero() ? 0 : 1;
        }
        return early;
    }
}
