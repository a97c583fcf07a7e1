package io.heliograph.server.readers;

import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.identity.ConcurrencyLimiter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;

/** Counts the long polls and streams that are open, and refuses one more than the limits allow. Safe from any thread. */
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
     * Takes a place; its holder closes it.
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

    /** Long polls and streams that are open now. */
    int taken() {
        return limiter.taken();
    }
}
