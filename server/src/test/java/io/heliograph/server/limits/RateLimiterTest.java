package io.heliograph.server.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bucket4j.TimeMeter;
import io.heliograph.server.errors.ProblemException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

final class RateLimiterTest {
    private final AtomicLong nanos = new AtomicLong();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void aBurstIsGrantedAndThenTheRate() {
        RateLimiter limiter = limiter(Map.of(
                "heliograph.limits.asks-per-second", "2",
                "heliograph.limits.asks-burst", "5"));

        IntStream.range(0, 5)
                .forEach(_ -> assertThat(limiter.take(RateLimit.ASKS, "key").granted())
                        .isTrue());
        RateLimiter.Allowance refused = limiter.take(RateLimit.ASKS, "key");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));

        assertThat(refused.granted()).isFalse();
        assertThat(refused.header()).isEqualTo("\"asks\";r=0;t=3");
        assertThat(limiter.policyHeader(RateLimit.ASKS)).isEqualTo("\"asks\";q=5;w=3");
        assertThat(limiter.take(RateLimit.ASKS, "key").granted()).isTrue();
        assertThat(limiter.take(RateLimit.ASKS, "key").granted()).isTrue();
        assertThat(limiter.take(RateLimit.ASKS, "key").granted()).isFalse();
        assertThat(registry.get("heliograph.limits.refused")
                        .tag("limit", "asks")
                        .counter()
                        .count())
                .isEqualTo(2);
    }

    @Test
    void eachClientAndEachLimitHasItsOwnBucket() {
        RateLimiter limiter = limiter(Map.of(
                "heliograph.limits.asks-per-second", "1",
                "heliograph.limits.asks-burst", "1"));

        limiter.take(RateLimit.ASKS, "key");

        assertThat(limiter.take(RateLimit.ASKS, "key").granted()).isFalse();
        assertThat(limiter.take(RateLimit.ASKS, "other").granted()).isTrue();
        assertThat(limiter.take(RateLimit.WRITES, "key").granted()).isTrue();
        assertThat(limiter.take(RateLimit.READS, "key").granted()).isTrue();
    }

    @Test
    void theRefusalNamesTheSettingAndWhenToComeAgain() {
        RateLimiter limiter = limiter(Map.of(
                "heliograph.limits.writes-per-second", "1",
                "heliograph.limits.writes-burst", "1"));
        limiter.take(RateLimit.WRITES, "key");

        ProblemException refusal = limiter.refusal(limiter.take(RateLimit.WRITES, "key"), "The API key \"robot\"");

        assertThat(refusal.getMessage()).contains("heliograph.limits.writes-per-second", "robot", "1 s");
        assertThat(refusal.members()).containsEntry(ProblemException.RETRY_AFTER_SECONDS, 1L);
    }

    @Test
    void whatCountedTooLateIsPaidForLater() {
        RateLimiter limiter = limiter(Map.of(
                "heliograph.limits.failed-credentials-per-second", "1",
                "heliograph.limits.failed-credentials-burst", "1"));

        IntStream.range(0, 4).forEach(_ -> limiter.charge(RateLimit.FAILED_CREDENTIALS, "10.0.0.1"));
        RateLimiter.Allowance standing = limiter.look(RateLimit.FAILED_CREDENTIALS, "10.0.0.1");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(4));

        assertThat(standing.granted()).isFalse();
        assertThat(standing.remaining()).isZero();
        assertThat(standing.retrySeconds()).isEqualTo(4);
        assertThat(limiter.look(RateLimit.FAILED_CREDENTIALS, "10.0.0.1").granted())
                .isTrue();
    }

    @Test
    void bucketsAreBoundedAndABusyClientKeepsItsOwn() {
        RateLimiter limiter = limiter(Map.of(
                "heliograph.limits.max-buckets", "100",
                "heliograph.limits.reads-per-second", "1",
                "heliograph.limits.reads-burst", "20"));
        boolean granted = true;
        for (int number = 0; number < 10_000; number++) {
            limiter.take(RateLimit.READS, "client-" + number);
            granted = number % 10 == 0 ? limiter.take(RateLimit.READS, "busy").granted() : granted;
        }

        assertThat(registry.get("heliograph.limits.buckets").gauge().value()).isLessThanOrEqualTo(100);
        assertThat(granted).isFalse();
    }

    private RateLimiter limiter(Map<String, String> settings) {
        LimitSettings bound = new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("heliograph.limits", LimitSettings.class);
        TimeMeter clock = new TimeMeter() {
            @Override
            public long currentTimeNanos() {
                return nanos.get();
            }

            @Override
            public boolean isWallClockBased() {
                return false;
            }
        };
        return new RateLimiter(bound, clock, registry);
    }
}
