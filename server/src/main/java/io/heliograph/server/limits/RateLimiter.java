package io.heliograph.server.limits;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.EstimationProbe;
import io.github.bucket4j.TimeMeter;
import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.errors.ProblemException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Token buckets in this node's memory, one for each limit and client. There are at most {@code max-buckets}; a bucket
 * that has refilled without use is removed.
 *
 * <p>Safe from any thread, and never blocks: the buckets are lock-free.
 */
public final class RateLimiter {
    private static final Duration MIN_KEPT = Duration.ofMinutes(10);

    private final LimitSettings settings;
    private final TimeMeter clock;
    private final Cache<Key, Bucket> buckets;
    private final MeterRegistry registry;

    public RateLimiter(LimitSettings settings, TimeMeter clock, MeterRegistry registry) {
        this.settings = settings;
        this.clock = clock;
        this.registry = registry;
        long slowestRefill = 0;
        for (RateLimit limit : RateLimit.values()) {
            slowestRefill = Math.max(slowestRefill, fillSeconds(limit));
            refused(limit).increment(0);
        }
        Duration twice = Duration.ofSeconds(2 * slowestRefill);
        buckets = Caffeine.newBuilder()
                .maximumSize(settings.maxBuckets())
                .expireAfterAccess(twice.compareTo(MIN_KEPT) > 0 ? twice : MIN_KEPT)
                .executor(Runnable::run)
                .build();
        registry.gauge("heliograph.limits.buckets", buckets, Cache::estimatedSize);
    }

    /**
     * The state of a bucket after a request. {@code remaining} is the number of requests that the client may send at
     * once.
     */
    public record Allowance(RateLimit limit, boolean granted, long remaining, long resetSeconds, long retrySeconds) {
        /** The header {@code RateLimit} (draft-ietf-httpapi-ratelimit-headers). */
        public String header() {
            return "\"" + limit.policy() + "\";r=" + remaining + ";t=" + resetSeconds;
        }
    }

    /** Takes one token of the client's bucket, if there is one. */
    public Allowance take(RateLimit limit, String client) {
        ConsumptionProbe probe = bucket(limit, client).tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            refused(limit).increment();
        }
        return new Allowance(
                limit,
                probe.isConsumed(),
                Math.max(0, probe.getRemainingTokens()),
                secondsUp(probe.getNanosToWaitForReset()),
                Math.max(1, secondsUp(probe.getNanosToWaitForRefill())));
    }

    /** Whether a request would be granted now; takes nothing. */
    public Allowance look(RateLimit limit, String client) {
        EstimationProbe probe = bucket(limit, client).estimateAbilityToConsume(1);
        if (!probe.canBeConsumed()) {
            refused(limit).increment();
        }
        long remaining = Math.max(0, probe.getRemainingTokens());
        return new Allowance(
                limit,
                probe.canBeConsumed(),
                remaining,
                secondsUp(refillNanos(limit, settings.burst(limit) - remaining)),
                Math.max(1, secondsUp(probe.getNanosToWaitForRefill())));
    }

    /** What is left of a client's bucket. */
    public record State(long remaining, int burst, int perSecond) {}

    /** The state of a client's bucket; takes nothing. */
    public State state(RateLimit limit, String client) {
        Bucket bucket = buckets.getIfPresent(new Key(limit, client));
        long burst = settings.burst(limit);
        long remaining = bucket == null ? burst : Math.clamp(bucket.getAvailableTokens(), 0, burst);
        return new State(remaining, settings.burst(limit), settings.perSecond(limit));
    }

    /** Takes one token, also below zero, for requests that turn out to count only after they ran. */
    public void charge(RateLimit limit, String client) {
        bucket(limit, client).consumeIgnoringRateLimits(1);
    }

    /** The header {@code RateLimit-Policy}: the quota, and the seconds in which an empty bucket fills. */
    public String policyHeader(RateLimit limit) {
        return "\"" + limit.policy() + "\";q=" + settings.burst(limit) + ";w=" + fillSeconds(limit);
    }

    /** The answer to a request that was not granted. */
    public ProblemException refusal(Allowance allowance, String whose) {
        RateLimit limit = allowance.limit();
        return new ProblemException(
                ErrorCode.TOO_MANY_REQUESTS,
                whose + " exceeded the rate limit \"" + limit.policy() + "\" of this node ("
                        + settings.perSecond(limit) + " a second, " + settings.burst(limit)
                        + " at once); send it again in " + allowance.retrySeconds() + " s, or raise "
                        + limit.setting() + " and its burst",
                Map.of(ProblemException.RETRY_AFTER_SECONDS, allowance.retrySeconds()));
    }

    private Counter refused(RateLimit limit) {
        return registry.counter("heliograph.limits.refused", "limit", limit.policy());
    }

    private Bucket bucket(RateLimit limit, String client) {
        return buckets.get(new Key(limit, client), this::newBucket);
    }

    private Bucket newBucket(Key key) {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(settings.burst(key.limit))
                        .refillGreedy(settings.perSecond(key.limit), Duration.ofSeconds(1)))
                .withCustomTimePrecision(clock)
                .build();
    }

    private long fillSeconds(RateLimit limit) {
        return secondsUp(refillNanos(limit, settings.burst(limit)));
    }

    private long refillNanos(RateLimit limit, long tokens) {
        return TimeUnit.SECONDS.toNanos(1) * tokens / settings.perSecond(limit);
    }

    private static long secondsUp(long nanos) {
        return (nanos + TimeUnit.SECONDS.toNanos(1) - 1) / TimeUnit.SECONDS.toNanos(1);
    }

    private record Key(RateLimit limit, String client) {}
}
