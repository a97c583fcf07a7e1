package io.heliograph.server.agents;

import io.heliograph.eventlog.Bus;
import io.heliograph.eventlog.Hint;
import io.heliograph.eventlog.Signal;
import io.heliograph.eventlog.Subscription;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.events.AgentId;
import io.heliograph.server.events.VolatileEvent;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.identity.ConcurrencyLimiter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The streaming messages of this node: numbered text that waits until its interval is over and is then published to the
 * writable sockets of every node. It is not stored; the final message has the whole text.
 *
 * <p>A delta is numbered in its message's row ({@link MessageStore#countDelta}). If the number in the row is that of
 * the newest text waiting here, the delta joins that text and its number, so a writer that uses one node makes one
 * event per interval. If another node has counted since, or a durable text was written, the delta gets the next number
 * and a separate event, because its text does not follow the text waiting here. So numbers are contiguous, and text
 * ordered by number is in the order in which it was numbered. Text beyond the bound is numbered and dropped, and
 * readers see the gap.
 *
 * <p>A message holds a permit of {@link ConcurrencyLimiter} from its first delta on this node until it is final or has
 * had no delta for a minute.
 *
 * <p>Safe from any thread; nothing blocks. A stream's text is guarded by its own lock; its users and its entry in the
 * map change under the map's lock of its key.
 */
final class MessageDeltas implements Bus.Listener, AutoCloseable {
    /** Characters of one message that may wait for the end of its interval; more are dropped. */
    static final int MAX_WAITING = 16_384;

    /** Characters of one event on the bus. */
    private static final int MAX_EVENT = 4_096;

    private static final String FINISHED = "message-finished";
    private static final Duration FORGET_AFTER = Duration.ofMinutes(1);
    private static final Duration FORGET_EVERY = Duration.ofSeconds(1);

    private final Bus bus;
    private final JsonMapper json;
    private final Duration interval;
    private final ConcurrencyLimiter streamLimiter;
    private final Clock clock;
    private final ScheduledExecutorService scheduler;
    private final Subscription subscription;
    private final ConcurrentHashMap<Key, Stream> streams = new ConcurrentHashMap<>();
    private final AtomicReference<Instant> forgot = new AtomicReference<>(Instant.EPOCH);

    /** A message. */
    record Key(WorkspaceId workspace, AgentId agentId, String messageId) {}

    /** Whether a delta may be written now. */
    sealed interface Admission {
        /** It may; the caller must close the writing. */
        record Admitted(Writing writing) implements Admission {}

        record Full(ConcurrencyLimiter.Limit limit) implements Admission {}
    }

    private record Delta(String messageId, AgentId agentId, long rev, String append) {}

    MessageDeltas(
            Bus bus,
            JsonMapper json,
            Duration interval,
            ConcurrencyLimiter streamLimiter,
            Clock clock,
            ScheduledExecutorService scheduler) {
        this.bus = bus;
        this.json = json;
        this.interval = interval;
        this.streamLimiter = streamLimiter;
        this.clock = clock;
        this.scheduler = scheduler;
        this.subscription = bus.subscribe(this);
    }

    /** Begins to write a delta that is not numbered yet. */
    Admission begin(Caller caller, Key key, String text) {
        Admission admission = tryBegin(caller, key, text);
        return admission instanceof Admission.Full && forgetIdle() ? tryBegin(caller, key, text) : admission;
    }

    private Admission tryBegin(Caller caller, Key key, String text) {
        AtomicReference<ConcurrencyLimiter.@Nullable Limit> full = new AtomicReference<>();
        Stream stream = streams.compute(key, (_, present) -> {
            Stream entered = present == null ? open(caller, key, full) : present;
            if (entered != null) {
                entered.users++;
            }
            return entered;
        });
        ConcurrencyLimiter.Limit limit = full.get();
        return stream == null && limit != null
                ? new Admission.Full(limit)
                : new Admission.Admitted(new Writing(Objects.requireNonNull(stream), text));
    }

