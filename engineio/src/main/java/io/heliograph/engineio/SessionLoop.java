package io.heliograph.engineio;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.util.internal.PlatformDependent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * What the sessions of one event loop share: the queue of commands, the batches of this turn, and the timers.
 *
 * <p>Design: everything that is done to a session is a command, queued with its loop. The loop runs all queued commands in one
 * task; what they send is collected per session ({@link Batch}) and written at the end with one write and one flush per
 * session. While a loop is busy commands pile up, so the more there is to send, the more is sent with each write.
 *
 * <p>Order: commands run in the order in which one thread queued them, also when that thread is the loop itself.
 *
 * <p>Failures: what a command, a timer or a write throws is logged; the loop and its other sessions go on.
 *
 * <p>Bound: while more than {@link EngineIoSettings#maxQueuedCommands} wait, {@link #awaitCapacity} makes a sender wait
 * until the loop has caught up, unless the caller is an event loop, which must not wait and whose own input bounds it.
 *
 * <p>Threading: {@link #execute} and {@link #awaitCapacity} are safe from any thread; everything else belongs to the loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // timers are never awaited
public final class SessionLoop {

    /** After so many commands the loop looks at its sockets again. */
    private static final int MAX_COMMANDS_PER_TURN = 4096;
    /** Batches are written as soon as joining them all would take so many bytes; what sessions share counts once. */
    private static final long MAX_BYTES_PER_FLUSH = 256 * 1024;

    private static final long WAIT_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    private final EventLoop eventLoop;
    private final EngineObserver observer;
    private final BooleanSupplier onSomeLoop;
    private final int maxQueued;
    private final LongSupplier nanoTime;
    // Shared by all threads.
    private final Queue<Runnable> commands = PlatformDependent.newMpscQueue();
    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicBoolean drainScheduled = new AtomicBoolean();
    private final Runnable drain = this::drain;
    /** The event loop takes no more tasks: commands are dropped. */
    private volatile boolean shutDown;
    // Owned by the loop.
    private final TimerWheel timers;
    private final FrameJoiner joiner = new FrameJoiner(PooledByteBufAllocator.DEFAULT);
    private final List<BatchTarget> touched = new ArrayList<>();
    private Batch root = Batch.root();
    private long batchedBytes;

    /** @param onSomeLoop whether the caller runs on any loop of the server, which must not wait */
    SessionLoop(EventLoop eventLoop, EngineIoSettings settings, EngineObserver observer, BooleanSupplier onSomeLoop) {
        this.eventLoop = eventLoop;
        this.observer = observer;
        this.onSomeLoop = onSomeLoop;
        this.maxQueued = settings.maxQueuedCommands();
        this.nanoTime = EventLoops.nanoTime(eventLoop);
        long shortest = shortestTimeout(settings).toNanos();
        this.timers = new TimerWheel(
                Math.clamp(
                        shortest / 100,
                        Duration.ofMillis(2).toNanos(),
                        Duration.ofMillis(100).toNanos()),
                Math.min(shortest / 2, Duration.ofSeconds(1).toNanos()),
                (task, delayNanos) -> eventLoop.schedule(task, delayNanos, TimeUnit.NANOSECONDS),
                nanoTime);
    }

    /** The loop's clock, which only goes forward. Safe from any thread. */
    long nanoTime() {
        return nanoTime.getAsLong();
    }

    /** The event loop behind it. */
    public EventLoop eventLoop() {
        return eventLoop;
    }

    /** Whether the caller runs on this loop. */
    public boolean inLoop() {
        return eventLoop.inEventLoop();
    }

    /** Commands that wait now. Safe from any thread. */
    public int queuedCommands() {
        return queued.get();
    }

    /**
     * Runs a command on this loop, after everything that the caller has queued here before.
     *
     * <p>Safe from any thread, never waits. The command must not block. After the loop's shutdown it is dropped.
     */
    public void execute(Runnable command) {
        if (shutDown) {
            return;
        }
        queued.incrementAndGet();
        commands.add(command);
        schedule();
    }

    /** Adds a message to what {@code target} writes at the end of this turn. Only within a command. */
    void deliver(BatchTarget target, Message message) {
        assert inLoop();
        Batch batch = target.batch();
        if (batch == null) {
            batch = root;
            touched.add(target);
        }
        Batch next = batch.then(message);
        target.batch(next);
        if (next.takenFirst()) {
            batchedBytes += next.bytes();
        }
    }

    /** Runs {@code task} on this loop after {@code delay}, unless it is cancelled before. Only on the loop. */
    public Timeout schedule(Duration delay, Runnable task) {
        assert inLoop();
        TaskEntry entry = new TaskEntry(task);
        timers.schedule(entry, delay.toNanos());
        return () -> timers.cancel(entry);
    }

    /** A scheduled task; {@link #cancel} only on the loop, harmless after the task has run. */
    public interface Timeout {
        /** The task will not run; no effect when it has run. Only on the loop. */
        void cancel();
    }

    void schedule(TimerWheel.Entry entry, Duration delay) {
        timers.schedule(entry, delay.toNanos());
    }

    /** Runs {@code task} here, at once when the caller is on this loop already. Order is kept per caller. */
    void executeOn(Runnable task) {
        if (inLoop()) {
            task.run();
        } else {
            eventLoop.execute(task);
        }
    }

    void cancel(TimerWheel.Entry entry) {
        timers.cancel(entry);
    }

    FrameJoiner joiner() {
        return joiner;
    }

    /** Timers that are set; for tests. */
    int timers() {
        return timers.size();
    }

    private void schedule() {
        if (!drainScheduled.get() && drainScheduled.compareAndSet(false, true)) {
            try {
                eventLoop.execute(drain);
            } catch (RejectedExecutionException e) {
                // The loop was shut down and its channels with it: nobody is left to send to. What is queued already
                // stays
                // where it is, because only the loop may take it out.
                shutDown = true;
                queued.set(0);
            }
        }
    }

    /** Waits while too many commands wait here, unless the caller is an event loop. Safe from any thread. */
    public void awaitCapacity() {
        if (queued.get() <= maxQueued || onSomeLoop.getAsBoolean()) {
            return;
        }
        observer.callerWaited();
        while (queued.get() > maxQueued && !eventLoop.isShuttingDown()) {
            LockSupport.parkNanos(this, WAIT_NANOS);
        }
    }

    private void drain() {
        try {
            int ran = 0;
            Runnable command;
            while (ran < MAX_COMMANDS_PER_TURN && (command = commands.poll()) != null) {
                ran++;
                queued.decrementAndGet();
                Guarded.run("a command of a session loop", command);
                if (batchedBytes > MAX_BYTES_PER_FLUSH) {
                    flush();
                }
            }
            flush();
        } finally {
            drainScheduled.set(false);
            if (!commands.isEmpty()) {
                schedule();
            }
        }
    }

    /** Writes all batches. */
    private void flush() {
        if (touched.isEmpty()) {
            return;
        }
        long bytes = 0;
        for (BatchTarget target : touched) {
            bytes += target.flushBatch();
        }
        observer.flushed(touched.size(), bytes);
        touched.clear();
        joiner.endTurn();
        root = Batch.root();
        batchedBytes = 0;
    }

    private static Duration shortestTimeout(EngineIoSettings settings) {
        Duration shortest = settings.pingInterval();
        for (Duration other : List.of(settings.pingTimeout(), settings.upgradeTimeout(), settings.closeTimeout())) {
            shortest = other.compareTo(shortest) < 0 ? other : shortest;
        }
        return shortest;
    }

    private static final class TaskEntry extends TimerWheel.Entry {
        private final Runnable task;

        TaskEntry(Runnable task) {
            this.task = task;
        }

        @Override
        void expire() {
            task.run();
        }
    }
}
