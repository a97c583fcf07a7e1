package io.heliograph.eventlog;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
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
 * <p>There is a feed for each workspace that has a reader here; it begins with the first and ends some time after the
 * last. Subscriptions see an event when {@code visible} says so; the test is asked on the feed's thread when the event is
 * about to be handed over, so it may follow rights and wishes that change. It does not apply to what the
 * {@link LiveSink} gets: whoever writes to attached readers separates the audiences.
 *
 * <p>Safe from any thread; no method blocks. What is called back is called on threads of the feeds.
 *
 * @param <P> what is made of an event once for all readers, see {@link EventEncoder}
 */
public final class Feeds<P> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Feeds.class);

    private final FeedContext<P> context;
    private final Bus bus;
    private final Subscription subscription;
    private final Runnable closeScheduler;

    /** Feeds are begun and dropped inside the map's own lock of their key, together with their count of readers. */
    private final ConcurrentHashMap<WorkspaceId, Slot<P>> feeds = new ConcurrentHashMap<>();

    private final AtomicBoolean checking = new AtomicBoolean();
    private volatile Subscription nextCheck = () -> {};
    private volatile boolean closed;

    /** A feed and its readers; the fields are guarded by the map's lock of the key. */
    private static final class Slot<P> {
        final Feed<P> feed;
        int readers;
        long idleSinceNanos;

        Slot(Feed<P> feed) {
            this.feed = feed;
        }
    }

    private Feeds(Builder builder, EventEncoder<P> encoder, LiveSink<P> outlet) {
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
                outlet,
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

    /** A reader that catches up page by page, and then gets what is new from the outlet. */
    public Subscription join(WorkspaceId workspace, StartPosition start, Predicate<Event> visible, Subscriber<P> subscriber) {
        return enter(workspace, start, visible, new FeedSubscription.Sink.Joining<>(subscriber), Duration.ZERO);
    }

    /** A reader that gets page after page for ever, at its own pace, such as a stream of server-sent events. */
    public Subscription follow(WorkspaceId workspace, StartPosition start, Predicate<Event> visible, Subscriber<P> subscriber) {
        return enter(workspace, start, visible, new FeedSubscription.Sink.Following<>(subscriber), Duration.ZERO);
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
        if (limit < 1) {
            throw new IllegalArgumentException("a page holds at least 1 event, not " + limit);
        }
        CompletableFuture<PollResult> answer = new CompletableFuture<>();
        boolean patient = timeout.isPositive();
        // Without patience the timer only guards against a database that does not answer.
        Duration guard = patient ? timeout : context.settings().headCheck();
        Subscription wait = enter(workspace, start, visible, new FeedSubscription.Sink.Waiting<>(answer, limit, patient), guard);
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

    /** Ends all feeds; readers that wait get what they would get if their time were up. */
    @Override
    public void close() {
        closed = true;
        subscription.close();
        nextCheck.close();
        feeds.keySet().forEach(workspace -> drop(workspace, true));
        closeScheduler.run();
    }

    private Subscription enter(
            WorkspaceId workspace, StartPosition start, Predicate<Event> visible, FeedSubscription.Sink<P> sink, Duration timeout) {
        if (closed) {
            throw new IllegalStateException("the feeds are closed");
        }
        FeedSubscription<P> reader = new FeedSubscription<>(start, visible, sink, () -> left(workspace));
        Feed<P> feed = entered(workspace);
        if (timeout.isPositive()) {
            reader.timer = context.scheduler().schedule(timeout, () -> feed.expire(reader));
        }
        feed.join(reader);
        return () -> feed.leave(reader);
    }

    private Feed<P> entered(WorkspaceId workspace) {
        Slot<P> slot = feeds.compute(workspace, (key, existing) -> {
            Slot<P> mine = existing == null ? begin(key) : existing;
            mine.readers++;
            return mine;
        });
        return slot.feed;
    }

    private Slot<P> begin(WorkspaceId workspace) {
        // First the hints, then the head: nothing falls between.
        bus.follow(workspace);
        context.memory().opened();
        Feed<P> feed = new Feed<>(workspace, context);
        feed.open();
        return new Slot<>(feed);
    }

    private void left(WorkspaceId workspace) {
        feeds.computeIfPresent(workspace, (key, slot) -> {
            slot.readers--;
            slot.idleSinceNanos = context.scheduler().nanoTime();
            return slot;
        });
    }

    private void drop(WorkspaceId workspace, boolean inAnyCase) {
        feeds.computeIfPresent(workspace, (key, slot) -> {
            long idle = context.scheduler().nanoTime() - slot.idleSinceNanos;
            boolean wanted =
                    slot.readers > 0 || idle < context.settings().idleAfter().toNanos();
            if (wanted && !inAnyCase) {
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

        public <P> Feeds<P> build(EventEncoder<P> encoder, LiveSink<P> outlet) {
            return new Feeds<>(this, encoder, outlet);
        }
    }
}
