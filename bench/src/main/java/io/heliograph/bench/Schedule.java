package io.heliograph.bench;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * Runs an action at a fixed rate, however long the responses take. The action gets the time at which it was due, so
 * that a latency measured from there includes the generator's own delay.
 *
 * <p>Threading: the public face is called from the bench's thread; the rest belongs to the loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a fault of the action shows as missing answers
final class Schedule {
    private final EventLoop loop;
    private final LongConsumer action;

    // Owned by the loop.
    private boolean running;
    private double intervalNanos;
    private double nextNanos;
    private long latestLagNanos;

    /** @param action gets the time at which it was due, as {@link System#nanoTime} */
    Schedule(EventLoop loop, LongConsumer action) {
        this.loop = loop;
        this.action = action;
    }

    void start(double perSecond) {
        loop.submit(() -> {
                    running = true;
                    latestLagNanos = 0;
                    intervalNanos = 1e9 / perSecond;
                    nextNanos = System.nanoTime() + intervalNanos;
                    scheduleNext();
                })
                .syncUninterruptibly();
    }

    void stop() {
        loop.submit(() -> running = false).syncUninterruptibly();
    }

    /** Resets the generator's maximum delay. */
    void forgetLag() {
        loop.submit(() -> latestLagNanos = 0).syncUninterruptibly();
    }

    /** The generator's maximum delay since the start or the last reset. */
    long latestLagNanos() {
        return loop.submit(() -> latestLagNanos).syncUninterruptibly().getNow();
    }

    private void scheduleNext() {
        loop.schedule(this::doDue, Math.max(0, (long) nextNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    private void doDue() {
        long now = System.nanoTime();
        while (running && nextNanos <= now) {
            latestLagNanos = Math.max(latestLagNanos, now - (long) nextNanos);
            action.accept((long) nextNanos);
            nextNanos += intervalNanos;
        }
        if (running) {
            scheduleNext();
        }
    }
}
