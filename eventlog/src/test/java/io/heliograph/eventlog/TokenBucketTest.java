package io.heliograph.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
    private final ManualTime time = new ManualTime();
    /** 5,000 bytes a second, so 100 at once. */
    private final TokenBucket bucket = new TokenBucket(5_000, time);

    @Test
    void aFiftiethOfASecondGoesAtOnce() {
        bucket.spend(99);
        assertThat(bucket.open()).isTrue();

        bucket.spend(1);

        assertThat(bucket.open()).isFalse();
    }

    @Test
    void aQuietTimeSavesUpNoMoreThanThat() {
        time.advance(Duration.ofHours(1));
        assertThat(bucket.open()).isTrue();

        bucket.spend(100);

        assertThat(bucket.open()).isFalse();
    }

    @Test
    void itOpensAgainAtItsRate() {
        bucket.spend(1_100);
        assertThat(bucket.open()).isFalse();

        time.advance(Duration.ofMillis(200));
        assertThat(bucket.open()).as("the debt is just paid").isFalse();
        time.advance(Duration.ofMillis(1));
        assertThat(bucket.open()).isTrue();
    }

    @Test
    void itSaysHowLongADebtTakes() {
        bucket.spend(600);
        assertThat(bucket.open()).isFalse();

        assertThat(bucket.untilOpen()).isBetween(Duration.ofMillis(100), Duration.ofMillis(101));
        time.advance(bucket.untilOpen());
        assertThat(bucket.open()).isTrue();
    }

    @Test
    void aSmallDebtIsWaitedOffForAMillisecond() {
        bucket.spend(100);

        assertThat(bucket.untilOpen()).isEqualTo(Duration.ofMillis(1));
    }
}
