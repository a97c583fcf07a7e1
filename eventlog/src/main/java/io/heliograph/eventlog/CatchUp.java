package io.heliograph.eventlog;

import io.heliograph.eventlog.FeedSubscription.Delivery;
import io.heliograph.eventlog.FeedSubscription.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * How the subscriptions of one feed catch up with it.
 *
 * <p>A subscription is served pages, from the tail cache or else from the log, never past what the feed has delivered.
 * When a page takes it there, it is attached in that same step. The live sink has received everything up to there
 * before any subscription is served, and receives the rest after, so there is no gap and no repeat at the seam. Nothing
 * is kept for a subscription but its position.
 *
 * <p>Pages that count as catching up share one rate of bytes; reads of the log are limited in number.
 *
 * <p>Owned by the feed's mailbox.
 */
final class CatchUp<P> {
    private static final int PAGES_PER_STEP = 64;

    private final FeedContext<P> context;
    private final FeedSettings settings;
    private final Mailbox mailbox;
    private final TailCache<P> tail;
    private final Subscriptions<P> subscriptions;
    private final LogReads reads;
    private final TokenBucket rate;

    /** Subscriptions whose next page must be read from the log. */
    private final ArrayDeque<FeedSubscription<P>> readQueue = new ArrayDeque<>();

    private int runningReads;
    private boolean wakeUpScheduled;

    CatchUp(
            FeedContext<P> context,
            Mailbox mailbox,
            TailCache<P> tail,
            Subscriptions<P> subscriptions,
            LogReads reads) {
        this.context = context;
        this.settings = context.settings();
        this.mailbox = mailbox;
        this.tail = tail;
        this.subscriptions = subscriptions;
        this.reads = reads;
        this.rate = new TokenBucket(settings.replayBytesPerSecond(), context.scheduler());
    }

    /** Serves a bounded number of pages; true when there is more to do at once. */
    boolean serve() {
        int pages = 0;
        while (pages < PAGES_PER_STEP && !subscriptions.frontIsEmpty()) {
            pages += serve(subscriptions.pollFront());
        }
        while (pages < PAGES_PER_STEP && !subscriptions.behindIsEmpty() && rate.open()) {
            pages += serve(subscriptions.pollBehind());
        }
        if (subscriptions.frontIsEmpty() && !subscriptions.behindIsEmpty() && !rate.open()) {
            wakeUpWhenOpen();
            return false;
        }
        return !subscriptions.frontIsEmpty() || !subscriptions.behindIsEmpty();
    }

    private void wakeUpWhenOpen() {
        if (!wakeUpScheduled) {
            wakeUpScheduled = true;
            context.metrics().replayWaits();
            var unused =
                    context.scheduler().schedule(rate.untilOpen(), () -> mailbox.post(() -> wakeUpScheduled = false));
        }
    }

    /** Takes the next step of a subscription, which ends in some state or queue. Returns the number of steps taken. */
    private int serve(@Nullable FeedSubscription<P> subscription) {
        if (subscription == null || !subscription.is(State.QUEUED)) {
            // It ended, or was reset, while it stood in the queue.
            return 0;
        }
        subscriptions.guarded(subscription, () -> serveNext(subscription));
        return 1;
    }

    private void serveNext(FeedSubscription<P> subscription) {
        if (!subscription.isPlaced()) {
            place(subscription);
        }
        Cursor at = subscription.position();
        Cursor delivered = tail.delivered();
        if (!at.epoch().equals(delivered.epoch()) || at.offset() > delivered.offset()) {
            subscriptions.requestVerification(subscription);
        } else if (subscription.hasFetched()) {
            serveFetched(subscription, subscription.takeFetched());
        } else if (!subscription.isVerified() && at.offset() == delivered.offset()) {
            verify(subscription, at.equals(delivered));
        } else if (!subscription.isVerified() && at.offset() == 0) {
            verify(subscription, at.check().isEmpty());
        } else if (!subscription.isVerified() && tail.contains(at.offset())) {
            verify(subscription, tail.get(at.offset()).event().cursor().equals(at));
        } else if (subscription.isVerified() && at.offset() == delivered.offset()) {
            subscriptions.reachEnd(subscription);
        } else if (!subscription.isLive() && !rate.open()) {
            subscriptions.toBehind(subscription);
        } else if (subscription.isVerified() && tail.contains(at.offset() + 1)) {
            serveTail(subscription, at);
        } else {
            read(subscription);
        }
    }

