package io.heliograph.gateway;

import io.heliograph.eventlog.Conflation;
import io.heliograph.eventlog.Cursor;
import io.heliograph.eventlog.Feeds;
import io.heliograph.eventlog.PollResult;
import io.heliograph.eventlog.StartPosition;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.gateway.CredentialGuard.HeldRequest;
import io.heliograph.gateway.EventReads.Reader;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
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
    /** Bytes of volatile events that wait for the connection; more are dropped. */
    private static final int MAX_VOLATILE = 128 * 1024;

    private final Feeds<?> feeds;
    private final Reader reader;
    private final HeldRequest request;
    private final Duration keepAlive;
    private final Consumer<EventStream> closed;
    private final Conflation conflation = new Conflation();

    // Guarded by this.
    private StartPosition position;
    private State state = State.NEW;
    private Optional<CredentialEnd> end = Optional.empty();
    /** Why the credential could not be read. Kept, because it may happen while no chunk is asked for. */
    private Optional<Throwable> unverified = Optional.empty();

    private CompletableFuture<PollResult> wait = new CompletableFuture<>();
    /** The pending poll ends only with an event, the interval, or a volatile event. */
    private boolean waiting;
    /** The next poll does not wait, so that many volatile events do not hold back those of the log. */
    private boolean looksFirst;

    private ByteArrayOutputStream volatiles = new ByteArrayOutputStream();

    private enum State {
        /** Nothing was sent. */
        NEW,
        /** The client knows how long to wait before it connects again, and has no position yet. */
        GREETED,
        FOLLOWING,
        ENDED
    }

    /** @param closed is told when the stream is closed */
    EventStream(
            Feeds<?> feeds,
            Reader reader,
            HeldRequest request,
            StartPosition start,
            Duration keepAlive,
            Consumer<EventStream> closed) {
        this.feeds = feeds;
        this.reader = reader;
        this.closed = closed;
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
            // A poll that does not wait: the reader receives its position at once, and events of the log between
            // volatile ones.
            waiting = state == State.FOLLOWING && !looksFirst && volatiles.size() == 0;
            looksFirst = false;
            next = feeds.poll(
                    workspace(), position, reader.filter(), conflation, PAGE, waiting ? keepAlive : Duration.ZERO);
            wait = next;
        }
        return next.handle(this::encode)
                .thenCompose(chunk -> chunk.isPresent() && chunk.get().length == 0
                        ? next()
                        : CompletableFuture.completedFuture(chunk));
    }

    private static CompletableFuture<Optional<byte[]>> chunk(byte[] bytes) {
        return CompletableFuture.completedFuture(Optional.of(bytes));
    }

    private synchronized Optional<byte[]> encode(@Nullable PollResult waited, @Nullable Throwable failure) {
        if (end.isPresent()) {
            return Optional.of(ending(end.get()));
        }
        if (waited == null && waiting && volatiles.size() > 0) {
            return Optional.of(takeVolatiles());
        }
        if (waited == null) {
            throw failure instanceof CompletionException wrapped ? wrapped : new CompletionException(failure);
        }
        return Optional.of(
                switch (waited) {
                    case PollResult.Page(var events, Cursor cursor) -> {
                        boolean still = state == State.FOLLOWING && position.equals(StartPosition.after(cursor));
                        follow(cursor);
                        yield still ? nothingNew() : SseEncoder.messages(events, cursor);
                    }
                    case PollResult.Reset(var reason, Cursor head) -> {
                        follow(head);
                        yield SseEncoder.reset(reason.code(), head);
                    }
                });
    }

    /** Empty when the next poll is to be tried at once. */
    private byte[] nothingNew() {
        if (volatiles.size() > 0) {
            return takeVolatiles();
        }
        return waiting ? SseEncoder.keepAlive() : new byte[0];
    }

    private void follow(Cursor cursor) {
        position = StartPosition.after(cursor);
        state = State.FOLLOWING;
    }

    WorkspaceId workspace() {
        return reader.principal().workspace();
    }

    /**
     * Sends a volatile event next, if it is for this reader and the reader has everything up to now; it is dropped when
     * too much waits for the connection.
     */
    void offer(VolatileMessage message, byte[] chunk) {
        if (!reader.principal().mayRead(message.audience(), message.topic()) || !reader.chooses(message.topic())) {
            return;
        }
        CompletableFuture<PollResult> pending;
        synchronized (this) {
            if (state != State.FOLLOWING || end.isPresent() || volatiles.size() + chunk.length > MAX_VOLATILE) {
                return;
            }
            volatiles.writeBytes(chunk);
            pending = wait;
            if (!waiting) {
                return;
            }
        }
        // The position has not moved, so the next poll gets what this one would have got.
        pending.cancel(false);
    }

    private byte[] takeVolatiles() {
        byte[] taken = volatiles.toByteArray();
        volatiles = new ByteArrayOutputStream();
        looksFirst = true;
        return taken;
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
        closed.accept(this);
    }
}
