package io.heliograph.eventlog;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The readers of one feed, and how they catch up with it.
 *
 * <p>A reader has a position of its own. It is served pages, from {@code recent} or else from the log, never past what
 * the feed has delivered; when a page takes it there, it is attached in that same step. As the outlet has got everything
 * up to there before any reader is served, and gets the rest after, the reader sees no gap and no repeat at the seam.
 * Nothing is kept for a reader but its position.
 *
 * <p>A position is trusted once the event at its offset was seen to be the one that its cursor names. One that does not
 * fit the feed may still fit the log, of which the feed is a little behind: only the log's head can tell, so the feed
 * asks for that and judges then.
 *
 * <p>Subscriptions whose page counts as catching up stand in one line and share a rate of bytes; reads of the log for them
 * have a line of their own.
 *
 * <p>All of it is owned by the feed's mailbox: only its tasks touch it. Reads of the log run on other threads and post
 * what they found; a reader's {@code turn} tells whether that is still wanted.
 */
final class CatchUp<P> {
    private static final Logger LOG = LoggerFactory.getLogger(CatchUp.class);
    private static final int PAGES_PER_STEP = 64;

    private final WorkspaceId workspace;
    private final Feed<P> feed;
    private final FeedContext<P> context;
    private final FeedSettings settings;
    private final Mailbox mailbox;
    private final TailCache<P> recent;
    private final TokenBucket rate;

    private final Set<FeedSubscription<P>> all = new LinkedHashSet<>();
    private int attached;

    /** Subscriptions that new events concern: those that are idle, or ahead of the feed. */
    private final Set<FeedSubscription<P>> parked = new LinkedHashSet<>();

    /** Subscriptions that are served first: they are new, at the end of the log, or have a page in hand. */
    private final ArrayDeque<FeedSubscription<P>> front = new ArrayDeque<>();

    /** Subscriptions whose next page counts as catching up. */
    private final ArrayDeque<FeedSubscription<P>> behind = new ArrayDeque<>();

    /** Subscriptions whose next page is to be read from the log. */
    private final ArrayDeque<FeedSubscription<P>> readLine = new ArrayDeque<>();

    private int reads;
    private boolean wakeUpSet;

    CatchUp(WorkspaceId workspace, Feed<P> feed, FeedContext<P> context, Mailbox mailbox, TailCache<P> recent) {
        this.workspace = workspace;
        this.feed = feed;
        this.context = context;
        this.settings = context.settings();
        this.mailbox = mailbox;
        this.recent = recent;
        this.rate = new TokenBucket(settings.replayBytesPerSecond(), context.scheduler());
    }

    int attached() {
        return attached;
    }

    void join(FeedSubscription<P> reader) {
        if (reader.state != FeedSubscription.State.LEFT) {
            all.add(reader);
            front.add(reader);
        }
    }

    /** Answers a reader that waits as if its time were up, and lets any reader go. */
    void end(FeedSubscription<P> reader) {
        expire(reader);
        leave(reader);
    }

    void endAll() {
        List.copyOf(all).forEach(this::end);
    }

    /** New events are there: those who wait for them are served. */
    void wakeParked() {
        for (FeedSubscription<P> reader : parked) {
            reader.live = reader.state == FeedSubscription.State.IDLE;
            toFront(reader);
        }
        parked.clear();
    }

    void resetAttached(ResetReason reason) {
        for (FeedSubscription<P> reader : List.copyOf(all)) {
            if (reader.state == FeedSubscription.State.ATTACHED) {
                reset(reader, reason);
            }
        }
    }

    /** The log is another: resets all that had any of it; those whose position is not known to be of it are checked. */
    void resetAll(ResetReason reason) {
        for (FeedSubscription<P> reader : List.copyOf(all)) {
            if (reader.checked) {
                reset(reader, reason);
            } else if (reader.state == FeedSubscription.State.AHEAD) {
                parked.remove(reader);
                toFront(reader);
            }
        }
    }

    /** Serves readers, a bounded number of pages; true when there is more to do at once. */
    boolean serve() {
        int pages = 0;
        while (pages < PAGES_PER_STEP && !front.isEmpty()) {
            pages += serve(front.remove());
        }
        while (pages < PAGES_PER_STEP && !behind.isEmpty() && rate.open()) {
            pages += serve(behind.remove());
        }
        if (front.isEmpty() && !behind.isEmpty() && !rate.open()) {
            wakeUpWhenOpen();
            return false;
        }
        return !front.isEmpty() || !behind.isEmpty();
    }