    private void place(FeedSubscription<P> subscription) {
        Cursor delivered = tail.delivered();
        subscription.place(delivered);
        Cursor at = subscription.position();
        if (at.epoch().equals(delivered.epoch()) && at.offset() <= delivered.offset()) {
            context.metrics().catchUp(delivered.offset() - at.offset());
        }
    }

    private void verify(FeedSubscription<P> subscription, boolean fits) {
        if (fits) {
            subscription.verify();
            subscriptions.toFront(subscription);
        } else {
            subscriptions.reset(subscription, ResetReason.MISMATCH);
        }
    }

    private void serveTail(FeedSubscription<P> subscription, Cursor at) {
        int limit = subscription.pageLimit(settings.pageEvents());
        long end = tail.delivered().offset();
        long bytes = 0;
        long offset = at.offset();
        List<CachedEvent<P>> page = new ArrayList<>(Math.clamp(end - offset, 0, limit));
        while (offset < end && page.size() < limit && bytes < settings.pageBytes()) {
            offset++;
            CachedEvent<P> cached = tail.get(offset);
            if (subscription.sees(cached.event(), cached.successor())) {
                page.add(cached);
                bytes += cached.event().payload().length();
            }
        }
        // Made once for the page, not for each event: thousands of subscriptions may be served at the same time.
        Cursor to = offset == at.offset() ? at : tail.get(offset).event().cursor();
        if (!subscription.isLive()) {
            rate.spend(bytes);
        }
        give(subscription, page, to);
    }

    private void serveFetched(FeedSubscription<P> subscription, LogReads.Page page) {
        List<Event> fetched = page.events();
        Cursor at = subscription.position();
        if (fetched.isEmpty() || !fetched.getFirst().position().epoch().equals(at.epoch())) {
            // Too old, or nothing is kept, or the log has a new epoch: only its head can tell.
            subscriptions.requestVerification(subscription);
        } else if (subscription.isVerified() || at.offset() == 0) {
            serveFetchedAfter(subscription, at, page);
        } else if (fetched.getFirst().offset() != at.offset()) {
            subscriptions.reset(subscription, ResetReason.TOO_OLD);
        } else if (!fetched.getFirst().cursor().equals(at)) {
            subscriptions.reset(subscription, ResetReason.MISMATCH);
        } else {
            subscription.verify();
            serveFetchedAfter(
                    subscription, at, new LogReads.Page(fetched.subList(1, fetched.size()), page.successors()));
        }
    }

    private void serveFetchedAfter(FeedSubscription<P> subscription, Cursor at, LogReads.Page page) {
        List<Event> events = page.events();
        if (events.isEmpty()) {
            // The page had room for the event that verified the position, and no more.
            subscriptions.toFront(subscription);
        } else if (events.getFirst().offset() != at.offset() + 1 && !subscription.isFromOldest()) {
            subscriptions.reset(subscription, ResetReason.TOO_OLD);
        } else {
            givePageOf(subscription, at, page);
        }
    }

    private void givePageOf(FeedSubscription<P> subscription, Cursor at, LogReads.Page fetched) {
        List<CachedEvent<P>> page = new ArrayList<>();
        int limit = subscription.pageLimit(settings.pageEvents());
        long bytes = 0;
        Cursor to = at;
        for (Event event : fetched.events()) {
            if (event.offset() > tail.delivered().offset() || page.size() == limit) {
                break;
            }
            to = event.cursor();
            bytes += event.payload().length();
            if (subscription.sees(event, fetched.successor(event))) {
                page.add(new CachedEvent<>(event));
            }
        }
        rate.spend(bytes);
        context.metrics().pageRead(fetched.events().size());
        try {
            give(subscription, page, to);
        } finally {
            page.forEach(cached -> cached.release(context.encoder()));
        }
    }

