package io.heliograph.server.identity;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Limits concurrent operations on this node, with lower limits for each workspace and each caller, so that none of them
 * can take all permits. A caller is a member or a key.
 *
 * <p>Safe from any thread; nothing blocks.
 */
public final class ConcurrencyLimiter {
    private final Limit all;
    private final Limit perWorkspace;
    private final Limit perCaller;
    private final AtomicInteger taken = new AtomicInteger();
    /** There is no entry without a permit. */
    private final ConcurrentHashMap<String, Integer> byWorkspace = new ConcurrentHashMap<>();

    private final ConcurrentHashMap<String, Integer> byCaller = new ConcurrentHashMap<>();

    /**
     * A limit, and a counter of rejected requests.
     *
     * @param setting the name of its setting
     */
    public record Limit(String setting, int max, Counter met) {
        public static Limit of(String setting, int max, MeterRegistry registry) {
            return new Limit(
                    setting,
                    max,
                    Counter.builder("heliograph.shares.limits.met")
                            .description("Requests that were refused because of this limit")
                            .tag("limit", setting.replaceFirst("^heliograph\\.", ""))
                            .register(registry));
        }

        @Override
        public String toString() {
            return setting + " allows " + max;
        }
    }

    /** The result of a request for a permit. */
    public sealed interface Result {
        record Taken(Permit permit) implements Result {}

        record Full(Limit limit) implements Result {}
    }

    /** A held permit; {@code close} is idempotent. */
    public final class Permit implements AutoCloseable {
        private final String workspace;
        private final String caller;
        private final AtomicBoolean closed = new AtomicBoolean();

        private Permit(String workspace, String caller) {
            this.workspace = workspace;
            this.caller = caller;
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                decrease(byCaller, caller);
                decrease(byWorkspace, workspace);
                taken.decrementAndGet();
            }
        }
    }

    public ConcurrencyLimiter(Limit all, Limit perWorkspace, Limit perCaller) {
        this.all = all;
        this.perWorkspace = perWorkspace;
        this.perCaller = perCaller;
    }

    /**
     * Takes a permit, or returns the limit that is reached: the caller's, the workspace's or the node's, checked in
     * this order.
     */
    public Result take(Caller caller) {
        String workspace = caller.workspace().value();
        String member = caller(caller);
        if (!increase(byCaller, member, perCaller)) {
            return full(perCaller);
        }
        if (!increase(byWorkspace, workspace, perWorkspace)) {
            decrease(byCaller, member);
            return full(perWorkspace);
        }
        if (taken.incrementAndGet() > all.max) {
            taken.decrementAndGet();
            decrease(byWorkspace, workspace);
            decrease(byCaller, member);
            return full(all);
        }
        return new Result.Taken(new Permit(workspace, member));
    }

    /** The permits of one caller or workspace that are in use, and how many it may have. */
    public record Share(String setting, int taken, int max) {}

    public Share ofCaller(Caller caller) {
        return new Share(perCaller.setting, byCaller.getOrDefault(caller(caller), 0), perCaller.max);
    }

    public Share ofWorkspace(Caller caller) {
        return new Share(
                perWorkspace.setting,
                byWorkspace.getOrDefault(caller.workspace().value(), 0),
                perWorkspace.max);
    }

    private static String caller(Caller caller) {
        return caller.workspace().value() + ":" + caller.id();
    }

    /** The number of permits in use. */
    public int taken() {
        return taken.get();
    }

    private static Result full(Limit limit) {
        limit.met.increment();
        return new Result.Full(limit);
    }

    private static boolean increase(ConcurrentHashMap<String, Integer> counts, String key, Limit limit) {
        boolean[] acquired = new boolean[1];
        counts.compute(key, (_, present) -> {
            int count = present == null ? 0 : present;
            acquired[0] = count < limit.max;
            return acquired[0] ? Integer.valueOf(count + 1) : present;
        });
        return acquired[0];
    }

    private static void decrease(ConcurrentHashMap<String, Integer> counts, String key) {
        counts.computeIfPresent(key, (_, count) -> count == 1 ? null : Integer.valueOf(count - 1));
    }
}
