package io.heliograph.eventlog;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One subscription of a feed: how far it has got, and what it waits for. Every change of its state is a method here.
 *
 * <p>A position is trusted once the event at its offset was seen to be the one that the cursor names: then it is
 * verified. Owned by the feed's mailbox.
 */
final class FeedSubscription<P> {
    private final StartPosition start;
    private final Predicate<Event> visible;
    private final Optional<Conflation> conflation;
    private final Delivery<P> delivery;

    /** Runs once when the subscription has ended. */
    private final Runnable onEnd;

    private State state = State.QUEUED;

    /** It has everything up to here; null until it was placed. */
    private @Nullable Cursor position;

    private boolean verified;

    /** The first page may begin at any offset: the subscription starts with the oldest event that is kept. */
    private boolean fromOldest;

    /** New events found it at the end of the log, so its next page is not part of catching up. */
    private boolean live;

    private boolean reachedEnd;

    /** A page that was read from the log and is not handed over yet. */
    private LogReads.@Nullable Page fetched;

    /** Number of the newest read; the answer to an older one is out of date. */
    private int readId;

    /** Ends a poll; closed with the subscription. Written before the subscription is posted to the mailbox. */
    private Subscription timer = () -> {};

    enum State {
        /** In a queue of the feed, to be served. */
        QUEUED,
        /** Its next page is being read from the log, or waits for that. */
        READING,
        /** Its position waits to be compared with the log's head. */
        UNVERIFIED,
        /** Its position is one that the log has reached and the feed has not. */
        AHEAD,
        /** Its subscriber has a page and has not asked for the next. */
        BUSY,
        /** It has everything and waits for new events. */
        IDLE,
        /** New events reach it through the live sink. */
        ATTACHED,
        ENDED
    }

    /** How events reach the subscriber. */
    sealed interface Delivery<P> {
        /** Pages until it has caught up, then the live sink. */
        record Live<P>(Subscriber<P> subscriber) implements Delivery<P> {}

        /** Page after page, without end. */
        record Paged<P>(Subscriber<P> subscriber) implements Delivery<P> {}

        /** One page, or an empty one at the timeout, or at once when there is no timeout. */
        record Poll<P>(CompletableFuture<PollResult> answer, int limit, boolean waits) implements Delivery<P> {}
    }

    FeedSubscription(
            StartPosition start,
            Predicate<Event> visible,
            Optional<Conflation> conflation,
            Delivery<P> delivery,
            Runnable onEnd) {
        this.start = start;
        this.visible = visible;
        this.conflation = conflation;
        this.delivery = delivery;
        this.onEnd = onEnd;
    }

    Delivery<P> delivery() {
        return delivery;
    }

    State state() {
        return state;
    }

    boolean is(State expected) {
        return state == expected;
    }

    /** @param successor offset of the next event with the same conflation key, 0 when there is none yet */
    boolean sees(Event event, long successor) {
        return (conflation.isEmpty() || !conflation.get().skips(event, successor)) && visible.test(event);
    }

    /** Whether it leaves out events of which there are newer ones. */
    boolean conflates() {
        return conflation.isPresent();
    }

    /** Events that fit its next page. */
    int pageLimit(int usual) {
        return delivery instanceof Delivery.Poll<P> poll ? Math.min(usual, poll.limit()) : usual;
    }

    // ---- Position ---------------------------------------------------------------------------------------------------

    boolean isPlaced() {
        return position != null;
    }

    /** Where it is; it must be placed. */
    Cursor position() {
        Cursor at = position;
        if (at == null) {
            throw new IllegalStateException("the subscription has no position yet");
        }
        return at;
    }

    /** The cursor to answer a poll with that times out: its position, or the cursor it came with, or null. */
    @Nullable
    Cursor lastKnown() {
        return position == null && start instanceof StartPosition.After after ? after.cursor() : position;
    }

    /** Finds the position to start from, now that the end of the log is known. */
    void place(Cursor delivered) {
        position = switch (start) {
            case StartPosition.Now now -> delivered;
            case StartPosition.Oldest oldest -> Cursor.beforeFirst(delivered.epoch());
            case StartPosition.After after -> after.cursor();
        };
        conflation.ifPresent(client -> client.joined(delivered));
        verified = !(start instanceof StartPosition.After);
        fromOldest = start instanceof StartPosition.Oldest;
    }

    boolean isVerified() {
        return verified;
    }

    void verify() {
        verified = true;
    }

    boolean isFromOldest() {
        return fromOldest;
    }

    /** Nothing is kept, so the oldest event is the next one after {@code delivered}. */
    void skipTo(Cursor delivered) {
        position = delivered;
    }

    void advanceTo(Cursor to) {
        position = to;
        fromOldest = false;
    }

    /** The lowest offset that the log must still have for this subscription to continue. */
    long firstNeededOffset() {
        long offset = position().offset();
        return verified || offset == 0 ? offset + 1 : offset;
    }

    /** A page from the log begins after this offset: an unverified position needs the event at it too. */
    long readAfter() {
        return Math.max(0, firstNeededOffset() - 1);
    }

    // ---- Transitions ------------------------------------------------------------------------------------------------

    void queue() {
        state = State.QUEUED;
    }

    /** New events exist: those for a subscription that had everything are live, not part of catching up. */
    void wake() {
        live = state == State.IDLE;
        state = State.QUEUED;
    }

    boolean isLive() {
        return live;
    }

    void awaitRead() {
        state = State.READING;
        readId++;
    }

    int readId() {
        return readId;
    }

    boolean awaitsRead(int id) {
        return state == State.READING && readId == id;
    }

    void fetched(LogReads.Page page) {
        fetched = page;
        state = State.QUEUED;
    }

    boolean hasFetched() {
        return fetched != null;
    }

    /** The page that was read for it, once. */
    LogReads.Page takeFetched() {
        LogReads.Page page = fetched == null ? LogReads.Page.EMPTY : fetched;
        fetched = null;
        return page;
    }

    void awaitVerification() {
        state = State.UNVERIFIED;
        fetched = null;
    }

    void awaitFeed() {
        state = State.AHEAD;
    }

    void awaitSubscriber() {
        state = State.BUSY;
    }

    /** The subscriber asks for the next page: from now on that is catching up. */
    void subscriberReady() {
        live = false;
    }

    /** It has everything that was delivered; returns whether for the first time. */
    boolean reachEnd() {
        boolean first = !reachedEnd;
        reachedEnd = true;
        live = false;
        fromOldest = false;
        state = delivery instanceof Delivery.Live ? State.ATTACHED : State.IDLE;
        return first;
    }

    /** Moves it to the end of the log; reads under way do not count. */
    void resetTo(Cursor head) {
        position = head;
        verified = true;
        fromOldest = false;
        live = false;
        fetched = null;
        readId++;
    }

    /** Must be called before the subscription is posted to the mailbox. */
    void endAt(Subscription timeout) {
        timer = timeout;
    }

    void end() {
        state = State.ENDED;
        fetched = null;
        timer.close();
        onEnd.run();
    }
}