    private @Nullable Stream open(Caller caller, Key key, AtomicReference<ConcurrencyLimiter.@Nullable Limit> full) {
        return switch (streamLimiter.take(caller)) {
            case ConcurrencyLimiter.Result.Taken(ConcurrencyLimiter.Permit permit) -> new Stream(key, permit);
            case ConcurrencyLimiter.Result.Full(ConcurrencyLimiter.Limit limit) -> {
                full.set(limit);
                yield null;
            }
        };
    }

    /** The final text of the message is committed: every node drops its waiting text. */
    void finished(Key key) {
        bus.signal(new Signal(key.workspace, FINISHED, key.agentId + "\n" + key.messageId));
    }

    @Override
    public void signal(Signal signal) {
        if (signal.kind().equals(FINISHED)) {
            int end = signal.body().indexOf('\n');
            if (end > 0) {
                close(new Key(
                        signal.workspace(),
                        new AgentId(signal.body().substring(0, end)),
                        signal.body().substring(end + 1)));
            }
        }
    }

    @Override
    public void hint(Hint hint) {
        // Events are handled by the feeds.
    }

    @Override
    public void reconnected() {
        // A missed end is noticed when the next delta is numbered, or after a minute.
    }

    @Override
    public void close() {
        subscription.close();
    }

    /** The message is final; nothing more of it is published here. */
    void close(Key key) {
        streams.computeIfPresent(key, (_, stream) -> {
            stream.end();
            return null;
        });
    }

    private void leave(Stream stream) {
        streams.computeIfPresent(stream.key, (_, present) -> {
            if (present != stream) {
                return present;
            }
            stream.users--;
            return stream.users == 0 && !stream.counted() ? ended(stream) : stream;
        });
    }

    /** Ends streams without a delta for a minute; runs at most once a second. Returns whether there were any. */
    private boolean forgetIdle() {
        Instant now = clock.instant();
        Instant last = forgot.get();
        if (last.plus(FORGET_EVERY).isAfter(now) || !forgot.compareAndSet(last, now)) {
            return false;
        }
        Instant old = now.minus(FORGET_AFTER);
        boolean any = false;
        for (Key key : streams.keySet()) {
            Stream left = streams.computeIfPresent(
                    key, (_, stream) -> stream.users == 0 && stream.idleSince(old) ? ended(stream) : stream);
            any |= left == null;
        }
        return any;
    }

    private static @Nullable Stream ended(Stream stream) {
        stream.end();
        return null;
    }

    /** Messages streaming through this node. */
    int streaming() {
        return streams.size();
    }

    /** One delta until it is numbered. Used by one thread, but for {@link #numbered}. */
    final class Writing implements AutoCloseable {
        private final Stream stream;
        private final List<String> parts;
        private final boolean dropped;
        private final @Nullable Piece offered;

        private Writing(Stream stream, String text) {
            this.stream = stream;
            this.parts = split(stream.space, text);
            this.dropped = !stream.reserve(text.length());
            this.offered = dropped || parts.size() > 1 ? null : stream.offer(parts.getFirst());
        }

        /** The number that the delta shares if it is still the newest of the message; 0 when there is none. */
        long joinable() {
            return offered == null ? 0 : offered.rev;
        }

        /** How many new numbers it takes otherwise: one for each event that its text needs. */
        int numbers() {
            return parts.size();
        }

        /**
         * The delta was numbered; {@code rev} is its last number. Called when that is committed, in the order of
         * commits.
         */
        void numbered(long rev) {
            stream.add(rev, parts, dropped, offered);
        }

        @Override
        public void close() {
            stream.release(parts, dropped, offered);
            leave(stream);
        }
    }

    /** Text under one number. Guarded by its stream. */
    private static final class Piece {
        final long rev;
        final StringBuilder text = new StringBuilder();
        int space;
        /** Deltas that may join it and are not numbered yet. */
        int offers;
        /** Its interval is over: it is published once no delta can join it. */
        boolean due;

        Piece(long rev, int space) {
            this.rev = rev;
            this.space = space;
        }
    }

    private final class Stream {
        private final Key key;
        private final ConcurrencyLimiter.Permit permit;
        private final int space;

        /** Guarded by the map's lock of the key. */
        private int users;

        // Guarded by this.
        private final Deque<Piece> waiting = new ArrayDeque<>();
        private int waitingLength;
        private int reserved;
        private boolean counted;
        private boolean scheduled;
        private boolean ended;
        private Instant published = Instant.EPOCH;
        private Instant used = clock.instant();

