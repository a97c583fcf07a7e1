package io.heliograph.eventlog;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * One command on its way through the queue. The batch that takes it settles it exactly once; its caller waits.
 *
 * @param enqueuedNanos when it was queued, by the log's {@link Ticker}
 */
record Job<T>(Command<T> command, long enqueuedNanos, CompletableFuture<T> outcome) {

    Job(Command<T> command, long enqueuedNanos) {
        this(command, enqueuedNanos, new CompletableFuture<>());
    }

    void fail(Throwable failure) {
        outcome.completeExceptionally(failure);
    }

    /** Waits for the outcome: what the command returned, or what it threw. */
    T await() throws InterruptedException {
        try {
            return outcome.get();
        } catch (ExecutionException e) {
            throw rethrow(e.getCause() == null ? e : e.getCause());
        }
    }

    private static RuntimeException rethrow(Throwable failure) {
        return switch (failure) {
            case RuntimeException unchecked -> unchecked;
            case Error error -> throw error;
            default -> new EventLogException("the command failed", failure);
        };
    }
}
