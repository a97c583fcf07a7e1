package io.heliograph.server.readers;

import io.heliograph.server.web.ErrorCode;
import io.heliograph.server.web.ProblemException;
import io.heliograph.server.workspaces.Caller;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts who holds a long poll or a stream open, and refuses what is too many. Safe from any thread. */
final class Places {
    private final ReaderSettings settings;
    private final AtomicInteger taken = new AtomicInteger();
    /** By the caller's id; a caller that holds nothing has no entry. */
    private final Map<String, Integer> byCaller = new ConcurrentHashMap<>();

    Places(ReaderSettings settings) {
        this.settings = settings;
    }

    /**
     * Takes a place.
     *
     * @return gives it back; only its first call counts
     * @throws ProblemException {@code too_many_connections}, naming the limit
     */
    Runnable take(Caller caller) {
        if (taken.incrementAndGet() > settings.max()) {
            taken.decrementAndGet();
            throw refused("heliograph.readers.max", settings.max());
        }
        if (byCaller.merge(caller.id(), 1, Integer::sum) > settings.maxPerCaller()) {
            leave(caller);
            throw refused("heliograph.readers.max-per-caller", settings.maxPerCaller());
        }
        AtomicBoolean left = new AtomicBoolean();
        return () -> {
            if (left.compareAndSet(false, true)) {
                leave(caller);
            }
        };
    }

    /** Long polls and streams that are open now. */
    int taken() {
        return taken.get();
    }

    private void leave(Caller caller) {
        taken.decrementAndGet();
        byCaller.computeIfPresent(caller.id(), (_, count) -> count == 1 ? null : count - 1);
    }

    private static ProblemException refused(String limit, int value) {
        return new ProblemException(
                ErrorCode.TOO_MANY_CONNECTIONS,
                limit + " allows " + value + " long polls and streams at the same time; close one, or raise the limit",
                Map.of(ProblemException.RETRY_AFTER_SECONDS, 5));
    }
}
