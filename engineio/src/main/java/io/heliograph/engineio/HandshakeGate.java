package io.heliograph.engineio;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Decides whether a handshake may go on, before there is a session: Node's {@code allowRequest}.
 *
 * <p>Called on the connection's loop; must not block, the stage may be completed by any thread. A stage that fails
 * refuses.
 */
@FunctionalInterface
public interface HandshakeGate {

    /** Decides about one handshake; a stage that fails refuses it with 403. */
    CompletionStage<Verdict> check(Handshake handshake);

    /** The decision: allowed, or not with what the peer is told. */
    sealed interface Verdict {}

    /** The session may be opened. */
    record Allowed() implements Verdict {}

    /** Answered 403 with code 4 and this message. */
    record Refused(String message) implements Verdict {
        /** Checks that there is a message. */
        public Refused {
            Objects.requireNonNull(message, "message");
        }
    }

    /** Answered 503 with code 3, this message and {@code Retry-After}: a stock client tries again by itself. */
    record Busy(String message, Duration retryAfter) implements Verdict {
        /** Checks that there is a message, and a delay of more than zero. */
        public Busy {
            Objects.requireNonNull(message, "message");
            if (!retryAfter.isPositive()) {
                throw new IllegalArgumentException("retryAfter must be positive, was " + retryAfter);
            }
        }
    }

    /** A gate that allows every handshake. */
    static HandshakeGate open() {
        return handshake -> CompletableFuture.completedFuture(new Allowed());
    }
}
