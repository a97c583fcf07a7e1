package io.heliograph.server.web;

import io.heliograph.eventlog.Ticker;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits log lines to one in ten seconds and counts the others, so that callers cannot flood the log. Safe from any
 * thread.
 */
public final class LogThrottle {
    private static final long INTERVAL_NANOS = Duration.ofSeconds(10).toNanos();

    private final Ticker clock;
    private final AtomicLong nextNanos;
    private final AtomicLong suppressed = new AtomicLong();

    public LogThrottle() {
        this(Ticker.system());
    }

    LogThrottle(Ticker clock) {
        this.clock = clock;
        nextNanos = new AtomicLong(clock.nanoTime());
    }

    /** How many lines were left out since the last one, when a line may be written now; else empty. */
    public OptionalLong permit() {
        long now = clock.nanoTime();
        long next = nextNanos.get();
        if (now - next >= 0 && nextNanos.compareAndSet(next, now + INTERVAL_NANOS)) {
            return OptionalLong.of(suppressed.getAndSet(0));
        }
        suppressed.incrementAndGet();
        return OptionalLong.empty();
    }

    /** Text of a caller, shortened and escaped for a log line. */
    public static String printable(String text) {
        StringBuilder printable = new StringBuilder();
        text.codePoints().limit(200).forEach(point -> {
            if (point >= ' ' && point < 0x7f) {
                printable.appendCodePoint(point);
            } else {
                printable.append("\\u{").append(Integer.toHexString(point)).append('}');
            }
        });
        return printable.toString();
    }
}