        Stream(Key key, ConcurrencyLimiter.Permit permit) {
            this.key = key;
            this.permit = permit;
            this.space = space(key);
        }

        /** Reserves space for text that is being numbered; returns whether there is enough. */
        synchronized boolean reserve(int length) {
            used = clock.instant();
            if (waitingLength + reserved + length > MAX_WAITING) {
                return false;
            }
            reserved += length;
            return true;
        }

        /** The newest waiting text, if this fits behind it. */
        synchronized @Nullable Piece offer(String text) {
            Piece newest = waiting.peekLast();
            int cost = cost(text);
            if (newest == null || newest.due || newest.space < cost) {
                return null;
            }
            newest.space -= cost;
            newest.offers++;
            return newest;
        }

        synchronized void add(long rev, List<String> parts, boolean dropped, @Nullable Piece offered) {
            counted = true;
            used = clock.instant();
            if (dropped || ended) {
                return;
            }
            for (String part : parts) {
                waitingLength += part.length();
            }
            if (offered != null && offered.rev == rev) {
                offered.text.append(parts.getFirst());
            } else {
                long number = rev - parts.size() + 1;
                for (String part : parts) {
                    Piece piece = new Piece(number++, space - cost(part));
                    piece.text.append(part);
                    waiting.addLast(piece);
                }
            }
            schedule();
        }

        synchronized void release(List<String> parts, boolean dropped, @Nullable Piece offered) {
            if (!dropped) {
                for (String part : parts) {
                    reserved -= part.length();
                }
            }
            if (offered != null && --offered.offers == 0 && offered.due) {
                schedule();
            }
        }

        synchronized boolean counted() {
            return counted;
        }

        synchronized boolean idleSince(Instant old) {
            return used.isBefore(old) && waiting.isEmpty();
        }

        synchronized void end() {
            ended = true;
            waiting.clear();
            waitingLength = 0;
            permit.close();
        }

        private void schedule() {
            if (!scheduled && !waiting.isEmpty()) {
                scheduled = true;
                long delay = Duration.between(clock.instant(), published.plus(interval))
                        .toMillis();
                var _ = scheduler.schedule(this::publish, Math.max(0, delay), TimeUnit.MILLISECONDS);
            }
        }

        /** Publishes waiting text, up to the size of one event, and at least one event. */
        private synchronized void publish() {
            scheduled = false;
            int left = space;
            while (!waiting.isEmpty() && (left == space || cost(waiting.getFirst().text) <= left)) {
                Piece piece = waiting.getFirst();
                piece.due = true;
                if (piece.offers > 0) {
                    // The delta that may join it schedules it again.
                    return;
                }
                waiting.removeFirst();
                waitingLength -= piece.text.length();
                left -= cost(piece.text);
                published = clock.instant();
                bus.signal(event(key, new Delta(key.messageId, key.agentId, piece.rev, piece.text.toString()))
                        .toSignal());
            }
            schedule();
        }
    }

    private VolatileEvent event(Key key, Delta delta) {
        return new VolatileEvent(
                key.workspace, AgentMessages.EVENT, key.agentId.topic(), json.writeValueAsString(delta));
    }

    /** Characters that the text of one event may take in JSON. */
    private int space(Key key) {
        return MAX_EVENT
                - event(key, new Delta(key.messageId, key.agentId, Long.MAX_VALUE, ""))
                        .length();
    }

    /** Cuts a text into parts that fit into one event each; never in the middle of a character. */
    private static List<String> split(int space, String text) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        int cost = 0;
        for (int at = 0; at < text.length(); ) {
            int next = at + Character.charCount(text.codePointAt(at));
            int more = cost(text.substring(at, next));
            if (cost + more > space) {
                parts.add(text.substring(from, at));
                from = at;
                cost = 0;
            }
            cost += more;
            at = next;
        }
        parts.add(text.substring(from));
        return parts;
    }

    /** Characters that a text may take in JSON at most. */
    private static int cost(CharSequence text) {
        int cost = 0;
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            cost += character < 0x20 ? 6 : character == '"' || character == '\\' ? 2 : 1;
        }
        return cost;
    }
}
