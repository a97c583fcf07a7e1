package io.heliograph.engineio;

import io.heliograph.engineio.HandshakeGate.Allowed;
import io.heliograph.engineio.HandshakeGate.Verdict;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Decides when a connecting client is admitted, before anything of it is looked at: a storm of clients that return at the
 * same moment is spread over some seconds. It knows nothing of who they are; {@link HandshakeGate} decides about that.
 *
 * <p>Called on the connection's loop; must not block, the stage may be completed by any thread. A stage that fails
 * refuses.
 */
@FunctionalInterface
public interface ConnectionAdmission {

    /** Asks to be admitted. Completes when it is the client's turn, or at once with the reason when there is no room. */
    CompletionStage<Verdict> admit();

    /** Admits every client at once. */
    static ConnectionAdmission unlimited() {
        return () -> CompletableFuture.completedFuture(new Allowed());
    }
}
