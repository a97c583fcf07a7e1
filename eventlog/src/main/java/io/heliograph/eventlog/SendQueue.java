package io.heliograph.eventlog;

import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be sent to the other nodes, in the order in which it came. Closed at first, and while there is nobody to
 * send it to: it then takes nothing.
 *
 * <p>Safe from any thread. Nobody waits for anything but the one thread that takes.
 */
final class SendQueue {
    private final int mostMessages;
    private final long mostBytes;
    private final ArrayDeque<BusMessage> waiting = new ArrayDeque<>();
    private long bytes;
    private boolean open;
    private boolean woken;

    SendQueue(int mostMessages, long mostBytes) {
        this.mostMessages = mostMessages;
        this.mostBytes = mostBytes;
    }

    /** False when it is closed or full; a message larger than all its bytes is taken when nothing else waits. */
    synchronized boolean offer(BusMessage message) {
        boolean fits = waiting.isEmpty() || bytes + message.bytes() <= mostBytes;
        if (!open || !fits || waiting.size() >= mostMessages) {
            return false;
        }
        waiting.add(message);
        bytes += message.bytes();
        notifyAll();
        return true;
    }

    /** The oldest message, or null when none has come for {@code patience}, or somebody calls {@link #wake}. */
    synchronized @Nullable BusMessage take(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        long left = patience.toMillis();
        while (waiting.isEmpty() && !woken && left > 0) {
            wait(left);
            left = Duration.ofNanos(end - System.nanoTime()).toMillis();
        }
        woken = false;
        BusMessage message = waiting.poll();
        if (message != null) {
            bytes -= message.bytes();
        }
        return message;
    }

    synchronized boolean isEmpty() {
        return waiting.isEmpty();
    }

    synchronized void wake() {
        woken = true;
        notifyAll();
    }

    synchronized void open() {
        open = true;
    }

    /** Throws away what waits, and answers how much that was. */
    synchronized int close() {
        int thrownAway = waiting.size();
        open = false;
        waiting.clear();
        bytes = 0;
        return thrownAway;
    }
}
