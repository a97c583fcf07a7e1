package io.heliograph.gateway;

import io.heliograph.eventlog.Event;
import io.heliograph.eventlog.Feeds;
import io.heliograph.eventlog.PollResult;
import io.heliograph.eventlog.StartPosition;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.gateway.CredentialGuard.HeldRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Reads of the log by HTTP requests: pages, long polls and streams of server-sent events. A principal sees the events of
 * its workspace that are for everyone, and those that are for it alone; with a {@link Reader#topics() choice of topics}
 * only those with a topic that matches.
 *
 * <p>Safe from any thread; nothing blocks, and no read holds a thread while it waits.
 */
public final class EventReads {
    private final Feeds<?> feeds;
    private final CredentialGuard guard;
    private final Duration keepAlive;

    /** Open streams by workspace; a set is never empty, and changes inside the map's lock of its key. */
    private final Map<WorkspaceId, Set<EventStream>> streams = new ConcurrentHashMap<>();

    EventReads(Feeds<?> feeds, CredentialGuard guard, Duration keepAlive) {
        this.feeds = feeds;
        this.guard = guard;
        this.keepAlive = keepAlive;
    }

    /**
     * Who reads, and what it chooses of what it may see. Immutable.
     *
     * @param topics the events to read by their topics; empty: all events, also those without a topic
     */
    public record Reader(Principal principal, Optional<TopicPatterns> topics) {
        /** One that reads all that it may see. */
        public Reader(Principal principal) {
            this(principal, Optional.empty());
        }

        Predicate<Event> filter() {
            return event -> principal.mayRead(event) && chooses(event.topic());
        }

        boolean chooses(Optional<String> topic) {
            return topics.isEmpty() || topics.get().matches(topic);
        }
    }

    /** The events from {@code start} on that there are now, {@code limit} at most. */
    public CompletableFuture<PollResult> read(Reader reader, StartPosition start, int limit) {
        return feeds.poll(reader.principal().workspace(), start, reader.filter(), limit, Duration.ZERO);
    }

    /**
     * The events from {@code start} on, as soon as there are any, or none when the time is up. Cancelling the answer ends
     * the wait.
     *
     * @param check reads the credential as it is stored now; may block
     * @return fails with {@link CredentialEndedException} when the credential ends first
     */
    public CompletableFuture<PollResult> await(
            Reader reader, Supplier<Authentication> check, StartPosition start, int limit, Duration timeout) {
        CompletableFuture<PollResult> answer =
                feeds.poll(reader.principal().workspace(), start, reader.filter(), limit, timeout);
        HeldRequest request = guard.hold(check);
        var unused = answer.whenComplete((waited, failure) -> request.close());
        var unusedEnd = request.end()
                .whenComplete((reason, failure) ->
                        answer.completeExceptionally(failure == null ? new CredentialEndedException(reason) : failure));
        return answer;
    }

    /**
     * A stream of server-sent events. When it begins after a cursor, events that a later one with the same key replaces
     * are left out.
     *
     * @param check reads the credential as it is stored now; may block
     * @return to be closed with the connection
     */
    public EventStream stream(Reader reader, Supplier<Authentication> check, StartPosition start) {
        WorkspaceId workspace = reader.principal().workspace();
        EventStream stream = new EventStream(feeds, reader, guard.hold(check), start, keepAlive, this::closed);
        streams.compute(workspace, (key, present) -> {
            Set<EventStream> open = present == null ? ConcurrentHashMap.newKeySet() : present;
            open.add(stream);
            return open;
        });
        return stream;
    }

    private void closed(EventStream stream) {
        streams.computeIfPresent(stream.workspace(), (key, open) -> {
            open.remove(stream);
            return open.isEmpty() ? null : open;
        });
    }

    /**
     * Sends an unlogged event to the streams that may see it and choose its topic, but for those that are behind.
     *
     * @param json the argument, without line breaks
     */
    public void sendVolatile(VolatileMessage message, byte[] json) {
        Set<EventStream> open = streams.get(message.workspace());
        if (open != null) {
            byte[] chunk = SseEncoder.volatileMessage(message.type(), json);
            open.forEach(stream -> stream.offer(message, chunk));
        }
    }
}
