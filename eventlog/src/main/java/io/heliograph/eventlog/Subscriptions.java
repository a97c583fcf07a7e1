package io.heliograph.eventlog;

import io.heliograph.eventlog.FeedSubscription.Delivery;
import io.heliograph.eventlog.FeedSubscription.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The subscriptions of one feed, their queues, and how they reach the end of the log, are reset, fail
 * and end. Owned by the feed's mailbox.
 */
final class Subscriptions<P> {
    private static final Logger LOG = LoggerFactory.getLogger(Subscriptions.class);

    private final WorkspaceId workspace;
    private final FeedMetrics metrics;
    private final TailCache<P> tail;

    private final Set<FeedSubscription<P>> all = new LinkedHashSet<>();
    private int attached;

    /** Those that new events concern: they are idle, or ahead of the feed. */
    private final Set<FeedSubscription<P>> parked = new LinkedHashSet<>();

    /** Those that are served first: they are new, at the end of the log, or have a page fetched. */
    private final ArrayDeque<FeedSubscription<P>> front = new ArrayDeque<>();

    /** Those whose next page counts as catching up. */
    private final ArrayDeque<FeedSubscription<P>> behind = new ArrayDeque<>();

    /** Those whose position must be compared with the log's head. */
    private final List<FeedSubscription<P>> unverified = new ArrayList<>();

    Subscriptions(WorkspaceId workspace, FeedMetrics metrics, TailCache<P> tail) {
        this.workspace = workspace;
        this.metrics = metrics;
        this.tail = tail;
    }

    /** How many get new events through the live sink. */
    int attached() {
        return attached;
    }

    void add(FeedSubscription<P> subscription) {
        if (!subscription.is(State.ENDED)) {
            all.add(subscription);
            front.add(subscription);
        }
    }

    // ---- Queues -----------------------------------------------------------------------------------------------------

    void toFront(FeedSubscription<P> subscription) {
        subscription.queue();
        front.add(subscription);
    }

    void toBehind(FeedSubscription<P> subscription) {
        subscription.queue();
        behind.add(subscription);
    }

    @Nullable
    FeedSubscription<P> pollFront() {
        return front.poll();
    }

    @Nullable
    FeedSubscription<P> pollBehind() {
        return behind.poll();
    }

    boolean frontIsEmpty() {
        return front.isEmpty();
    }

    boolean behindIsEmpty() {
        return behind.isEmpty();
    }

    /** Parks one whose position the feed has not reached. */
    void parkAhead(FeedSubscription<P> subscription) {
        subscription.awaitFeed();
        parked.add(subscription);
    }

    /** New events exist: those that wait for them are served. */
    void wakeParked() {
        for (FeedSubscription<P> subscription : parked) {
            subscription.wake();
            front.add(subscription);
        }
        parked.clear();
    }

    /** Has the position compared with the log's head. */
    void requestVerification(FeedSubscription<P> subscription) {
        subscription.awaitVerification();
        unverified.add(subscription);
    }

    boolean hasUnverified() {
        return !unverified.isEmpty();
    }

    List<FeedSubscription<P>> takeUnverified() {
        List<FeedSubscription<P>> taken = List.copyOf(unverified);
        unverified.clear();
        return taken;
    }

    /** Puts back those that were taken and could not be verified. */
    void putBackUnverified(List<FeedSubscription<P>> taken) {
        unverified.addAll(taken);
    }

    // ---- The end of the log, and resets -----------------------------------------------------------------------------

    /** The subscription has everything that was delivered. */
    void reachEnd(FeedSubscription<P> subscription) {
        Cursor at = subscription.position();
        boolean first = subscription.reachEnd();
        switch (subscription.delivery()) {
            case Delivery.Live<P> live -> {
                attached++;
                guarded(subscription, () -> live.subscriber().attached(at));
            }
            case Delivery.Paged<P> paged -> {
                parked.add(subscription);
                if (first) {
                    guarded(subscription, () -> paged.subscriber().attached(at));
                }
            }
            case Delivery.Poll<P> poll -> {
                parked.add(subscription);
                if (!poll.waits()) {
                    expire(subscription);
                }
            }
        }
    }

    /** Moves the subscription to the end of the log and tells the subscriber why. */
    void reset(FeedSubscription<P> subscription, ResetReason reason) {
        metrics.reset(reason);
        State before = subscription.state();
        Cursor head = tail.delivered();
        subscription.resetTo(head);
        switch (subscription.delivery()) {
            case Delivery.Live<P> live -> {
                guarded(subscription, () -> live.subscriber().reset(reason, head));
                if (before != State.ATTACHED && !subscription.is(State.ENDED)) {
                    reachEnd(subscription);
                }
            }
            case Delivery.Paged<P> paged -> {
                guarded(subscription, () -> paged.subscriber().reset(reason, head));
                if (before != State.BUSY && !subscription.is(State.ENDED)) {
                    reachEnd(subscription);
                }
            }
            case Delivery.Poll<P> poll -> {
                poll.answer().complete(new PollResult.Reset(reason, head));
                end(subscription);
            }
        }
    }

    void resetAttached(ResetReason reason) {
        for (FeedSubscription<P> subscription : List.copyOf(all)) {
            if (subscription.is(State.ATTACHED)) {
                reset(subscription, reason);
            }
        }
    }

    /** The log is another one: resets those known to have had events of it, and has the others verified again. */
    void resetAll(ResetReason reason) {
        for (FeedSubscription<P> subscription : List.copyOf(all)) {
            if (subscription.isVerified()) {
                reset(subscription, reason);
            } else if (subscription.is(State.AHEAD)) {
                parked.remove(subscription);
                toFront(subscription);
            }
        }
    }

    // ---- Ends -------------------------------------------------------------------------------------------------------

    /** Answers a poll whose time is up; others are not concerned. */
    void expire(FeedSubscription<P> subscription) {
        if (subscription.is(State.ENDED) || !(subscription.delivery() instanceof Delivery.Poll<P> poll)) {
            return;
        }
        Cursor at = subscription.lastKnown();
        if (at == null) {
            poll.answer()
                    .completeExceptionally(
                            new EventLogException("the log of workspace " + workspace + " could not be read in time"));
        } else {
            poll.answer().complete(new PollResult.Page(List.of(), at));
        }
        end(subscription);
    }

    void end(FeedSubscription<P> subscription) {
        if (subscription.is(State.ENDED)) {
            return;
        }
        if (subscription.is(State.ATTACHED)) {
            attached--;
        }
        all.remove(subscription);
        parked.remove(subscription);
        subscription.end();
    }

    /** Ends a subscription of a feed that closes: a poll is answered as at its timeout. */
    void close(FeedSubscription<P> subscription) {
        expire(subscription);
        end(subscription);
    }

    void closeAll() {
        List.copyOf(all).forEach(this::close);
    }

    /** Calls a subscriber. One that throws is dropped, as it is unknown what it has received. */
    void guarded(FeedSubscription<P> subscription, Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            LOG.error("a subscriber of workspace {} failed and is dropped", workspace, e);
            end(subscription);
            switch (subscription.delivery()) {
                case Delivery.Live<P> live -> tellDropped(live.subscriber());
                case Delivery.Paged<P> paged -> tellDropped(paged.subscriber());
                case Delivery.Poll<P> poll -> poll.answer().completeExceptionally(e);
            }
        }
    }

    private void tellDropped(Subscriber<P> subscriber) {
        try {
            subscriber.dropped();
        } catch (RuntimeException e) {
            LOG.error("a subscriber of workspace {} failed again when it was dropped", workspace, e);
        }
    }
}
