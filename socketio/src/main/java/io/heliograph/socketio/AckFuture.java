package io.heliograph.socketio;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One acknowledgement as a future. */
final class AckFuture extends CompletableFuture<Arguments> implements PendingAcks.Receiver {

    @Override
    public void accept(@Nullable Arguments arguments, @Nullable AckException failure) {
        if (arguments != null) {
            complete(arguments);
        } else {
            completeExceptionally(failure == null ? AckException.disconnected() : failure);
        }
    }
}
