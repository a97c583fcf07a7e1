package io.heliograph.gateway;

import io.heliograph.eventlog.Cursor;
import io.heliograph.eventlog.Feeds;
import io.heliograph.eventlog.PollResult;
import io.heliograph.eventlog.StartPosition;
import io.heliograph.gateway.CredentialGuard.HeldRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One stream of server-sent events, as a chain of waits on the feed. The caller asks for the next chunk when the
 * connection has taken the last one, so a slow reader holds one page and no more.
 *
 * <p>Safe from any thread; one chunk is asked for at a time. Nothing blocks.
 */
public final class EventStream implements AutoCloseable {
    private static final int PAGE = 256;
    private static final long RETRY_MILLIS = 1_000;

    private final Feeds<?> feeds;
    private final Principal principal;
    private final HeldRequest request;
    private final Duration keepAlive;

    // Guarded by this.
    private StartPosition position;
    private State state = State.NEW;
    private Optional<CredentialEnd> end = Optional.empty();
    /** Why the credential could not be read. Kept, because it may happen while no chunk is asked for. */
    private Optional<Throwable> unverified = Optional.empty();

    private CompletableFuture<PollResult> wait = new CompletableFuture<>();

    private enum State {
        /** Nothing was sent. */
        NEW,
        /** The client knows how long to wait before it connects again, and has no position yet. */
        GREETED,
        FOLLOWING,
        ENDED
    }

    EventStream(Feeds<?> feeds, Principal principal, HeldRequest request, StartPosition start, Duration keepAlive) {
        this.feeds = feeds;
        this.principal = principal;
        this.request = request;
        this.position = start;
        this.keepAlive = keepAlive;
        var unused = request.end().whenComplete(this::credentialEnded);
    }

    /** Completes when the credential ends, whether the next chunk has been asked for or not. */
    public CompletableFuture<CredentialEnd> credentialEnd() {
        return request.end();
    }

    /**
     * The next chunk to write, as soon as there are events; a comment after a keep-alive interval without any. Empty
     * when the stream has ended.
     *
     * @return fails when the log or the credential could not be read
     */
    public CompletableFuture<Optional<byte[]>> next() {
        CompletableFuture<PollResult> next;
        synchronized (this) {
            if (state == State.ENDED) {
                return CompletableFuture.completedFuture(Optional.empty());
            }
            if (unverified.isPresent()) {
                return CompletableFuture.failedFuture(unverified.get());
            }
            if (state == State.NEW) {
                state = State.GREETED;
                return chunk(SseEncoder.retry(
                        RETRY_MILLIS + ThreadLocalRandom.current().nextLong(RETRY_MILLIS)));
            }
            if (end.isPresent()) {
                return chunk(ending(end.get()));
            }
            // The first poll does not wait, so that the reader receives its position at once.
            Duration timeout = state == State.GREETED ? Duration.ZERO : keepAlive;
            next = feeds.poll(principal.workspace(), position, principal::mayRead, PAGE, timeout);
            wait = next;
        }
        return next.handle(this::encode);
    }

    private static CompletableFuture<Optional<byte[]>> chunk(byte[] bytes) {
        return CompletableFuture.completedFuture(Optional.of(bytes));
    }

    private synchronized Optional<byte[]> encode(@Nullable PollResult waited, @Nullable Throwable failure) {
        if (end.isPresent()) {
            return Optional.of(ending(end.get()));
        }
        if (waited == null) {
            throw failure instanceof CompletionException wrapped ? wrapped : new CompletionException(failure);
        }
        return Optional.of(
                switch (waited) {
                    case PollResult.Page(var events, Cursor cursor) -> {
                        boolean still = state == State.FOLLOWING && position.equals(StartPosition.after(cursor));
                        follow(cursor);
                        yield still ? SseEncoder.keepAlive() : SseEncoder.messages(events, cursor);
                    }
                    case PollResult.Reset(var reason, Cursor head) -> {
                        follow(head);
                        yield SseEncoder.reset(reason.code(), head);
                    }
                });
    }

    private void follow(Cursor cursor) {
        position = StartPosition.after(cursor);
        state = State.FOLLOWING;
    }

    private byte[] ending(CredentialEnd reason) {
        state = State.ENDED;
        return SseEncoder.end(reason.code());
    }

    private void credentialEnded(@Nullable CredentialEnd reason, @Nullable Throwable failure) {
        CompletableFuture<PollResult> pending;
        synchronized (this) {
            end = Optional.ofNullable(reason);
            unverified = Optional.ofNullable(failure);
            pending = wait;
        }
        pending.completeExceptionally(failure == null ? new CredentialEndedException(CredentialEnd.REVOKED) : failure);
    }

    /** The connection is closed. */
    @Override
    public void close() {
        CompletableFuture<PollResult> pending;
        synchronized (this) {
            state = State.ENDED;
            pending = wait;
        }
        pending.cancel(false);
        request.close();
    }
}
