package io.heliograph.eventlog;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commands that wait to be written, and the order in which they run.
 *
 * <p>Each workspace has a lane. Lanes with waiting commands form a queue; a worker takes the first lane, runs one batch of
 * it, and puts the lane at the end of the queue when more commands wait. So a flood in one workspace
 * delays another by at most one batch, and a workspace never has two batches at the same time.
 *
 * <p>Safe from any thread: one lock guards all fields and is held for a few steps only, never while a batch runs.
 */
final class WriteQueue {
    private static final Logger LOG = LoggerFactory.getLogger(WriteQueue.class);

    private final LogSettings settings;
    private final int maxWorkers;
    private final Executor executor;
    private final Batches batches;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition stopped = lock.newCondition();
    private final Map<WorkspaceId, Lane> lanes = new HashMap<>();
    private final ArrayDeque<Lane> line = new ArrayDeque<>();
    private int waiting;
    private int workers;
    private boolean closed;

    /** Runs one batch: takes commands from {@code next} until it has enough or there is none, and settles each. */
    @FunctionalInterface
    interface Batches {
        void run(WorkspaceId workspace, Supplier<@Nullable Job<?>> next);
    }

    private static final class Lane {
        final WorkspaceId workspace;
        final ArrayDeque<Job<?>> jobs = new ArrayDeque<>();

        Lane(WorkspaceId workspace) {
            this.workspace = workspace;
        }
    }

    WriteQueue(LogSettings settings, int maxWorkers, Executor executor, Batches batches) {
        this.settings = settings;
        this.maxWorkers = maxWorkers;
        this.executor = executor;
        this.batches = batches;
    }

    /**
     * Puts a command at the end of its workspace's lane.
     *
     * @throws Overloaded when the lane or the whole queue is full
     * @throws EventLogException when the queue is closed
     */
    void add(WorkspaceId workspace, Job<?> job) {
        lock.lock();
        try {
            Lane lane = lanes.get(workspace);
            checkCapacity(workspace, lane);
            if (lane == null) {
                lane = new Lane(workspace);
                lanes.put(workspace, lane);
                line.add(lane);
            }
            lane.jobs.add(job);
            waiting++;
            if (workers < maxWorkers && !line.isEmpty()) {
                workers++;
                executor.execute(this::work);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes a command out that no batch has taken yet; false when it is too late for that. */
    boolean remove(WorkspaceId workspace, Job<?> job) {
        lock.lock();
        try {
            Lane lane = lanes.get(workspace);
            boolean removed = lane != null && lane.jobs.remove(job);
            if (removed) {
                waiting--;
            }
            return removed;
        } finally {
            lock.unlock();
        }
    }

    /** Refuses new commands, fails those that wait, and returns when the running batches are done or time is up. */
    void close(Duration timeout) {
        List<Job<?>> dropped = new ArrayList<>();
        lock.lock();
        try {
            closed = true;
            for (Lane lane : lanes.values()) {
                dropped.addAll(lane.jobs);
                waiting -= lane.jobs.size();
                lane.jobs.clear();
            }
            awaitWorkers(timeout);
        } finally {
            lock.unlock();
        }
        dropped.forEach(job -> job.fail(new EventLogException("the event log was closed before the command ran")));
    }

    int waiting() {
        lock.lock();
        try {
            return waiting;
        } finally {
            lock.unlock();
        }
    }

    private void checkCapacity(WorkspaceId workspace, @Nullable Lane lane) {
        if (closed) {
            throw new EventLogException("the event log is closed");
        }
        if (lane != null && lane.jobs.size() >= settings.waitingPerWorkspace()) {
            throw new Overloaded("workspace " + workspace + " has " + lane.jobs.size()
                    + " commands waiting to be written, the limit (waiting per workspace); try again shortly");
        }
        if (waiting >= settings.waitingInAll()) {
            throw new Overloaded(
                    waiting + " commands wait to be written, the limit (waiting in all); try again shortly");
        }
    }

    private void awaitWorkers(Duration timeout) {
        long nanos = timeout.toNanos();
        try {
            while (workers > 0 && nanos > 0) {
                nanos = stopped.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        Lane lane = nextLane();
        while (lane != null) {
            Lane taken = lane;
            try {
                batches.run(taken.workspace, () -> nextJob(taken));
            } catch (RuntimeException | Error e) {
                // A batch settles its commands whatever happens. A worker that ended here would not be replaced.
                LOG.error("a batch of workspace {} failed", taken.workspace, e);
            } finally {
                release(taken);
            }
            lane = nextLane();
        }
    }

    private @Nullable Lane nextLane() {
        lock.lock();
        try {
            Lane lane = line.poll();
            if (lane == null) {
                workers--;
                stopped.signalAll();
            }
            return lane;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Job<?> nextJob(Lane lane) {
        lock.lock();
        try {
            Job<?> job = lane.jobs.poll();
            if (job != null) {
                waiting--;
            }
            return job;
        } finally {
            lock.unlock();
        }
    }

    private void release(Lane lane) {
        lock.lock();
        try {
            if (lane.jobs.isEmpty()) {
                lanes.remove(lane.workspace);
            } else {
                line.add(lane);
            }
        } finally {
            lock.unlock();
        }
    }
}
