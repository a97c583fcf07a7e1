package io.heliograph.eventlog;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * On one node, the ordered delivery of one workspace's log.
 *
 * <p>How it works. The end of what the feed has delivered only ever moves to the next offset. Hints move it when they
 * continue it; a hint from further on makes the feed read the gap from the log. What it moves over is kept in the tail
 * cache and handed to the live sink at the end of the step.
 *
 * <p>When the feed learns that the log is not the one it has delivered (another epoch, another event at the same
 * offset, a head that went back, or retention that overtook it), it restarts at the new head and resets every
 * subscription. {@link CatchUp} serves those that catch up.
 *
 * <p>Fields without a comment are owned by the feed's mailbox: only its tasks touch them. Reads of the log run on other
 * threads, and their answers are tasks of the mailbox; {@code generation} tells whether an answer still counts.
 */
final class Feed<P> {
    private static final Logger LOG = LoggerFactory.getLogger(Feed.class);

    private final WorkspaceId workspace;
    private final FeedContext<P> context;
    private final Mailbox mailbox;
    private final LogReads reads;
    private final TailCache<P> tail;
    private final LiveDelivery<P> live;
    private final Subscriptions<P> subscriptions;
    private final CursorVerifier<P> verifier;
    private final CatchUp<P> catchUp;

    /** Payload bytes of hints that are posted and not yet taken. Shared with the bus's threads. */
    private final AtomicLong hintedBytes = new AtomicLong();

    private boolean closed;
    private boolean missedHints;

    /** Is raised when the log turns out to be another, so that what was read of the old one does not count. */
    private int generation;

    /** Hinted events that wait for the gap before them. */
    private final ReorderBuffer reordered;

    /** The log is known to reach up to here. */
    private long knownHead;

    private boolean fillingGap;
    private boolean checkingHead;

    Feed(WorkspaceId workspace, FeedContext<P> context) {
        this.workspace = workspace;
        this.context = context;
        mailbox = new Mailbox(context.executor(), this::endOfStep);
        reads = new LogReads(workspace, context, mailbox);
        tail = new TailCache<>(context.encoder(), context.memory());
        live = new LiveDelivery<>(workspace, context, tail);
        subscriptions = new Subscriptions<>(workspace, context.metrics(), tail);
        verifier = new CursorVerifier<>(workspace, tail, subscriptions);
        catchUp = new CatchUp<>(context, mailbox, tail, subscriptions, reads);
        reordered = new ReorderBuffer(context.settings().pendingBytes());
    }

    // ---- Callable from any thread -----------------------------------------------------------------------------------

    void open() {
        reads.opening(this::onOpening, () -> {
            if (!closed) {
                open();
            }
        });
    }

    void close() {
        mailbox.post(this::closeNow);
    }

    void hint(Hint hint) {
        long bytes = hint.bytes();
        // When the feed does not keep up, it is enough to know how far the log reaches.
        boolean tooMany = hintedBytes.get() + bytes > context.settings().pendingBytes();
        Hint kept = tooMany ? new Hint(hint.workspace(), hint.head(), List.of()) : hint;
        long counted = kept.bytes();
        hintedBytes.addAndGet(counted);
        mailbox.post(() -> {
            hintedBytes.addAndGet(-counted);
            onHint(kept);
        });
    }

    void join(FeedSubscription<P> subscription) {
        mailbox.post(() -> {
            if (closed) {
                subscriptions.close(subscription);
            } else {
                subscriptions.add(subscription);
            }
        });
    }

    void leave(FeedSubscription<P> subscription) {
        mailbox.post(() -> subscriptions.end(subscription));
    }

    /** A poll's time is up. */
    void expire(FeedSubscription<P> subscription) {
        mailbox.post(() -> subscriptions.expire(subscription));
    }

    /** What the feed has delivered, for a head check that begins now; empty until the feed has opened. */
    Optional<Cursor> end() {
        return tail.end();
    }

    /** The head that a check found which began when the feed was at {@code before}. */
    void head(Cursor before, Head head) {
        mailbox.post(() -> onHead(before, head));
    }

    // ---- Opening and closing ----------------------------------------------------------------------------------------

    private void onOpening(LogReads.Opening opening) {
        if (closed) {
            return;
        }
        knownHead = opening.head().cursor().offset();
        tail.startAt(opening.head().cursor(), opening.newest());
        if (missedHints) {
            missedHints = false;
            checkHead();
        }
    }

    private void closeNow() {
        closed = true;
        generation++;
        subscriptions.closeAll();
        tail.clear();
        reordered.clear();
    }

    // ---- New events -------------------------------------------------------------------------------------------------

    private void onHint(Hint hint) {
        if (closed || !tail.isStarted()) {
            missedHints = true;
            return;
        }
        Cursor at = tail.delivered();
        if (!hint.head().epoch().equals(at.epoch())) {
            checkHead();
            return;
        }
        knownHead = Math.max(knownHead, hint.head().offset());
        if (hint.head().offset() <= at.offset()) {
            context.metrics().hintDropped();
        }
        hint.events().forEach(this::onHintedEvent);
        fillGap();
    }

