package io.heliograph.eventlog;

import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Messages that wait to be sent to the other nodes, oldest first. It is closed at first and while there is no link; it
 * then accepts nothing.
 *
 * <p>Safe from any thread. Only the thread that takes waits.
 */
final class SendQueue {
    private final int maxMessages;
    private final long maxBytes;
    private final ArrayDeque<BusMessage> waiting = new ArrayDeque<>();
    private long bytes;
    private boolean open;
    private boolean woken;

    SendQueue(int maxMessages, long maxBytes) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
    }

    /** False when it is closed or full; a message larger than all its bytes is taken when nothing else waits. */
    synchronized boolean offer(BusMessage message) {
        boolean fits = waiting.isEmpty() || bytes + message.bytes() <= maxBytes;
        if (!open || !fits || waiting.size() >= maxMessages) {
            return false;
        }
        waiting.add(message);
        bytes += message.bytes();
        notifyAll();
        return true;
    }

    /** The oldest message, or null when none has come within {@code timeout}, or {@link #wake} was called. */
    synchronized @Nullable BusMessage take(Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        long left = timeout.toMillis();
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
        int dropped = waiting.size();
        open = false;
        waiting.clear();
        bytes = 0;
        return dropped;
    }
}
