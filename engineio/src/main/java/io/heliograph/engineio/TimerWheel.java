package io.heliograph.engineio;

import static java.util.Objects.requireNonNull;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * All timeouts of one event loop, driven by one scheduled task.
 *
 * <p>Design: a ring of doubly linked lists, one per tick. A timeout is an {@link Entry} that its owner keeps for life, so
 * setting, moving and cancelling one costs a few pointer writes and no allocation; a session is itself an entry. A
 * deadline further away than one turn of the ring stays in its list and is looked at once per turn.
 *
 * <p>After a long pause of the process (a collection, a suspended laptop) the wheel goes on from where it stood, so that
 * pongs which already wait in socket buffers are read before their senders are timed out. Otherwise a timeout is never early and at most one tick late while the loop is not busy. The wheel stands still while
 * it holds nothing. What an entry throws when it expires is logged, and leaves the others alone.
 *
 * <p>Threading: owned by the loop. Source: Varghese and Lauck, "Hashed and hierarchical timing wheels", scheme 6.
 */
final class TimerWheel {

    /** Runs {@code task} once on the loop after {@code delayNanos}. */
    interface Scheduler {
        void schedule(Runnable task, long delayNanos);
    }

    /** One timeout; at most one deadline at a time. Owned by the wheel's loop. */
    abstract static class Entry {
        // Both null, or both set while the entry is in a list; lists are rings, so neither end is special.
        private @Nullable Entry previous;
        private @Nullable Entry next;
        private long deadlineTick;

        /** Runs on the loop when the deadline has passed. */
        abstract void expire();

        final boolean scheduled() {
            return previous != null;
        }
    }

    /** The fixed member of a ring. */
    private static final class Head extends Entry {
        Head() {
            super.previous = this;
            super.next = this;
        }

        Entry first() {
            return requireNonNull(super.next);
        }

        void append(Entry entry) {
            Entry last = requireNonNull(super.previous);
            last.next = entry;
            entry.previous = last;
            entry.next = this;
            super.previous = entry;
        }

        @Override
        void expire() {
            throw new IllegalStateException("the head of a list never expires");
        }
    }

    private static final int SLOTS = 512;

    private final long tickNanos;
    private final long longPauseNanos;
    private final Scheduler scheduler;
    private final LongSupplier nanoTime;
    private final Head[] slots = new Head[SLOTS];
    private final Runnable run = this::run;
    private long tick;
    private long lastTickNanos;
    private int size;
    private boolean running;

    /** @param longPauseNanos how far behind the wheel may be and still catch up */
    TimerWheel(long tickNanos, long longPauseNanos, Scheduler scheduler, LongSupplier nanoTime) {
        this.tickNanos = tickNanos;
        this.longPauseNanos = longPauseNanos;
        this.scheduler = scheduler;
        this.nanoTime = nanoTime;
        for (int i = 0; i < SLOTS; i++) {
            slots[i] = new Head();
        }
    }

    /** Sets the entry's deadline, or moves it. */
    void schedule(Entry entry, long delayNanos) {
        cancel(entry);
        if (!running) {
            start();
        }
        long sinceTick = Math.max(0, nanoTime.getAsLong() - lastTickNanos);
        entry.deadlineTick = tick + Math.max(1, Math.ceilDiv(sinceTick + delayNanos, tickNanos));
        slots[(int) (entry.deadlineTick & (SLOTS - 1))].append(entry);
        size++;
    }

    /** Harmless when the entry is not scheduled. */
    void cancel(Entry entry) {
        if (entry.scheduled()) {
            unlink(entry);
            size--;
        }
    }

    int size() {
        return size;
    }

    private void start() {
        running = true;
        lastTickNanos = nanoTime.getAsLong();
        scheduler.schedule(run, tickNanos);
    }

    private void run() {
        long behind = (nanoTime.getAsLong() - lastTickNanos) / tickNanos;
        long ticks = behind * tickNanos > longPauseNanos ? 1 : behind;
        for (long i = 0; i < ticks; i++) {
            tick++;
            lastTickNanos += tickNanos;
            expire(slots[(int) (tick & (SLOTS - 1))]);
        }
        lastTickNanos += (behind - ticks) * tickNanos;
        running = size > 0;
        if (running) {
            scheduler.schedule(run, Math.max(1, lastTickNanos + tickNanos - nanoTime.getAsLong()));
        }
    }

    /** An expiring entry may schedule or cancel any entry, so what is due is first moved to a list of its own. */
    private void expire(Head slot) {
        Head due = new Head();
        Entry entry = slot.first();
        while (entry != slot) {
            Entry following = requireNonNull(entry.next);
            if (entry.deadlineTick <= tick) {
                unlink(entry);
                due.append(entry);
            }
            entry = following;
        }
        for (Entry expired = due.first(); expired != due; expired = due.first()) {
            unlink(expired);
            size--;
            Guarded.run("a timer", expired::expire);
        }
    }

    private static void unlink(Entry entry) {
        Entry before = requireNonNull(entry.previous);
        Entry after = requireNonNull(entry.next);
        before.next = after;
        after.previous = before;
        entry.previous = null;
        entry.next = null;
    }
}
