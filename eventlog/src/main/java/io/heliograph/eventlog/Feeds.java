package io.heliograph.eventlog;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node's delivery of the logs: to sockets, streams and long polls, in order, each event once, nothing left out.
 *
 * <p>Each workspace that has a subscription on this node has a feed, which is dropped some time after the last one has
 * ended. A subscription gets the events for which {@code visible} is true. The filter is asked on the feed's thread
 * right before an event is handed over, so it may follow rights that change. It does not apply to what the
 * {@link LiveSink} gets: the sink separates the audiences itself.
 *
 * <p>Safe from any thread; no method blocks. Callbacks run on threads of the feeds and must not block.
 *
 * @param <P> the value that is made of an event once for all subscriptions, see {@link EventEncoder}
 */
public final class Feeds<P> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Feeds.class);

    private final FeedContext<P> context;
    private final Bus bus;
    private final Subscription subscription;
    private final Runnable closeScheduler;

    /** Feeds are opened and dropped inside the map's lock of their key, together with their count of subscriptions. */
    private final ConcurrentHashMap<WorkspaceId, Slot<P>> feeds = new ConcurrentHashMap<>();

    private final AtomicBoolean checking = new AtomicBoolean();
    private volatile Subscription nextCheck = () -> {};
    private volatile boolean closed;

    /** A feed and its subscriptions; the fields are guarded by the map's lock of the key. */
    private static final class Slot<P> {
        final Feed<P> feed;
        int subscriptions;
        long idleSinceNanos;

        Slot(Feed<P> feed) {
            this.feed = feed;
        }
    }

    private Feeds(Builder builder, EventEncoder<P> encoder, LiveSink<P> sink) {
        Scheduler scheduler = builder.scheduler;
        if (scheduler == null) {
            SystemScheduler own = new SystemScheduler();
            scheduler = own;
            closeScheduler = own::close;
        } else {
            closeScheduler = () -> {};
        }
        FeedSettings settings = builder.settings;
        this.bus = builder.bus;
        this.context = new FeedContext<>(
                builder.log,
                sink,
                encoder,
                settings,
                builder.metrics,
                scheduler,
                builder.executor,
                builder.blocking,
                new ReadLimiter(settings.readsPerNode(), builder.blocking),
                new MemoryBudget(settings.memoryPerWorkspace(), settings.memoryPerNode()));
        this.subscription = bus.subscribe(new BusListener());
        scheduleCheck();
    }

    public static Builder on(EventLog log, Bus bus) {
        return new Builder(log, bus);
    }

    /**
     * Subscribes one that catches up page by page, leaving out what {@link Conflation} does, and then gets new events
     * through the live sink.
     *
     * @return ends the subscription
     * @throws IllegalStateException when the feeds are closed
     */
    public Subscription join(
            WorkspaceId workspace, StartPosition start, Predicate<Event> visible, Subscriber<P> subscriber) {
        return subscribe(
                workspace,
                start,
                visible,
                Optional.of(new Conflation()),
                new FeedSubscription.Delivery.Live<>(subscriber),
                Duration.ZERO);
    }

    /**
     * Subscribes one that gets page after page without end, at its own pace, such as a stream of server-sent events.
     *
     * @return ends the subscription
     * @throws IllegalStateException when the feeds are closed
     */
    public Subscription follow(
            WorkspaceId workspace, StartPosition start, Predicate<Event> visible, Subscriber<P> subscriber) {
        return subscribe(
                workspace,
                start,
                visible,
                Optional.empty(),
                new FeedSubscription.Delivery.Paged<>(subscriber),
                Duration.ZERO);
    }

    /**
     * The next visible events, as soon as there are any, or none when the time is up; with a timeout of zero, what is
     * there now. It holds no thread while it waits. Cancelling the answer ends the wait.
     *
     * @param limit events in the answer at most; there may be fewer although more exist
     * @return fails with {@link EventLogException} when the log could not be read in time
     */
    public CompletableFuture<PollResult> poll(
            WorkspaceId workspace, StartPosition start, Predicate<Event> visible, int limit, Duration timeout) {
        return poll(workspace, start, visible, Optional.empty(), limit, timeout);
    }

    /**
     * As {@link #poll(WorkspaceId, StartPosition, Predicate, int, Duration)}, for a client that reads by several polls
     * and leaves out what its {@code conflation} does.
     */
    public CompletableFuture<PollResult> poll(
            WorkspaceId workspace,
            StartPosition start,
            Predicate<Event> visible,
            Conflation conflation,
            int limit,
            Duration timeout) {
        return poll(workspace, start, visible, Optional.of(conflation), limit, timeout);
    }

    private CompletableFuture<PollResult> poll(
            WorkspaceId workspace,
            StartPosition start,
            Predicate<Event> visible,
            Optional<Conflation> conflation,
            int limit,
            Duration timeout) {
        if (limit < 1) {
            throw new IllegalArgumentException("a page holds at least 1 event, not " + limit);
        }
        CompletableFuture<PollResult> answer = new CompletableFuture<>();
        boolean waits = timeout.isPositive();
        // A poll that does not wait has a timer only against a database that does not answer.
        Duration guard = waits ? timeout : context.settings().headCheck();
        Subscription wait = subscribe(
                workspace,
                start,
                visible,
                conflation,
                new FeedSubscription.Delivery.Poll<>(answer, limit, waits),
                guard);
        var unused = answer.whenComplete((waited, failure) -> {
            if (failure != null) {
                wait.close();
            }
        });
        return answer;
    }

    /** Compares all feeds with the log now, as when the bus is back. */
    public void check() {
        if (!closed && !feeds.isEmpty() && checking.compareAndSet(false, true)) {
            Map<WorkspaceId, Cursor> before = new HashMap<>();
            feeds.forEach((workspace, slot) -> slot.feed.end().ifPresent(end -> before.put(workspace, end)));
            context.blocking().execute(() -> {
                try {
                    compare(before);
                } finally {
                    checking.set(false);
                }
            });
        }
    }

    /** Workspaces that have a feed here. */
    public int active() {
        return feeds.size();
    }

    /** Bytes of events and of what was made of them that are held in memory. */
    public long memoryBytes() {
        return context.memory().used();
    }

    /** Ends all feeds; polls that wait are answered as at their timeout. */
    @Override
    public void close() {
        closed = true;
        subscription.close();
        nextCheck.close();
        feeds.keySet().forEach(workspace -> drop(workspace, true));
        closeScheduler.run();
    }

    private Subscription subscribe(
            WorkspaceId workspace,
            StartPosition start,
            Predicate<Event> visible,
            Optional<Conflation> conflation,
            FeedSubscription.Delivery<P> delivery,
            Duration timeout) {
        if (closed) {
            throw new IllegalStateException("the feeds are closed");
        }
        FeedSubscription<P> subscription =
                new FeedSubscription<>(start, visible, conflation, delivery, () -> unsubscribed(workspace));
        Feed<P> feed = acquire(workspace);
        if (closed) {
            // The feed may have been opened behind the walk of close().
            drop(workspace, true);
        }
        if (timeout.isPositive()) {
            subscription.endAt(context.scheduler().schedule(timeout, () -> feed.expire(subscription)));
        }
        feed.join(subscription);
        return () -> feed.leave(subscription);
    }

    private Feed<P> acquire(WorkspaceId workspace) {
        Slot<P> slot = feeds.compute(workspace, (key, existing) -> {
            Slot<P> used = existing == null ? open(key) : existing;
            used.subscriptions++;
            return used;
        });
        return slot.feed;
    }

    private Slot<P> open(WorkspaceId workspace) {
        // First the hints, then the head: nothing falls between.
        bus.follow(workspace);
        context.memory().opened();
        Feed<P> feed = new Feed<>(workspace, context);
        feed.open();
        return new Slot<>(feed);
    }

    private void unsubscribed(WorkspaceId workspace) {
        feeds.computeIfPresent(workspace, (key, slot) -> {
            slot.subscriptions--;
            slot.idleSinceNanos = context.scheduler().nanoTime();
            return slot;
        });
    }

    private void drop(WorkspaceId workspace, boolean always) {
        feeds.computeIfPresent(workspace, (key, slot) -> {
            long idle = context.scheduler().nanoTime() - slot.idleSinceNanos;
            boolean wanted = slot.subscriptions > 0
                    || idle < context.settings().idleAfter().toNanos();
            if (wanted && !always) {
                return slot;
            }
            bus.unfollow(workspace);
            context.memory().closed();
            slot.feed.close();
            return null;
        });
    }

    private void scheduleCheck() {
        nextCheck = context.scheduler().schedule(context.settings().headCheck(), this::onTimer);
        if (closed) {
            nextCheck.close();
        }
    }

    private void onTimer() {
        feeds.forEach((workspace, slot) -> drop(workspace, false));
        check();
        scheduleCheck();
    }

    private void compare(Map<WorkspaceId, Cursor> before) {
        try {
            Map<WorkspaceId, Head> heads = context.log().heads(before.keySet());
            before.forEach((workspace, cursor) -> {
                Head head = heads.get(workspace);
                Slot<P> slot = feeds.get(workspace);
                if (head != null && slot != null) {
                    slot.feed.head(cursor, head);
                }
            });
        } catch (RuntimeException e) {
            // The next check comes soon.
            LOG.warn("the heads of {} workspaces could not be read", before.size(), e);
            context.metrics().readFailed();
        }
    }

    private final class BusListener implements Bus.Listener {
        @Override
        public void hint(Hint hint) {
            Slot<P> slot = feeds.get(hint.workspace());
            if (slot != null) {
                slot.feed.hint(hint);
            }
        }

        @Override
        public void signal(Signal signal) {
            // Not about the log.
        }

        @Override
        public void reconnected() {
            check();
        }

        /** The feed may have read the head before the hints began to arrive. */
        @Override
        public void followed(WorkspaceId workspace) {
            Slot<P> slot = feeds.get(workspace);
            if (slot != null) {
                slot.feed.end().ifPresent(end -> context.blocking().execute(() -> compare(Map.of(workspace, end))));
            }
        }
    }

    /** Collects what feeds are made of. Used by one thread. */
    public static final class Builder {
        private final EventLog log;
        private final Bus bus;
        private FeedSettings settings = FeedSettings.defaults();
        private FeedMetrics metrics = FeedMetrics.NONE;
        private @Nullable Scheduler scheduler;
        private Executor executor;
        private Executor blocking;

        private Builder(EventLog log, Bus bus) {
            this.log = log;
            this.bus = bus;
            Executor virtual = Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("feed-", 0).factory());
            this.executor = virtual;
            this.blocking = virtual;
        }

        public Builder settings(FeedSettings settings) {
            this.settings = settings;
            return this;
        }

        public Builder metrics(FeedMetrics metrics) {
            this.metrics = metrics;
            return this;
        }

        /** Clock and timers; without one, the feeds have their own. */
        public Builder scheduler(Scheduler scheduler) {
            this.scheduler = scheduler;
            return this;
        }

        /** Where feeds run, and where they read the log; virtual threads if nothing is said. */
        public Builder executors(Executor executor, Executor blocking) {
            this.executor = executor;
            this.blocking = blocking;
            return this;
        }

        public <P> Feeds<P> build(EventEncoder<P> encoder, LiveSink<P> sink) {
            return new Feeds<>(this, encoder, sink);
        }
    }
}
