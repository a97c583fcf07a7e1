package io.heliograph.eventlog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a transaction of a batch ended. Immutable. */
sealed interface BatchResult {
    /** The transaction was committed, or there was nothing to commit. */
    record Done(List<Outcome<?>> outcomes) implements BatchResult {}

    record Failed(Throwable cause, boolean beforeCommit) implements BatchResult {}

    /** Whether nothing has happened, and another attempt may succeed. */
    default boolean transientFailure() {
        return this instanceof Failed failed
                && (Failures.isTransient(failed.cause())
                        || (failed.beforeCommit() && Failures.isConnectionLost(failed.cause())));
    }

    /** The outcome of one command. Its caller gets it when the whole transaction has ended. */
    record Outcome<T>(
            Job<T> job, @Nullable T value, @Nullable Throwable failure) {
        @SuppressWarnings("NullAway") // a command may return null: then T is a nullable type
        void settle() {
            if (failure == null) {
                job.outcome().complete(value);
            } else {
                job.fail(failure);
            }
        }
    }
}
