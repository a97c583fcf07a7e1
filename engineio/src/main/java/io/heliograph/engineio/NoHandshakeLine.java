package io.heliograph.engineio;

import io.heliograph.engineio.HandshakeGate.Allowed;
import io.heliograph.engineio.HandshakeGate.Verdict;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A line in which nobody waits; there is one, so that a server knows that it has no other. */
enum NoHandshakeLine implements HandshakeLine {
    INSTANCE;

    @Override
    public CompletionStage<Verdict> enter() {
        return CompletableFuture.completedFuture(new Allowed());
    }
}
