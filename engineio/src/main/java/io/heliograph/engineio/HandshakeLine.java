package io.heliograph.engineio;

import io.heliograph.engineio.HandshakeGate.Verdict;
import java.util.concurrent.CompletionStage;

/**
 * Decides when a handshake is looked at: a server that lets so many in per second has the others wait here. It knows
 * nothing of who they are; {@link HandshakeGate} decides about that, when it is their turn.
 *
 * <p>Called on the connection's loop; must not block, the stage may be completed by any thread. A stage that fails
 * refuses.
 */
@FunctionalInterface
public interface HandshakeLine {

    /** Takes a place. Completes when it is its turn, and at once when there is none; then the peer is told so. */
    CompletionStage<Verdict> enter();

    /** A line in which nobody waits. */
    static HandshakeLine none() {
        return NoHandshakeLine.INSTANCE;
    }
}