    private void wakeUpWhenOpen() {
        if (!wakeUpSet) {
            wakeUpSet = true;
            context.metrics().replayWaits();
            var unused = context.scheduler().schedule(rate.untilOpen(), () -> mailbox.post(() -> wakeUpSet = false));
        }
    }

    void toFront(FeedSubscription<P> reader) {
        reader.state = FeedSubscription.State.QUEUED;
        front.add(reader);
    }

    void park(FeedSubscription<P> reader, FeedSubscription.State state) {
        reader.state = state;
        parked.add(reader);
    }

    private void toBehind(FeedSubscription<P> reader) {
        reader.state = FeedSubscription.State.QUEUED;
        behind.add(reader);
    }

    /** Does the next thing for a reader; always ends with the reader in some state or queue. Returns what it cost. */
    private int serve(FeedSubscription<P> reader) {
        if (reader.state != FeedSubscription.State.QUEUED) {
            // It left, or was reset, while it stood in the queue.
            return 0;
        }
        guarded(reader, () -> serveNext(reader));
        return 1;
    }

    private void serveNext(FeedSubscription<P> reader) {
        Cursor at = reader.at == null ? begin(reader) : reader.at;
        if (!at.epoch().equals(feed.delivered().epoch())
                || at.offset() > feed.delivered().offset()) {
            reader.fetched = null;
            feed.doubt(reader);
        } else if (reader.fetched != null) {
            serveFetched(reader, at, reader.fetched);
        } else if (!reader.checked && at.offset() == feed.delivered().offset()) {
            check(reader, at.equals(feed.delivered()));
        } else if (!reader.checked && at.offset() == 0) {
            check(reader, at.check().isEmpty());
        } else if (!reader.checked && recent.contains(at.offset())) {
            check(reader, recent.get(at.offset()).event().cursor().equals(at));
        } else if (reader.checked && at.offset() == feed.delivered().offset()) {
            arrive(reader, at);
        } else if (!reader.live && !rate.open()) {
            toBehind(reader);
        } else if (reader.checked && recent.contains(at.offset() + 1)) {
            serveRecent(reader, at);
        } else {
            read(reader);
        }
    }

    private Cursor begin(FeedSubscription<P> reader) {
        Cursor at = switch (reader.start) {
            case StartPosition.Now now -> feed.delivered();
            case StartPosition.Oldest oldest -> Cursor.beforeFirst(feed.delivered().epoch());
            case StartPosition.After after -> after.cursor();
        };
        reader.checked = !(reader.start instanceof StartPosition.After);
        reader.anywhere = reader.start instanceof StartPosition.Oldest;
        reader.at = at;
        if (at.epoch().equals(feed.delivered().epoch())
                && at.offset() <= feed.delivered().offset()) {
            context.metrics().catchUp(feed.delivered().offset() - at.offset());
        }
        return at;
    }

    private void check(FeedSubscription<P> reader, boolean fits) {
        if (fits) {
            reader.checked = true;
            toFront(reader);
        } else {
            reset(reader, ResetReason.MISMATCH);
        }
    }

    /** The reader has everything that was delivered. */
    private void arrive(FeedSubscription<P> reader, Cursor at) {
        reader.live = false;
        reader.anywhere = false;
        boolean first = !reader.arrived;
        reader.arrived = true;
        switch (reader.sink) {
            case FeedSubscription.Sink.Joining<P> joining -> {
                reader.state = FeedSubscription.State.ATTACHED;
                attached++;
                guarded(reader, () -> joining.subscriber().attached(at));
            }
            case FeedSubscription.Sink.Following<P> following -> {
                park(reader, FeedSubscription.State.IDLE);
                if (first) {
                    guarded(reader, () -> following.subscriber().attached(at));
                }
            }
            case FeedSubscription.Sink.Waiting<P> waiting -> {
                park(reader, FeedSubscription.State.IDLE);
                if (!waiting.patient()) {
                    expire(reader);
                }
            }
        }
    }

    private void serveRecent(FeedSubscription<P> reader, Cursor at) {
        int limit = reader.pageLimit(settings.pageEvents());
        long bytes = 0;
        long offset = at.offset();
        List<CachedEvent<P>> page = new ArrayList<>(Math.clamp(feed.delivered().offset() - offset, 0, limit));
        while (offset < feed.delivered().offset() && page.size() < limit && bytes < settings.pageBytes()) {
            offset++;
            CachedEvent<P> entry = recent.get(offset);
            if (reader.visible.test(entry.event())) {
                page.add(entry);
                bytes += entry.event().payload().length;
            }
        }
        // Made once for the page, and not for each event: thousands of readers may be served at the same time.
        Cursor to = offset == at.offset() ? at : recent.get(offset).event().cursor();
        if (!reader.live) {
            rate.spend(bytes);
        }
        give(reader, page, to);
    }

