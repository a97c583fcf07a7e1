package io.heliograph.gateway;

import io.heliograph.eventlog.Feeds;
import io.heliograph.eventlog.PollResult;
import io.heliograph.eventlog.StartPosition;
import io.heliograph.gateway.CredentialGuard.HeldRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Reads of the log by HTTP requests: pages, long polls and streams of server-sent events. A principal sees the events of
 * its workspace that are for everyone, and those that are for it alone.
 *
 * <p>Safe from any thread; nothing blocks, and no read holds a thread while it waits.
 */
public final class EventReads {
    private final Feeds<?> feeds;
    private final CredentialGuard guard;
    private final Duration keepAlive;

    EventReads(Feeds<?> feeds, CredentialGuard guard, Duration keepAlive) {
        this.feeds = feeds;
        this.guard = guard;
        this.keepAlive = keepAlive;
    }

    /** The events from {@code start} on that there are now, {@code limit} at most. */
    public CompletableFuture<PollResult> read(Principal principal, StartPosition start, int limit) {
        return feeds.poll(principal.workspace(), start, principal::mayRead, limit, Duration.ZERO);
    }

    /**
     * The events from {@code start} on, as soon as there are any, or none when the time is up. Cancelling the answer ends
     * the wait.
     *
     * @param check reads the credential as it is stored now; may block
     * @return fails with {@link CredentialEndedException} when the credential ends first
     */
    public CompletableFuture<PollResult> await(
            Principal principal, Supplier<Authentication> check, StartPosition start, int limit, Duration timeout) {
        CompletableFuture<PollResult> answer =
                feeds.poll(principal.workspace(), start, principal::mayRead, limit, timeout);
        HeldRequest request = guard.hold(check);
        var unused = answer.whenComplete((waited, failure) -> request.close());
        var unusedEnd = request.end()
                .whenComplete((reason, failure) ->
                        answer.completeExceptionally(failure == null ? new CredentialEndedException(reason) : failure));
        return answer;
    }

    /**
     * A stream of server-sent events.
     *
     * @param check reads the credential as it is stored now; may block
     * @return to be closed with the connection
     */
    public EventStream stream(Principal principal, Supplier<Authentication> check, StartPosition start) {
        return new EventStream(feeds, principal, guard.hold(check), start, keepAlive);
    }
}
