package io.heliograph.eventlog;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * On one node, the ordered delivery of one workspace's log.
 *
 * <p>How it works. {@code delivered} is the end of what the feed has had, and only ever moves to the next offset. Hints
 * move it when they continue it; a hint from further on makes the feed read the gap from the log. What it moves over is
 * kept in {@code recent} and handed to the outlet at the end of the step.
 *
 * <p>When the feed learns that the log is not the one it has delivered (another epoch, another event at the same
 * offset, a head that went back, or retention that overtook it), it starts again at the new head and tells every reader
 * to reset. {@link CatchUp} serves those who catch up.
 *
 * <p>Every field without a comment is owned by the feed's mailbox: only its tasks touch it. Reads of the log run on
 * other threads and post what they found; a number ({@code life}, a reader's {@code turn}) tells whether it is still
 * wanted.
 */
final class Feed<P> {
    private static final Logger LOG = LoggerFactory.getLogger(Feed.class);
    private static final int OWNERS_PER_CHECK = 16;

    private final WorkspaceId workspace;
    private final FeedContext<P> context;
    private final FeedSettings settings;
    private final Mailbox mailbox;
    private final TailCache<P> recent;
    private final CatchUp<P> readers;

    /** Payload bytes of hints that are posted and not yet taken. Shared with the bus's threads. */
    private final AtomicLong hinted = new AtomicLong();

    /** What the feed has delivered; null until it has opened. Written by the mailbox, read by head checks. */
    private volatile @Nullable Cursor end;

    private boolean closed;
    private boolean missedHints;

    /** Is raised when the log turns out to be another, so that what was read of the old one does not count. */
    private int life;

    /** Delivered in this step, not yet handed to the outlet. */
    private final List<Event> batch = new ArrayList<>();

    /** Hints that wait for the gap before them. */
    private final ReorderBuffer pending;

    /** The log is known to reach up to here. */
    private long knownHead;

    private boolean fillingGap;

    private final List<FeedSubscription<P>> doubtful = new ArrayList<>();
    private boolean checkingHead;

    Feed(WorkspaceId workspace, FeedContext<P> context) {
        this.workspace = workspace;
        this.context = context;
        this.settings = context.settings();
        this.mailbox = new Mailbox(context.executor(), this::endOfStep);
        this.pending = new ReorderBuffer(settings.pendingBytes());
        this.recent = new TailCache<>(context.encoder(), context.memory());
        this.readers = new CatchUp<>(workspace, this, context, mailbox, recent);
    }

    // ---- Callable from any thread -----------------------------------------------------------------------------------

    void open() {
        context.gate().run(this::readStart);
    }

    void close() {
        mailbox.post(this::closeNow);
    }

    void hint(Hint hint) {
        long bytes = hint.bytes();
        // When the feed does not keep up, it is enough to know how far the log reaches.
        boolean tooMany = hinted.get() + bytes > settings.pendingBytes();
        Hint kept = tooMany ? new Hint(hint.workspace(), hint.head(), List.of()) : hint;
        long counted = kept.bytes();
        hinted.addAndGet(counted);
        mailbox.post(() -> {
            hinted.addAndGet(-counted);
            onHint(kept);
        });
    }

    void join(FeedSubscription<P> reader) {
        mailbox.post(() -> {
            if (closed) {
                readers.end(reader);
            } else {
                readers.join(reader);
            }
        });
    }

    void leave(FeedSubscription<P> reader) {
        mailbox.post(() -> readers.leave(reader));
    }

    /** Time is up for a reader that waits for events. */
    void expire(FeedSubscription<P> reader) {
        mailbox.post(() -> readers.expire(reader));
    }

    /** Where the feed is, for a check of heads that begins now. */
    Optional<Cursor> end() {
        return Optional.ofNullable(end);
    }

    /** The head that a check found which began when the feed was at {@code before}. */
    void head(Cursor before, Head head) {
        mailbox.post(() -> onHead(before, head));
    }

    // ---- Opening and closing ----------------------------------------------------------------------------------------

    private void readStart() {
        try {
            Head head = context.log().open(workspace);
            long from = Math.max(head.oldestOffset() - 1, head.cursor().offset() - settings.preload());
            List<Event> newest = settings.preload() == 0
                    ? List.of()
                    : context.log().after(workspace, Math.max(0, from), settings.preload());
            mailbox.post(() -> onStart(head, newest));
        } catch (RuntimeException e) {
            retry("the start of", e, this::open);
        }
    }

    private void onStart(Head head, List<Event> newest) {
        if (closed) {
            return;
        }
        end = head.cursor();
        knownHead = head.cursor().offset();
        List<Event> upToHead = newest.stream()
                .filter(event -> event.offset() <= head.cursor().offset())
                .toList();
        if (!upToHead.isEmpty() && upToHead.getLast().cursor().equals(head.cursor())) {
            upToHead.forEach(recent::add);
        }
        if (missedHints) {
            missedHints = false;
            checkHead();
        }
    }

    private void closeNow() {
        closed = true;
        life++;
        readers.endAll();
        recent.clear();
        pending.clear();
    }

    // ---- New events -------------------------------------------------------------------------------------------------

    private void onHint(Hint hint) {
        Cursor at = end;
        if (closed || at == null) {
            missedHints = true;
            return;
        }
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
        long next = delivered().offset() + 1;
        if (event.offset() == next) {
            accept(event);
            acceptPending();
        } else if (event.offset() > next) {
            int dropped = pending.keep(event);
            for (int i = 0; i < dropped; i++) {
                context.metrics().hintDropped();
            }
        }
    }

    private void acceptPending() {
        Optional<Event> next = pending.take(delivered().offset() + 1);
        while (next.isPresent()) {
            accept(next.get());
            next = pending.take(delivered().offset() + 1);
        }
    }

    private void accept(Event event) {
        end = event.cursor();
        knownHead = Math.max(knownHead, event.offset());
        recent.add(event);
        batch.add(event);
    }

    private void fillGap() {
        Cursor from = delivered();
        if (fillingGap || closed || knownHead <= from.offset()) {
            return;
        }
        fillingGap = true;
        int expected = life;
        context.blocking().execute(() -> readGap(from, expected));
    }

    private void readGap(Cursor from, int expected) {
        try {
            // Read from the last delivered event on: it shows that this is still the same log.
            List<Event> events =
                    context.log().after(workspace, Math.max(0, from.offset() - 1), settings.pageEvents() + 1);
            boolean continues = !events.isEmpty() && continues(from, events.getFirst());
            Map<WorkspaceId, Head> heads = continues ? Map.of() : context.log().heads(List.of(workspace));
            Optional<Head> head = Optional.ofNullable(heads.get(workspace));
            mailbox.post(() -> onGap(expected, from, continues ? events : List.of(), head));
        } catch (RuntimeException e) {
            retry(
                    "a gap in",
                    e,
                    () -> mailbox.post(() -> {
                        fillingGap = false;
                        if (end != null) {
                            fillGap();
                        }
                    }));
        }
    }

    private static boolean continues(Cursor from, Event first) {
        return first.position().epoch().equals(from.epoch())
                && (first.offset() == from.offset() + 1 || first.cursor().equals(from));
    }

    private void onGap(int expected, Cursor from, List<Event> events, Optional<Head> head) {
        fillingGap = false;
        if (closed) {
            return;
        }
        if (expected == life && head.isEmpty()) {
            acceptGap(events);
        } else if (expected == life && from.equals(delivered())) {
            // Had hints moved the feed on meanwhile, what was found would say nothing about where it is now.
            onBrokenGap(head.get());
        }
        fillGap();
    }

    private void acceptGap(List<Event> events) {
        long before = delivered().offset();
        for (Event event : events) {
            if (event.offset() == delivered().offset() + 1) {
                accept(event);
            }
        }
        context.metrics().gapFilled(Math.toIntExact(delivered().offset() - before));
        acceptPending();
    }

    /** The log does not continue what was delivered. */
    private void onBrokenGap(Head head) {
        Cursor at = delivered();
        if (head.cursor().equals(at)) {
            // Nothing is missing after all.
            knownHead = at.offset();
        } else if (!head.cursor().epoch().equals(at.epoch())) {
            beginAgain(head, ResetReason.EPOCH_CHANGED);
        } else if (head.cursor().offset() < at.offset()) {
            beginAgain(head, ResetReason.AHEAD_OF_HEAD);
        } else {
            boolean overtaken = head.oldestOffset() > at.offset() + 1;
            beginAgain(head, overtaken ? ResetReason.TOO_OLD : ResetReason.MISMATCH);
        }
    }

    private void flush() {
        if (batch.isEmpty()) {
            return;
        }
        List<Event> events = List.copyOf(batch);
        batch.clear();
        Duration lag = Duration.between(
                events.getFirst().position().at(), context.scheduler().now());
        context.metrics().delivered(events.size(), lag.isNegative() ? Duration.ZERO : lag);
        if (readers.attached() > 0) {
            boolean delivered = true;
            for (int from = 0; delivered && from < events.size(); from += settings.batchEvents()) {
                delivered = deliver(events.subList(from, Math.min(events.size(), from + settings.batchEvents())));
            }
        }
        readers.wakeParked();
    }

    private boolean deliver(List<Event> events) {
        try {
            List<P> encoded = new ArrayList<>(events.size());
            for (Event event : events) {
                encoded.add(recent.encoded(recent.get(event.offset())));
            }
            context.outlet().deliver(workspace, encoded);
            return true;
        } catch (RuntimeException e) {
            // The outlet is another's; its fault must not stop the feed. But who knows what has arrived?
            LOG.error("the outlet of workspace {} failed; its readers are reset", workspace, e);
            readers.resetAttached(ResetReason.DELIVERY_FAILED);
            return false;
        }
    }

    // ---- Is this still the same log? --------------------------------------------------------------------------------

    /** Has the reader's position compared with the log's head, and judges it then. */
    void doubt(FeedSubscription<P> reader) {
        reader.state = FeedSubscription.State.DOUBTFUL;
        doubtful.add(reader);
        checkHead();
    }

    private void checkHead() {
        Cursor before = end;
        if (checkingHead || closed || before == null) {
            return;
        }
        checkingHead = true;
        List<FeedSubscription<P>> asking = List.copyOf(doubtful);
        doubtful.clear();
        Set<String> epochs = new LinkedHashSet<>();
        for (FeedSubscription<P> reader : asking) {
            Cursor at = reader.at;
            if (at != null && epochs.size() < OWNERS_PER_CHECK) {
                epochs.add(at.epoch());
            }
        }
        context.gate().run(() -> readHead(before, asking, epochs));
    }

    private void readHead(Cursor before, List<FeedSubscription<P>> asking, Set<String> epochs) {
        try {
            Head head = context.log().open(workspace);
            Map<String, WorkspaceId> owners = new HashMap<>();
            for (String epoch : epochs) {
                if (!epoch.equals(head.cursor().epoch())) {
                    context.log().ownerOf(epoch).ifPresent(owner -> owners.put(epoch, owner));
                }
            }
            mailbox.post(() -> {
                onHead(before, head);
                checkingHead = false;
                asking.forEach(reader -> judge(reader, head, owners));
                if (!doubtful.isEmpty()) {
                    checkHead();
                }
            });
        } catch (RuntimeException e) {
            retry(
                    "the head of",
                    e,
                    () -> mailbox.post(() -> {
                        checkingHead = false;
                        doubtful.addAll(asking);
                        checkHead();
                    }));
        }
    }

    private void onHead(Cursor before, Head head) {
        Cursor at = end;
        if (closed || at == null || !before.epoch().equals(at.epoch())) {
            // The check began in another life: what it found may be older than what the feed knows.
            return;
        }
        Cursor found = head.cursor();
        if (!found.epoch().equals(at.epoch())) {
            beginAgain(head, ResetReason.EPOCH_CHANGED);
        } else if (found.offset() < before.offset()) {
            beginAgain(head, ResetReason.AHEAD_OF_HEAD);
        } else if (found.offset() == at.offset() && !found.equals(at)) {
            beginAgain(head, ResetReason.MISMATCH);
        } else {
            flush();
            recent.dropBefore(head.oldestOffset());
            knownHead = Math.max(knownHead, found.offset());
            fillGap();
        }
    }

    /** Decides on a reader whose cursor did not fit the feed, now that the log's head is known. */
    private void judge(FeedSubscription<P> reader, Head head, Map<String, WorkspaceId> owners) {
        Cursor at = reader.at;
        if (reader.state != FeedSubscription.State.DOUBTFUL || at == null) {
            return;
        }
        flush();
        if (!head.cursor().epoch().equals(delivered().epoch())) {
            // The feed has learned of another life of the log since this check began.
            doubt(reader);
        } else if (!at.epoch().equals(delivered().epoch())) {
            boolean foreign = owners.containsKey(at.epoch()) && !workspace.equals(owners.get(at.epoch()));
            readers.reset(reader, foreign ? ResetReason.OTHER_WORKSPACE : ResetReason.EPOCH_CHANGED);
        } else if (at.offset() > Math.max(head.cursor().offset(), delivered().offset())) {
            readers.reset(reader, ResetReason.AHEAD_OF_HEAD);
        } else if (at.offset() > delivered().offset()) {
            readers.park(reader, FeedSubscription.State.AHEAD);
        } else if (reader.anywhere && head.oldestOffset() > delivered().offset()) {
            // Nothing is kept: the oldest is the next one.
            reader.at = delivered();
            readers.toFront(reader);
        } else if (!reader.anywhere && tooOld(reader, at, head)) {
            readers.reset(reader, ResetReason.TOO_OLD);
        } else {
            readers.toFront(reader);
        }
    }

    /** What the reader needs next is no longer kept: the event after its position, or the one that proves it. */
    private boolean tooOld(FeedSubscription<P> reader, Cursor at, Head head) {
        boolean proven = reader.checked || at.offset() == 0;
        long needed = proven ? at.offset() + 1 : at.offset();
        return needed < head.oldestOffset() && at.offset() < delivered().offset();
    }

    /** The log is not the one that was delivered: goes on at its head, and tells all who had any of it. */
    private void beginAgain(Head head, ResetReason reason) {
        LOG.warn(
                "the log of workspace {} is not the one that was delivered up to {}: {}",
                workspace,
                end,
                reason.code());
        flush();
        life++;
        pending.clear();
        recent.clear();
        end = head.cursor();
        knownHead = head.cursor().offset();
        readers.resetAll(reason);
    }

    // ---- Steps ------------------------------------------------------------------------------------------------------

    /** New events go out before any reader is served: so a reader that is attached then misses none and repeats none. */
    private boolean endOfStep() {
        if (closed || end == null) {
            return false;
        }
        flush();
        boolean more = readers.serve();
        recent.trim(context.memory().allowance());
        return more;
    }

    /** Tries again after a pause what could not be read. */
    void retry(String what, RuntimeException failure, Runnable again) {
        LOG.warn("{} the log of workspace {} could not be read; trying again", what, workspace, failure);
        context.metrics().readFailed();
        var unused = context.scheduler().schedule(settings.retry(), again);
    }

    /** The end of what this feed has had; it must be open. */
    Cursor delivered() {
        Cursor at = end;
        if (at == null) {
            throw new IllegalStateException("the feed of workspace " + workspace + " is not open");
        }
        return at;
    }
}
