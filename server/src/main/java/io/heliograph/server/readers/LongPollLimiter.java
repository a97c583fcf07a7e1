package io.heliograph.server.readers;

import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.identity.ConcurrencyLimiter;
import io.heliograph.server.usage.UsageSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;

/** Counts open long polls and streams and rejects those over a limit. Safe from any thread. */
final class LongPollLimiter {
    private final ConcurrencyLimiter limiter;

    LongPollLimiter(ReaderSettings settings, MeterRegistry registry) {
        limiter = new ConcurrencyLimiter(
                ConcurrencyLimiter.Limit.of("heliograph.readers.max", settings.max(), registry),
                ConcurrencyLimiter.Limit.of(
                        "heliograph.readers.max-per-workspace", settings.maxPerWorkspace(), registry),
                ConcurrencyLimiter.Limit.of("heliograph.readers.max-per-caller", settings.maxPerCaller(), registry));
    }

    /**
     * Takes a permit, which the caller closes.
     *
     * @throws ProblemException {@code too_many_connections}, naming the limit
     */
    ConcurrencyLimiter.Permit take(Caller caller) {
        return switch (limiter.take(caller)) {
            case ConcurrencyLimiter.Result.Taken(ConcurrencyLimiter.Permit permit) -> permit;
            case ConcurrencyLimiter.Result.Full(ConcurrencyLimiter.Limit limit) ->
                throw new ProblemException(
                        ErrorCode.TOO_MANY_CONNECTIONS,
                        limit + " long polls and streams at the same time; close one, or raise the limit",
                        Map.of(ProblemException.RETRY_AFTER_SECONDS, 5));
        };
    }

    /** The limits of a caller and its workspace. */
    UsageSource usage() {
        return UsageSource.of("longPolls", "connections", limiter);
    }

    /** The number of open long polls and streams. */
    int taken() {
        return limiter.taken();
    }
}