    private void give(FeedSubscription<P> subscription, List<CachedEvent<P>> page, Cursor to) {
        subscription.advanceTo(to);
        if (page.isEmpty()) {
            afterPage(subscription, to, CompletableFuture.completedFuture(0));
            return;
        }
        switch (subscription.delivery()) {
            case Delivery.Live<P> live -> giveEncoded(subscription, live.subscriber(), page, to);
            case Delivery.Paged<P> paged -> giveEncoded(subscription, paged.subscriber(), page, to);
            case Delivery.Poll<P> poll -> {
                List<Event> events = page.stream().map(CachedEvent::event).toList();
                poll.answer().complete(new PollResult.Page(events, to));
                subscriptions.end(subscription);
            }
        }
    }

    private void giveEncoded(
            FeedSubscription<P> subscription, Subscriber<P> subscriber, List<CachedEvent<P>> page, Cursor to) {
        List<P> encoded = new ArrayList<>(page.size());
        page.forEach(cached -> encoded.add(encoded(cached)));
        afterPage(subscription, to, subscriber.page(encoded));
    }

    private P encoded(CachedEvent<P> cached) {
        long offset = cached.event().offset();
        return tail.contains(offset) && tail.get(offset) == cached
                ? tail.encoded(cached)
                : cached.encoded(context.encoder());
    }

    private void afterPage(FeedSubscription<P> subscription, Cursor to, CompletionStage<?> ready) {
        if (subscription.delivery() instanceof Delivery.Live
                && to.offset() == tail.delivered().offset()) {
            subscriptions.reachEnd(subscription);
            ready.whenComplete((wants, failure) -> {
                if (failure != null) {
                    mailbox.post(() -> subscriptions.end(subscription));
                }
            });
            return;
        }
        if (ready instanceof CompletableFuture<?> future && future.isDone() && !future.isCompletedExceptionally()) {
            onReady(subscription);
            return;
        }
        subscription.awaitSubscriber();
        ready.whenComplete((wants, failure) -> mailbox.post(() -> {
            if (failure != null) {
                subscriptions.end(subscription);
            } else if (subscription.is(State.BUSY)) {
                onReady(subscription);
            }
        }));
    }

    private void onReady(FeedSubscription<P> subscription) {
        subscription.subscriberReady();
        if (subscription.position().equals(tail.delivered())) {
            subscriptions.toFront(subscription);
        } else {
            subscriptions.toBehind(subscription);
        }
    }

    // ---- Pages from the log -----------------------------------------------------------------------------------------

    private void read(FeedSubscription<P> subscription) {
        subscription.awaitRead();
        readQueue.add(subscription);
        startReads();
    }

    private void startReads() {
        while (runningReads < settings.readsPerWorkspace() && !readQueue.isEmpty()) {
            FeedSubscription<P> subscription = readQueue.remove();
            if (!subscription.is(State.READING)) {
                continue;
            }
            runningReads++;
            int id = subscription.readId();
            reads.page(
                    subscription.readAfter(),
                    subscription.pageLimit(settings.pageEvents()) + 1,
                    subscription.conflates(),
                    page -> onRead(subscription, id, page),
                    () -> onReadFailed(subscription, id));
        }
    }

    private void onRead(FeedSubscription<P> subscription, int id, LogReads.Page page) {
        runningReads--;
        if (subscription.awaitsRead(id)) {
            subscription.fetched(page);
            subscriptions.toFront(subscription);
        }
        startReads();
    }

    private void onReadFailed(FeedSubscription<P> subscription, int id) {
        runningReads--;
        if (subscription.awaitsRead(id)) {
            subscriptions.toBehind(subscription);
        }
        startReads();
    }
}