    private void serveFetched(FeedSubscription<P> reader, Cursor at, List<Event> fetched) {
        reader.fetched = null;
        if (fetched.isEmpty() || !fetched.getFirst().position().epoch().equals(at.epoch())) {
            // Too old, or nothing is kept, or the log is another by now; only its head can tell.
            feed.doubt(reader);
        } else if (reader.checked || at.offset() == 0) {
            serveFetchedAfter(reader, at, fetched);
        } else if (fetched.getFirst().offset() != at.offset()) {
            reset(reader, ResetReason.TOO_OLD);
        } else if (!fetched.getFirst().cursor().equals(at)) {
            reset(reader, ResetReason.MISMATCH);
        } else {
            reader.checked = true;
            serveFetchedAfter(reader, at, fetched.subList(1, fetched.size()));
        }
    }

    private void serveFetchedAfter(FeedSubscription<P> reader, Cursor at, List<Event> events) {
        if (events.isEmpty()) {
            // There was room for the event that proved the position, and no more.
            toFront(reader);
        } else if (events.getFirst().offset() != at.offset() + 1 && !reader.anywhere) {
            reset(reader, ResetReason.TOO_OLD);
        } else {
            givePageOf(reader, at, events);
        }
    }

    private void givePageOf(FeedSubscription<P> reader, Cursor at, List<Event> events) {
        List<CachedEvent<P>> page = new ArrayList<>();
        int limit = reader.pageLimit(settings.pageEvents());
        long bytes = 0;
        Cursor to = at;
        for (Event event : events) {
            if (event.offset() > feed.delivered().offset() || page.size() == limit) {
                break;
            }
            to = event.cursor();
            bytes += event.payload().length;
            if (reader.visible.test(event)) {
                page.add(new CachedEvent<>(event));
            }
        }
        rate.spend(bytes);
        context.metrics().pageRead(events.size());
        try {
            give(reader, page, to);
        } finally {
            page.forEach(entry -> entry.release(context.encoder()));
        }
    }

    private void give(FeedSubscription<P> reader, List<CachedEvent<P>> page, Cursor to) {
        reader.at = to;
        reader.anywhere = false;
        if (page.isEmpty()) {
            afterPage(reader, to, CompletableFuture.completedFuture(0));
            return;
        }
        switch (reader.sink) {
            case FeedSubscription.Sink.Joining<P> joining -> giveEncoded(reader, joining.subscriber(), page, to);
            case FeedSubscription.Sink.Following<P> following -> giveEncoded(reader, following.subscriber(), page, to);
            case FeedSubscription.Sink.Waiting<P> waiting -> {
                List<Event> events = page.stream().map(CachedEvent::event).toList();
                waiting.answer().complete(new PollResult.Page(events, to));
                leave(reader);
            }
        }
    }

    private void giveEncoded(FeedSubscription<P> reader, Subscriber<P> subscriber, List<CachedEvent<P>> page, Cursor to) {
        List<P> encoded = new ArrayList<>(page.size());
        page.forEach(entry -> encoded.add(encoded(entry)));
        afterPage(reader, to, subscriber.page(encoded));
    }

    private P encoded(CachedEvent<P> entry) {
        long offset = entry.event().offset();
        return recent.contains(offset) && recent.get(offset) == entry
                ? recent.encoded(entry)
                : entry.encoded(context.encoder());
    }

    private void afterPage(FeedSubscription<P> reader, Cursor to, CompletionStage<?> ready) {
        if (reader.sink instanceof FeedSubscription.Sink.Joining
                && to.offset() == feed.delivered().offset()) {
            arrive(reader, to);
            ready.whenComplete((wants, failure) -> {
                if (failure != null) {
                    mailbox.post(() -> leave(reader));
                }
            });
            return;
        }
        if (ready instanceof CompletableFuture<?> future && future.isDone() && !future.isCompletedExceptionally()) {
            onReady(reader);
            return;
        }
        reader.state = FeedSubscription.State.BUSY;
        ready.whenComplete((wants, failure) -> mailbox.post(() -> {
            if (failure != null) {
                leave(reader);
            } else if (reader.state == FeedSubscription.State.BUSY) {
                onReady(reader);
            }
        }));
    }

    private void onReady(FeedSubscription<P> reader) {
        Cursor at = reader.at;
        reader.live = false;
        if (at != null && at.equals(feed.delivered())) {
            toFront(reader);
        } else {
            toBehind(reader);
        }
    }

