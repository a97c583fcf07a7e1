package io.heliograph.eventlog;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
 * <p>A reader has a position of its own. It is served pages, from {@code recent} or else from the log, never past
 * {@code delivered}; when a page takes it there, it is attached in that same step. As the outlet has got everything up
 * to {@code delivered} before any reader is served, and gets the rest after, the reader sees no gap and no repeat at
 * the seam. Nothing is kept for a reader but its position.
 *
 * <p>A position is trusted once the event at its offset was seen to be the one that its cursor names. When the feed
 * learns that the log is not the one it has delivered (another epoch, another event at the same offset, a head that
 * went back, or retention that overtook it), it starts again at the new head and tells every reader to reset.
 *
 * <p>Every field without a comment is owned by the feed's mailbox: only its tasks touch it. Reads of the log run on
 * other threads and post what they found; a number ({@code life}, a reader's {@code turn}) tells whether it is still
 * wanted.
 */
final class Feed<P> {
    private static final Logger LOG = LoggerFactory.getLogger(Feed.class);
    private static final int PAGES_PER_STEP = 64;
    private static final int OWNERS_PER_CHECK = 16;

    private final WorkspaceId workspace;
    private final FeedContext<P> context;
    private final FeedSettings settings;
    private final Mailbox mailbox;
    private final ByteRate rate;
    private final Recent<P> recent;

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

    /** Hints that wait for the gap before them, by offset. */
    private final TreeMap<Long, Event> pending = new TreeMap<>();

    private long pendingBytes;

    /** The log is known to reach up to here. */
    private long knownHead;

    private boolean fillingGap;

    private final Set<Reader<P>> readers = new LinkedHashSet<>();
    private int attached;

    /** Readers that new events concern: those that are idle, or ahead of the feed. */
    private final Set<Reader<P>> parked = new LinkedHashSet<>();

    /** Readers that are served first: they are new, at the end of the log, or have a page in hand. */
    private final ArrayDeque<Reader<P>> front = new ArrayDeque<>();

    /** Readers whose next page counts as catching up. */
    private final ArrayDeque<Reader<P>> behind = new ArrayDeque<>();

    private final ArrayDeque<Reader<P>> readLine = new ArrayDeque<>();
    private int reads;
    private final List<Reader<P>> doubtful = new ArrayList<>();
    private boolean checkingHead;
    private boolean wakeUpSet;

    Feed(WorkspaceId workspace, FeedContext<P> context) {
        this.workspace = workspace;
        this.context = context;
        this.settings = context.settings();
        this.mailbox = new Mailbox(context.executor(), this::endOfStep);
        this.rate = new ByteRate(settings.replayBytesPerSecond(), context.scheduler());
        this.recent = new Recent<>(context.preparer(), context.memory());
    }

    // ---- Callable from any thread -----------------------------------------------------------------------------------

    void open() {
        context.blocking().execute(this::readStart);
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

    void join(Reader<P> reader) {
        mailbox.post(() -> joinNow(reader));
    }

    void leave(Reader<P> reader) {
        mailbox.post(() -> leaveNow(reader));
    }

    /** Time is up for a reader that waits for events. */
    void expire(Reader<P> reader) {
        mailbox.post(() -> expireNow(reader));
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

    private void joinNow(Reader<P> reader) {
        if (closed) {
            expireNow(reader);
            leaveNow(reader);
        } else if (reader.state != Reader.State.LEFT) {
            readers.add(reader);
            front.add(reader);
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
        for (Reader<P> reader : List.copyOf(readers)) {
            expireNow(reader);
            leaveNow(reader);
        }
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
            keepPending(event);
        }
    }

    private void keepPending(Event event) {
        if (pending.putIfAbsent(event.offset(), event) == null) {
            pendingBytes += event.payload().length;
        }
        while (pendingBytes > settings.pendingBytes()) {
            pendingBytes -= pending.pollLastEntry().getValue().payload().length;
            context.metrics().hintDropped();
        }
    }

    private void acceptPending() {
        while (!pending.isEmpty() && pending.firstKey() <= delivered().offset() + 1) {
            Event event = pending.pollFirstEntry().getValue();
            pendingBytes -= event.payload().length;
            if (event.offset() == delivered().offset() + 1) {
                accept(event);
            }
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
        if (attached > 0) {
            for (int from = 0; from < events.size(); from += settings.batchEvents()) {
                deliver(events.subList(from, Math.min(events.size(), from + settings.batchEvents())));
            }
        }
        for (Reader<P> reader : parked) {
            reader.live = reader.state == Reader.State.IDLE;
            reader.state = Reader.State.QUEUED;
            front.add(reader);
        }
        parked.clear();
    }

    private void deliver(List<Event> events) {
        try {
            List<P> prepared = new ArrayList<>(events.size());
            for (Event event : events) {
                prepared.add(recent.prepared(recent.get(event.offset())));
            }
            context.outlet().deliver(workspace, prepared);
        } catch (RuntimeException e) {
            // The outlet is another's; its fault must not stop the feed. Its readers find the gap by their cursors.
            LOG.error("the outlet of workspace {} failed", workspace, e);
        }
    }

    // ---- Is this still the same log? --------------------------------------------------------------------------------

    private void doubt(Reader<P> reader) {
        reader.state = Reader.State.DOUBTFUL;
        doubtful.add(reader);
        checkHead();
    }

    private void checkHead() {
        Cursor before = end;
        if (checkingHead || closed || before == null) {
            return;
        }
        checkingHead = true;
        List<Reader<P>> asking = List.copyOf(doubtful);
        doubtful.clear();
        Set<String> epochs = new LinkedHashSet<>();
        for (Reader<P> reader : asking) {
            Cursor at = reader.at;
            if (at != null && epochs.size() < OWNERS_PER_CHECK) {
                epochs.add(at.epoch());
            }
        }
        context.gate().run(() -> readHead(before, asking, epochs));
    }

    private void readHead(Cursor before, List<Reader<P>> asking, Set<String> epochs) {
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
    private void judge(Reader<P> reader, Head head, Map<String, WorkspaceId> owners) {
        Cursor at = reader.at;
        if (reader.state != Reader.State.DOUBTFUL || at == null) {
            return;
        }
        flush();
        if (!head.cursor().epoch().equals(delivered().epoch())) {
            // The feed has learned of another life of the log since this check began.
            doubt(reader);
        } else if (!at.epoch().equals(delivered().epoch())) {
            boolean foreign = owners.containsKey(at.epoch()) && !workspace.equals(owners.get(at.epoch()));
            reset(reader, foreign ? ResetReason.OTHER_WORKSPACE : ResetReason.EPOCH_CHANGED);
        } else if (at.offset() > Math.max(head.cursor().offset(), delivered().offset())) {
            reset(reader, ResetReason.AHEAD_OF_HEAD);
        } else if (at.offset() > delivered().offset()) {
            park(reader, Reader.State.AHEAD);
        } else if (reader.anywhere && head.oldestOffset() > delivered().offset()) {
            // Nothing is kept: the oldest is the next one.
            reader.at = delivered();
            toFront(reader);
        } else if (!reader.anywhere && tooOld(reader, at, head)) {
            reset(reader, ResetReason.TOO_OLD);
        } else {
            toFront(reader);
        }
    }

    /** What the reader needs next is no longer kept: the event after its position, or the one that proves it. */
    private boolean tooOld(Reader<P> reader, Cursor at, Head head) {
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
        pendingBytes = 0;
        recent.clear();
        end = head.cursor();
        knownHead = head.cursor().offset();
        for (Reader<P> reader : List.copyOf(readers)) {
            if (reader.checked) {
                reset(reader, reason);
            } else if (reader.state == Reader.State.AHEAD) {
                parked.remove(reader);
                toFront(reader);
            }
        }
    }

    // ---- Readers ----------------------------------------------------------------------------------------------------

    private boolean endOfStep() {
        if (closed || end == null) {
            return false;
        }
        flush();
        int pages = 0;
        while (pages < PAGES_PER_STEP && !front.isEmpty()) {
            pages += serve(front.remove());
        }
        while (pages < PAGES_PER_STEP && !behind.isEmpty() && rate.open()) {
            pages += serve(behind.remove());
        }
        recent.trim(context.memory().allowance());
        if (front.isEmpty() && !behind.isEmpty() && !rate.open()) {
            wakeUpWhenOpen();
            return false;
        }
        return !front.isEmpty() || !behind.isEmpty();
    }

    private void wakeUpWhenOpen() {
        if (!wakeUpSet) {
            wakeUpSet = true;
            var unused = context.scheduler().schedule(rate.untilOpen(), () -> mailbox.post(() -> wakeUpSet = false));
        }
    }

    private void toFront(Reader<P> reader) {
        reader.state = Reader.State.QUEUED;
        front.add(reader);
    }

    private void park(Reader<P> reader, Reader.State state) {
        reader.state = state;
        parked.add(reader);
    }

    private void toBehind(Reader<P> reader) {
        reader.state = Reader.State.QUEUED;
        behind.add(reader);
    }

    /** Does the next thing for a reader; always ends with the reader in some state or queue. Returns what it cost. */
    private int serve(Reader<P> reader) {
        if (reader.state != Reader.State.QUEUED) {
            // It left, or was reset, while it stood in the queue.
            return 0;
        }
        Cursor at = reader.at == null ? begin(reader) : reader.at;
        if (!at.epoch().equals(delivered().epoch()) || at.offset() > delivered().offset()) {
            reader.fetched = null;
            doubt(reader);
        } else if (reader.fetched != null) {
            serveFetched(reader, at, reader.fetched);
        } else if (!reader.checked && at.offset() == delivered().offset()) {
            check(reader, at.equals(delivered()));
        } else if (!reader.checked && at.offset() == 0) {
            check(reader, at.check().isEmpty());
        } else if (!reader.checked && recent.contains(at.offset())) {
            check(reader, recent.get(at.offset()).event().cursor().equals(at));
        } else if (reader.checked && at.offset() == delivered().offset()) {
            arrive(reader, at);
        } else if (!reader.live && !rate.open()) {
            toBehind(reader);
        } else if (reader.checked && recent.contains(at.offset() + 1)) {
            serveRecent(reader, at);
        } else {
            read(reader);
        }
        return 1;
    }

    private Cursor begin(Reader<P> reader) {
        Cursor at = switch (reader.start) {
            case Start.Now now -> delivered();
            case Start.Oldest oldest -> Cursor.beforeFirst(delivered().epoch());
            case Start.After after -> after.cursor();
        };
        reader.checked = !(reader.start instanceof Start.After);
        reader.anywhere = reader.start instanceof Start.Oldest;
        reader.at = at;
        if (at.epoch().equals(delivered().epoch()) && at.offset() <= delivered().offset()) {
            context.metrics().catchUp(delivered().offset() - at.offset());
        }
        return at;
    }

    private void check(Reader<P> reader, boolean fits) {
        if (fits) {
            reader.checked = true;
            toFront(reader);
        } else {
            reset(reader, ResetReason.MISMATCH);
        }
    }

    /** The reader has everything that was delivered. */
    private void arrive(Reader<P> reader, Cursor at) {
        reader.live = false;
        reader.anywhere = false;
        boolean first = !reader.arrived;
        reader.arrived = true;
        switch (reader.sink) {
            case Reader.Sink.Joining<P> joining -> {
                reader.state = Reader.State.ATTACHED;
                attached++;
                guarded(reader, () -> joining.subscriber().attached(at));
            }
            case Reader.Sink.Following<P> following -> {
                park(reader, Reader.State.IDLE);
                if (first) {
                    guarded(reader, () -> following.subscriber().attached(at));
                }
            }
            case Reader.Sink.Waiting<P> waiting -> {
                park(reader, Reader.State.IDLE);
                if (!waiting.patient()) {
                    expireNow(reader);
                }
            }
        }
    }

    private void serveRecent(Reader<P> reader, Cursor at) {
        List<Entry<P>> page = new ArrayList<>();
        int limit = reader.pageLimit(settings.pageEvents());
        long bytes = 0;
        Cursor to = at;
        while (to.offset() < delivered().offset() && page.size() < limit && bytes < settings.pageBytes()) {
            Entry<P> entry = recent.get(to.offset() + 1);
            to = entry.event().cursor();
            if (sees(reader, entry.event())) {
                page.add(entry);
                bytes += entry.event().payload().length;
            }
        }
        if (!reader.live) {
            rate.spend(bytes);
        }
        give(reader, page, to);
    }

    private void serveFetched(Reader<P> reader, Cursor at, List<Event> fetched) {
        reader.fetched = null;
        if (fetched.isEmpty() || !fetched.getFirst().position().epoch().equals(at.epoch())) {
            // Too old, or nothing is kept, or the log is another by now; only its head can tell.
            doubt(reader);
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

    private void serveFetchedAfter(Reader<P> reader, Cursor at, List<Event> events) {
        if (events.isEmpty()) {
            // There was room for the event that proved the position, and no more.
            toFront(reader);
        } else if (events.getFirst().offset() != at.offset() + 1 && !reader.anywhere) {
            reset(reader, ResetReason.TOO_OLD);
        } else {
            givePageOf(reader, at, events);
        }
    }

    private void givePageOf(Reader<P> reader, Cursor at, List<Event> events) {
        List<Entry<P>> page = new ArrayList<>();
        int limit = reader.pageLimit(settings.pageEvents());
        long bytes = 0;
        Cursor to = at;
        for (Event event : events) {
            if (event.offset() > delivered().offset() || page.size() == limit) {
                break;
            }
            to = event.cursor();
            bytes += event.payload().length;
            if (sees(reader, event)) {
                page.add(new Entry<>(event));
            }
        }
        rate.spend(bytes);
        context.metrics().pageRead(events.size());
        give(reader, page, to);
        page.forEach(entry -> entry.release(context.preparer()));
    }

    private boolean sees(Reader<P> reader, Event event) {
        try {
            return reader.visible.test(event);
        } catch (RuntimeException e) {
            LOG.error("a reader's filter failed; it sees nothing of workspace {}", workspace, e);
            return false;
        }
    }

    private void give(Reader<P> reader, List<Entry<P>> page, Cursor to) {
        reader.at = to;
        reader.anywhere = false;
        if (page.isEmpty()) {
            afterPage(reader, to, CompletableFuture.completedFuture(0));
            return;
        }
        switch (reader.sink) {
            case Reader.Sink.Joining<P> joining -> givePrepared(reader, joining.subscriber(), page, to);
            case Reader.Sink.Following<P> following -> givePrepared(reader, following.subscriber(), page, to);
            case Reader.Sink.Waiting<P> waiting -> {
                List<Event> events = page.stream().map(Entry::event).toList();
                waiting.answer().complete(new Waited.Page(events, to));
                leaveNow(reader);
            }
        }
    }

    private void givePrepared(Reader<P> reader, Subscriber<P> subscriber, List<Entry<P>> page, Cursor to) {
        List<P> prepared = new ArrayList<>(page.size());
        page.forEach(entry -> prepared.add(prepared(entry)));
        CompletionStage<?> ready;
        try {
            ready = subscriber.page(prepared);
        } catch (RuntimeException e) {
            failed(reader, e);
            return;
        }
        afterPage(reader, to, ready);
    }

    private P prepared(Entry<P> entry) {
        long offset = entry.event().offset();
        return recent.contains(offset) && recent.get(offset) == entry
                ? recent.prepared(entry)
                : entry.prepared(context.preparer());
    }

    private void afterPage(Reader<P> reader, Cursor to, CompletionStage<?> ready) {
        if (reader.sink instanceof Reader.Sink.Joining
                && to.offset() == delivered().offset()) {
            arrive(reader, to);
            ready.whenComplete((wants, failure) -> {
                if (failure != null) {
                    leave(reader);
                }
            });
            return;
        }
        if (ready instanceof CompletableFuture<?> future && future.isDone() && !future.isCompletedExceptionally()) {
            onReady(reader);
            return;
        }
        reader.state = Reader.State.BUSY;
        ready.whenComplete((wants, failure) -> mailbox.post(() -> {
            if (failure != null) {
                leaveNow(reader);
            } else if (reader.state == Reader.State.BUSY) {
                onReady(reader);
            }
        }));
    }

    private void onReady(Reader<P> reader) {
        Cursor at = reader.at;
        reader.live = false;
        if (at != null && at.equals(delivered())) {
            toFront(reader);
        } else {
            toBehind(reader);
        }
    }

    // ---- Reading the log for readers --------------------------------------------------------------------------------

    private void read(Reader<P> reader) {
        reader.state = Reader.State.READING;
        reader.turn++;
        readLine.add(reader);
        startReads();
    }

    private void startReads() {
        while (reads < settings.readsPerWorkspace() && !readLine.isEmpty()) {
            Reader<P> reader = readLine.remove();
            Cursor at = reader.at;
            if (reader.state != Reader.State.READING || at == null) {
                continue;
            }
            reads++;
            int turn = reader.turn;
            // An unchecked position needs the event at it too.
            long after = reader.checked ? at.offset() : Math.max(0, at.offset() - 1);
            context.gate().run(() -> readPage(reader, turn, after));
        }
    }

    private void readPage(Reader<P> reader, int turn, long after) {
        try {
            List<Event> events = context.log().after(workspace, after, reader.pageLimit(settings.pageEvents()) + 1);
            mailbox.post(() -> {
                reads--;
                if (reader.state == Reader.State.READING && reader.turn == turn) {
                    reader.fetched = events;
                    toFront(reader);
                }
                startReads();
            });
        } catch (RuntimeException e) {
            retry(
                    "a page of",
                    e,
                    () -> mailbox.post(() -> {
                        reads--;
                        if (reader.state == Reader.State.READING && reader.turn == turn) {
                            toBehind(reader);
                        }
                        startReads();
                    }));
        }
    }

    private void retry(String what, RuntimeException failure, Runnable again) {
        LOG.warn("{} the log of workspace {} could not be read; trying again", what, workspace, failure);
        context.metrics().readFailed();
        var unused = context.scheduler().schedule(settings.retry(), again);
    }

    // ---- Ends of readers --------------------------------------------------------------------------------------------

    /** Puts a reader at the end of the log and tells it why it is there. */
    private void reset(Reader<P> reader, ResetReason reason) {
        context.metrics().reset(reason);
        Reader.State was = reader.state;
        Cursor head = delivered();
        reader.at = head;
        reader.checked = true;
        reader.anywhere = false;
        reader.live = false;
        reader.fetched = null;
        reader.turn++;
        switch (reader.sink) {
            case Reader.Sink.Joining<P> joining -> {
                guarded(reader, () -> joining.subscriber().reset(reason, head));
                if (was != Reader.State.ATTACHED && reader.state != Reader.State.LEFT) {
                    arrive(reader, head);
                }
            }
            case Reader.Sink.Following<P> following -> {
                guarded(reader, () -> following.subscriber().reset(reason, head));
                if (was != Reader.State.BUSY && reader.state != Reader.State.LEFT) {
                    arrive(reader, head);
                }
            }
            case Reader.Sink.Waiting<P> waiting -> {
                waiting.answer().complete(new Waited.Reset(reason, head));
                leaveNow(reader);
            }
        }
    }

    private void expireNow(Reader<P> reader) {
        if (reader.state == Reader.State.LEFT || !(reader.sink instanceof Reader.Sink.Waiting<P> waiting)) {
            return;
        }
        Cursor at = reader.at;
        if (at == null && reader.start instanceof Start.After after) {
            at = after.cursor();
        }
        if (at == null) {
            waiting.answer()
                    .completeExceptionally(
                            new EventLogException("the log of workspace " + workspace + " could not be read in time"));
        } else {
            waiting.answer().complete(new Waited.Page(List.of(), at));
        }
        leaveNow(reader);
    }

    private void failed(Reader<P> reader, RuntimeException failure) {
        LOG.error("a reader of workspace {} failed and is dropped", workspace, failure);
        leaveNow(reader);
    }

    private void guarded(Reader<P> reader, Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            failed(reader, e);
        }
    }

    private void leaveNow(Reader<P> reader) {
        if (reader.state == Reader.State.LEFT) {
            return;
        }
        if (reader.state == Reader.State.ATTACHED) {
            attached--;
        }
        readers.remove(reader);
        parked.remove(reader);
        reader.end();
    }

    private Cursor delivered() {
        Cursor at = end;
        if (at == null) {
            throw new IllegalStateException("the feed of workspace " + workspace + " is not open");
        }
        return at;
    }
}
