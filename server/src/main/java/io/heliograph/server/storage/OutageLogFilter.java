package io.heliograph.server.storage;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.MessageFormatter;

/**
 * Limits the log lines of a database outage. Each kind of warning, which is a logger with its message before the
 * arguments, is logged once, in one line with the database's own reason in place of a stack trace; the ones that follow
 * within {@code period} are counted, and their number is logged at the end of the period. This concerns failures that
 * an {@link SQLException} caused, and the warnings of the connection pool. A logger at level DEBUG logs all of them
 * with their stack traces.
 *
 * <p>Safe from any thread. Bounded by the number of log statements in the code.
 */
public final class OutageLogFilter extends TurboFilter {
    /** Not created by SLF4J's factory, which is not initialised yet when Logback creates this filter. */
    private static final Marker ONCE = new BasicMarkerFactory().getDetachedMarker("once");

    private static final String POOL = "com.zaxxer.hikari";

    private final Map<String, AtomicInteger> held = new ConcurrentHashMap<>();
    private long periodMillis = Duration.ofMinutes(1).toMillis();

    /** For Logback, which finds the class in {@code logback.xml}. */
    public OutageLogFilter() {}

    /** From a warning to the line that counts the same ones that came after it. */
    public void setPeriodMillis(long periodMillis) {
        this.periodMillis = periodMillis;
    }

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] arguments,
            @Nullable Throwable failure) {
        if (format == null || ONCE.equals(marker) || !level.isGreaterOrEqual(Level.WARN) || logger.isDebugEnabled()) {
            return FilterReply.NEUTRAL;
        }
        Optional<SQLException> cause = sqlCause(arguments, failure);
        if (cause.isEmpty() && !logger.getName().startsWith(POOL)) {
            return FilterReply.NEUTRAL;
        }
        String kind = logger.getName() + " " + format;
        AtomicInteger first = new AtomicInteger();
        AtomicInteger counted = held.putIfAbsent(kind, first);
        if (counted != null) {
            counted.incrementAndGet();
            return FilterReply.DENY;
        }
        String message = MessageFormatter.arrayFormat(format, arguments).getMessage();
        logger.warn(
                ONCE, "{}{}", message, cause.map(sql -> ": " + firstLine(sql)).orElse(""));
        var _ = getContext()
                .getScheduledExecutorService()
                .schedule(() -> endPeriod(kind, logger, format), periodMillis, TimeUnit.MILLISECONDS);
        return FilterReply.DENY;
    }

    private void endPeriod(String kind, Logger logger, String format) {
        AtomicInteger counted = held.remove(kind);
        if (counted != null && counted.get() > 0) {
            logger.info("{} times more in the last {} s: {}", counted, periodMillis / 1000, format);
        }
    }

    private static Optional<SQLException> sqlCause(Object @Nullable [] arguments, @Nullable Throwable failure) {
        Throwable cause = failure;
        if (cause == null && arguments != null && arguments.length > 0) {
            // SLF4J takes a last argument that is a failure for the event's own.
            cause = arguments[arguments.length - 1] instanceof Throwable last ? last : null;
        }
        SQLException found = null;
        for (; cause != null; cause = cause.getCause()) {
            found = cause instanceof SQLException sql ? sql : found;
        }
        return Optional.ofNullable(found);
    }

    private static String firstLine(SQLException failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }
}
