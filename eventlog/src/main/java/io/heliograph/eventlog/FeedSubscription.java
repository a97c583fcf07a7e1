package io.heliograph.eventlog;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One reader of a feed: where it is, and what it waits for. All fields are owned by the feed. */
final class FeedSubscription<P> {
    final StartPosition start;
    final Predicate<Event> visible;
    final Sink<P> sink;

    /** Runs once when the reader has left its feed. */
    private final Runnable ended;

    State state = State.QUEUED;

    /** It has everything up to here; null until the start is known. */
    @Nullable
    Cursor at;

    /** The position is known to be one of this log. */
    boolean checked;

    /** The first page may begin anywhere: the reader asked for the oldest that is kept. */
    boolean anywhere;

    /** New events found it at the end of the log, so that its page is not part of catching up. */
    boolean live;

    /** It was told that it has reached the end of the log. */
    boolean arrived;

    /** A page that was read from the log for it, not yet handed over. */
    @Nullable
    List<Event> fetched;

    /** Is raised when a read that is under way must not count any more. */
    int turn;

    /** Ends a wait; closed when the reader leaves. */
    Subscription timer = () -> {};

    enum State {
        /** In one of the feed's queues, to be served. */
        QUEUED,
        /** Its next page is read from the log, or waits for its turn. */
        READING,
        /** Its position is to be compared with the log's head. */
        DOUBTFUL,
        /** It has a position that the feed has not reached yet, but the log has. */
        AHEAD,
        /** It has a page and has not asked for the next. */
        BUSY,
        /** It has everything and waits for new events. */
        IDLE,
        /** New events go to it through the outlet. */
        ATTACHED,
        LEFT
    }

    /** What kind of reader it is. */
    sealed interface Sink<P> {
        /** Catches up, then gets what is new from the outlet. */
        record Joining<P>(Subscriber<P> subscriber) implements Sink<P> {}

        /** Gets page after page for ever. */
        record Following<P>(Subscriber<P> subscriber) implements Sink<P> {}

        /** Gets one page, or nothing when time is up. */
        record Waiting<P>(CompletableFuture<PollResult> answer, int limit, boolean patient) implements Sink<P> {}
    }

    FeedSubscription(StartPosition start, Predicate<Event> visible, Sink<P> sink, Runnable ended) {
        this.start = start;
        this.visible = visible;
        this.sink = sink;
        this.ended = ended;
    }

    /** Events that fit its next page at most. */
    int pageLimit(int usual) {
        return sink instanceof Sink.Waiting<P> waiting ? Math.min(usual, waiting.limit()) : usual;
    }

    void end() {
        state = State.LEFT;
        fetched = null;
        timer.close();
        ended.run();
    }
}