    // ---- Reading the log for readers --------------------------------------------------------------------------------

    private void read(FeedSubscription<P> reader) {
        reader.state = FeedSubscription.State.READING;
        reader.turn++;
        readLine.add(reader);
        startReads();
    }

    private void startReads() {
        while (reads < settings.readsPerWorkspace() && !readLine.isEmpty()) {
            FeedSubscription<P> reader = readLine.remove();
            Cursor at = reader.at;
            if (reader.state != FeedSubscription.State.READING || at == null) {
                continue;
            }
            reads++;
            int turn = reader.turn;
            // An unchecked position needs the event at it too.
            long after = reader.checked ? at.offset() : Math.max(0, at.offset() - 1);
            context.gate().run(() -> readPage(reader, turn, after));
        }
    }

    private void readPage(FeedSubscription<P> reader, int turn, long after) {
        try {
            List<Event> events = context.log().after(workspace, after, reader.pageLimit(settings.pageEvents()) + 1);
            mailbox.post(() -> {
                reads--;
                if (reader.state == FeedSubscription.State.READING && reader.turn == turn) {
                    reader.fetched = events;
                    toFront(reader);
                }
                startReads();
            });
        } catch (RuntimeException e) {
            feed.retry(
                    "a page of",
                    e,
                    () -> mailbox.post(() -> {
                        reads--;
                        if (reader.state == FeedSubscription.State.READING && reader.turn == turn) {
                            toBehind(reader);
                        }
                        startReads();
                    }));
        }
    }

    // ---- Ends of readers --------------------------------------------------------------------------------------------

    /** Puts a reader at the end of the log and tells it why it is there. */
    void reset(FeedSubscription<P> reader, ResetReason reason) {
        context.metrics().reset(reason);
        FeedSubscription.State was = reader.state;
        Cursor head = feed.delivered();
        reader.at = head;
        reader.checked = true;
        reader.anywhere = false;
        reader.live = false;
        reader.fetched = null;
        reader.turn++;
        switch (reader.sink) {
            case FeedSubscription.Sink.Joining<P> joining -> {
                guarded(reader, () -> joining.subscriber().reset(reason, head));
                if (was != FeedSubscription.State.ATTACHED && reader.state != FeedSubscription.State.LEFT) {
                    arrive(reader, head);
                }
            }
            case FeedSubscription.Sink.Following<P> following -> {
                guarded(reader, () -> following.subscriber().reset(reason, head));
                if (was != FeedSubscription.State.BUSY && reader.state != FeedSubscription.State.LEFT) {
                    arrive(reader, head);
                }
            }
            case FeedSubscription.Sink.Waiting<P> waiting -> {
                waiting.answer().complete(new PollResult.Reset(reason, head));
                leave(reader);
            }
        }
    }

    void expire(FeedSubscription<P> reader) {
        if (reader.state == FeedSubscription.State.LEFT || !(reader.sink instanceof FeedSubscription.Sink.Waiting<P> waiting)) {
            return;
        }
        Cursor at = reader.at;
        if (at == null && reader.start instanceof StartPosition.After after) {
            at = after.cursor();
        }
        if (at == null) {
            waiting.answer()
                    .completeExceptionally(
                            new EventLogException("the log of workspace " + workspace + " could not be read in time"));
        } else {
            waiting.answer().complete(new PollResult.Page(List.of(), at));
        }
        leave(reader);
    }

    /** A reader that throws is not asked again: what it has got is unknown. */
    private void failed(FeedSubscription<P> reader, RuntimeException failure) {
        LOG.error("a reader of workspace {} failed and is dropped", workspace, failure);
        leave(reader);
        switch (reader.sink) {
            case FeedSubscription.Sink.Joining<P> joining -> dropped(joining.subscriber());
            case FeedSubscription.Sink.Following<P> following -> dropped(following.subscriber());
            case FeedSubscription.Sink.Waiting<P> waiting -> waiting.answer().completeExceptionally(failure);
        }
    }

    private void dropped(Subscriber<P> subscriber) {
        try {
            subscriber.dropped();
        } catch (RuntimeException e) {
            LOG.error("a reader of workspace {} failed again when it was dropped", workspace, e);
        }
    }

    private void guarded(FeedSubscription<P> reader, Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            failed(reader, e);
        }
    }

    void leave(FeedSubscription<P> reader) {
        if (reader.state == FeedSubscription.State.LEFT) {
            return;
        }
        if (reader.state == FeedSubscription.State.ATTACHED) {
            attached--;
        }
        all.remove(reader);
        parked.remove(reader);
        reader.end();
    }
}
