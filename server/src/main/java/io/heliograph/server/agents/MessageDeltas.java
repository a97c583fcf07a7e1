package io.heliograph.server.agents;

import io.heliograph.eventlog.Bus;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.events.VolatileEvent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/**
 * The pieces of messages that still stream. Those of one message are put together until its interval is over, and then
 * told to the sockets of every node that can take them. Nothing of it is stored: the final message has the whole text.
 *
 * <p>Each delta has a number; what is too much to be told is dropped and its number with it, so that a reader sees the
 * gap. Once a message has been closed none of its deltas goes out any more, so none comes behind the final one.
 *
 * <p>Safe from any thread; nothing blocks. A message's stream is guarded by its own lock.
 */
final class MessageDeltas {
    /** Characters of one message that may wait for the end of its interval; what is more is dropped. */
    static final int MOST_WAITING = 16_384;

    private static final int PIECE = 3_000;
    /** Characters of which the JSON is small enough for the bus whatever they are: each may take six. */
    private static final int SURE_PIECE = 600;

    private static final Duration FORGET_AFTER = Duration.ofMinutes(1);

    private final Bus bus;
    private final JsonMapper json;
    private final AgentSettings settings;
    private final Clock clock;
    private final ScheduledExecutorService scheduler;
    private final ConcurrentHashMap<Key, Stream> streams = new ConcurrentHashMap<>();

    /** A message. */
    record Key(WorkspaceId workspace, String agentId, String messageId) {}

    /** What became of a piece. */
    enum Outcome {
        TAKEN,
        /** Nobody has said so far that this message streams: {@link #open} it, if it does. */
        UNKNOWN,
        /** The message is final, or about to be. */
        CLOSED
    }

    private record Delta(String messageId, String agentId, int rev, String append) {}

    MessageDeltas(Bus bus, JsonMapper json, AgentSettings settings, Clock clock, ScheduledExecutorService scheduler) {
        this.bus = bus;
        this.json = json;
        this.settings = settings;
        this.clock = clock;
        this.scheduler = scheduler;
    }

    /** Goes on with a message that is known to stream. */
    Outcome append(Key key, boolean person, String text) {
        Stream stream = streams.get(key);
        return stream == null || stream.person != person ? Outcome.UNKNOWN : stream.append(text);
    }

    /**
     * Takes pieces of this message from now on.
     *
     * @param person whether it is a member who writes it
     * @return {@code false} when too many messages stream already
     */
    boolean open(Key key, boolean person) {
        if (streams.size() >= settings.maxStreaming()) {
            forgetIdle();
        }
        if (streams.size() >= settings.maxStreaming() && !streams.containsKey(key)) {
            return false;
        }
        streams.putIfAbsent(key, new Stream(key, person));
        return true;
    }

    /** Messages that may stream at the same time. */
    int most() {
        return settings.maxStreaming();
    }

    /** The message becomes final. Called before that is committed; on return none of its deltas is under way. */
    void close(Key key) {
        Stream stream = streams.get(key);
        if (stream != null) {
            stream.close();
        }
    }

    /** Streams that nobody has written to for a minute; those that were closed are kept so long, to stay closed. */
    void forgetIdle() {
        Instant old = clock.instant().minus(FORGET_AFTER);
        streams.values().removeIf(stream -> stream.idleSince(old));
    }

    int streaming() {
        return streams.size();
    }

    private final class Stream {
        private final Key key;
        private final boolean person;

        // Guarded by this.
        private final StringBuilder waiting = new StringBuilder();
        private int rev;
        private boolean scheduled;
        private boolean closed;
        private Instant told = Instant.EPOCH;
        private Instant used = clock.instant();

        Stream(Key key, boolean person) {
            this.key = key;
            this.person = person;
        }

        synchronized Outcome append(String text) {
            if (closed) {
                return Outcome.CLOSED;
            }
            used = clock.instant();
            if (waiting.length() + text.length() > MOST_WAITING) {
                rev++;
            } else {
                waiting.append(text);
                schedule();
            }
            return Outcome.TAKEN;
        }

        synchronized void close() {
            closed = true;
            waiting.setLength(0);
            used = clock.instant();
        }

        synchronized boolean idleSince(Instant old) {
            return used.isBefore(old) && waiting.isEmpty();
        }

        private void schedule() {
            if (!scheduled && !waiting.isEmpty()) {
                scheduled = true;
                long delay = Duration.between(clock.instant(), told.plus(settings.deltaInterval()))
                        .toMillis();
                var _ = scheduler.schedule(this::tell, Math.max(0, delay), TimeUnit.MILLISECONDS);
            }
        }

        private synchronized void tell() {
            scheduled = false;
            if (closed || waiting.isEmpty()) {
                return;
            }
            told = clock.instant();
            rev++;
            int length = Math.min(PIECE, waiting.length());
            VolatileEvent event = delta(length);
            if (!event.fits()) {
                length = Math.min(SURE_PIECE, length);
                event = delta(length);
            }
            waiting.delete(0, whole(length));
            bus.signal(event.toSignal());
            schedule();
        }

        private VolatileEvent delta(int length) {
            Delta delta = new Delta(key.messageId, key.agentId, rev, waiting.substring(0, whole(length)));
            return new VolatileEvent(key.workspace, AgentMessages.EVENT, key.agentId, json.writeValueAsString(delta));
        }

        /** Not half of a character. */
        private int whole(int length) {
            return length < waiting.length() && Character.isHighSurrogate(waiting.charAt(length - 1))
                    ? length - 1
                    : length;
        }
    }
}