    private void onHintedEvent(Event event) {
        long next = tail.delivered().offset() + 1;
        if (event.offset() == next) {
            accept(event);
            acceptReordered();
        } else if (event.offset() > next) {
            int dropped = reordered.keep(event);
            for (int i = 0; i < dropped; i++) {
                context.metrics().hintDropped();
            }
        }
    }

    private void acceptReordered() {
        Optional<Event> next = reordered.take(tail.delivered().offset() + 1);
        while (next.isPresent()) {
            accept(next.get());
            next = reordered.take(tail.delivered().offset() + 1);
        }
    }

    private void accept(Event event) {
        knownHead = Math.max(knownHead, event.offset());
        tail.append(event);
        live.add(event);
    }

    private void fillGap() {
        Cursor from = tail.delivered();
        if (fillingGap || closed || knownHead <= from.offset()) {
            return;
        }
        fillingGap = true;
        int expected = generation;
        reads.gap(from, gap -> onGap(expected, from, gap), () -> {
            fillingGap = false;
            fillGap();
        });
    }

    private void onGap(int expected, Cursor from, LogReads.Gap gap) {
        fillingGap = false;
        if (closed) {
            return;
        }
        if (expected == generation && gap.head().isEmpty()) {
            acceptGap(gap.events());
        } else if (expected == generation && from.equals(tail.delivered())) {
            // If hints have moved the feed on since the read began, the answer says nothing about its present end.
            onBrokenGap(gap.head().get());
        }
        fillGap();
    }

    private void acceptGap(List<Event> events) {
        long before = tail.delivered().offset();
        for (Event event : events) {
            if (event.offset() == tail.delivered().offset() + 1) {
                accept(event);
            }
        }
        context.metrics().gapFilled(Math.toIntExact(tail.delivered().offset() - before));
        acceptReordered();
    }

    /** The log does not continue what was delivered. */
    private void onBrokenGap(Head head) {
        Cursor at = tail.delivered();
        if (head.cursor().equals(at)) {
            // Nothing is missing after all.
            knownHead = at.offset();
        } else if (!head.cursor().epoch().equals(at.epoch())) {
            restart(head, ResetReason.EPOCH_CHANGED);
        } else if (head.cursor().offset() < at.offset()) {
            restart(head, ResetReason.AHEAD_OF_HEAD);
        } else {
            boolean overtaken = head.oldestOffset() > at.offset() + 1;
            restart(head, overtaken ? ResetReason.TOO_OLD : ResetReason.MISMATCH);
        }
    }

    private void flush() {
        if (live.isEmpty()) {
            return;
        }
        if (!live.flush(subscriptions.attached() > 0)) {
            subscriptions.resetAttached(ResetReason.DELIVERY_FAILED);
        }
        subscriptions.wakeParked();
    }

    // ---- Is this still the same log? --------------------------------------------------------------------------------

    private void checkHead() {
        if (checkingHead || closed || !tail.isStarted()) {
            return;
        }
        checkingHead = true;
        Cursor before = tail.delivered();
        List<FeedSubscription<P>> asking = subscriptions.takeUnverified();
        reads.head(verifier.epochs(asking), found -> onVerification(before, asking, found), () -> {
            checkingHead = false;
            subscriptions.putBackUnverified(asking);
            checkHead();
        });
    }

    private void onVerification(Cursor before, List<FeedSubscription<P>> asking, LogReads.Verification found) {
        checkingHead = false;
        onHead(before, found.head());
        if (closed) {
            return;
        }
        flush();
        asking.forEach(subscription -> verifier.verify(subscription, found));
    }

    private void onHead(Cursor before, Head head) {
        if (closed || !before.epoch().equals(tail.delivered().epoch())) {
            // The check began in another epoch: what it found may be older than what the feed knows.
            return;
        }
        Cursor at = tail.delivered();
        Cursor found = head.cursor();
        if (!found.epoch().equals(at.epoch())) {
            restart(head, ResetReason.EPOCH_CHANGED);
        } else if (found.offset() < before.offset()) {
            restart(head, ResetReason.AHEAD_OF_HEAD);
        } else if (found.offset() == at.offset() && !found.equals(at)) {
            restart(head, ResetReason.MISMATCH);
        } else {
            flush();
            tail.dropBefore(head.oldestOffset());
            knownHead = Math.max(knownHead, found.offset());
            fillGap();
        }
    }

    /** The log is not the one that was delivered: continues at its head, and resets all that had any of it. */
    private void restart(Head head, ResetReason reason) {
        LOG.warn(
                "the log of workspace {} is not the one that was delivered up to {}: {}",
                workspace,
                tail.delivered(),
                reason.code());
        flush();
        generation++;
        reordered.clear();
        tail.clear();
        tail.startAt(head.cursor(), List.of());
        knownHead = head.cursor().offset();
        subscriptions.resetAll(reason);
    }

    // ---- Steps ------------------------------------------------------------------------------------------------------

    /** New events are handed over before any subscription is served, so one that is attached then misses none. */
    private boolean endOfStep() {
        if (closed || !tail.isStarted()) {
            return false;
        }
        flush();
        boolean more = catchUp.serve();
        if (subscriptions.hasUnverified()) {
            checkHead();
        }
        tail.trim(context.memory().allowance());
        return more;
    }
}
