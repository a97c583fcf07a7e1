package io.heliograph.bench;

import io.netty.channel.EventLoop;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What is published into one room and what comes out of it.
 *
 * <p>Closed: each publisher keeps a fixed number of publishes in flight; when its own socket receives one, it sends the
 * next. Paced: publishes leave at a fixed rate or at random times of that mean rate, regardless of deliveries. <p>Every
 * client must receive every publish once and in its publisher's order; deviations are counted. <p>Threading: owned by
 * the event loop, on which every method runs.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails shows as a lost connection
final class Traffic {
    private static final long HIGHEST_LATENCY_NANOS = TimeUnit.MINUTES.toNanos(2);

    private final EventLoop loop;
    private final int publishers;
    private final Histogram latencies = new Histogram(1_000, HIGHEST_LATENCY_NANOS, 3);
    private final int[] published;

    private Client[] senders = {};
    private int receivers;
    private boolean closedLoop;
    private boolean running;
    private long delivered;
    private long deliveredBefore;
    private long expected;
    private long repeated;
    private long skipped;
    private double intervalNanos;
    private double nextPublishNanos;
    private long latestSendLagNanos;
    private int turn;
    private @Nullable Random random;
    private @Nullable CompletableFuture<Void> drained;

    Traffic(EventLoop loop, int publishers) {
        this.loop = loop;
        this.publishers = publishers;
        this.published = new int[publishers];
    }

    /** The counts since the window was opened. */
    record Window(long delivered, Histogram latencies, long misordered, long latestSendLagNanos) {}

    int publishers() {
        return publishers;
    }

    /** Sets the publishers and the number of sockets that receive each publish. */
    void between(Client[] senders, int receivers) {
        this.senders = senders;
        this.receivers = receivers;
    }

    void startClosed(int inFlightPerPublisher) {
        closedLoop = true;
        running = true;
        for (int i = 0; i < inFlightPerPublisher; i++) {
            for (int publisher = 0; publisher < publishers; publisher++) {
                publish(publisher);
            }
        }
    }

    /** With a {@code random} the gaps are exponential (independent publishers), without one they are all alike. */
    void startPaced(double publishesPerSecond, @Nullable Random random) {
        closedLoop = false;
        running = true;
        this.random = random;
        intervalNanos = 1e9 / publishesPerSecond;
        nextPublishNanos = System.nanoTime() + intervalNanos;
        scheduleNext();
    }

    /** Stops publishing; completes when everything that was published has arrived everywhere. */
    CompletableFuture<Void> stop() {
        running = false;
        drained = new CompletableFuture<>();
        completeIfDrained();
        return drained;
    }

    void openWindow() {
        latencies.reset();
        deliveredBefore = delivered;
        latestSendLagNanos = 0;
    }

    Window window() {
        return new Window(delivered - deliveredBefore, latencies.copy(), repeated + skipped, latestSendLagNanos);
    }

    void delivered(Client client, int publisher, long latencyNanos) {
        delivered++;
        latencies.recordValue(Math.clamp(latencyNanos, 0, HIGHEST_LATENCY_NANOS));
        if (running) {
            if (closedLoop && senders[publisher] == client) {
                publish(publisher);
            }
        } else {
            completeIfDrained();
        }
    }

    void misordered(boolean seenBefore) {
        if (seenBefore) {
            repeated++;
        } else {
            skipped++;
        }
    }

    private void completeIfDrained() {
        if (drained != null && delivered >= expected) {
            drained.complete(null);
        }
    }

    private void publish(int publisher) {
        expected += receivers;
        senders[publisher].publish(Payload.encode(publisher, published[publisher]++, System.nanoTime()));
    }

    private void scheduleNext() {
        long delay = (long) nextPublishNanos - System.nanoTime();
        loop.schedule(this::publishDue, Math.max(0, delay), TimeUnit.NANOSECONDS);
    }

    private void publishDue() {
        long now = System.nanoTime();
        while (running && nextPublishNanos <= now) {
            latestSendLagNanos = Math.max(latestSendLagNanos, now - (long) nextPublishNanos);
            publish(turn);
            turn = (turn + 1) % publishers;
            nextPublishNanos += random == null ? intervalNanos : -Math.log(1 - random.nextDouble()) * intervalNanos;
        }
        if (running) {
            scheduleNext();
        }
    }
}
