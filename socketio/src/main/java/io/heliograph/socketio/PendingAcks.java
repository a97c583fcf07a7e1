package io.heliograph.socketio;

import io.heliograph.engineio.SessionLoop;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The acknowledgements that one socket awaits. Owned by the session's loop.
 */
final class PendingAcks {

    // Immutable and empty until the first one is awaited: most sockets are never asked.
    private Map<Long, Pending> pending = Map.of();

    /** Takes the acknowledgement, or the reason that there is none. */
    interface Receiver extends BiConsumer<@Nullable Arguments, @Nullable AckException> {}

    private record Pending(Receiver receiver, SessionLoop.@Nullable Timeout timeout) {}

    void add(long ackId, Receiver receiver, SessionLoop loop, Flags flags) {
        SessionLoop.Timeout timeout = flags.timeout()
                .map(delay -> loop.schedule(delay, () -> fail(ackId, AckException.timedOut())))
                .orElse(null);
        if (pending.isEmpty()) {
            pending = new HashMap<>(4);
        }
        pending.put(ackId, new Pending(receiver, timeout));
    }

    /** An id that is not awaited has no effect: the answer was late, or the client invented the id. */
    void complete(long ackId, Arguments arguments) {
        Pending done = remove(ackId);
        if (done != null) {
            if (done.timeout() != null) {
                done.timeout().cancel();
            }
            done.receiver().accept(arguments, null);
        }
    }

    void failAll(AckException failure) {
        for (long ackId : List.copyOf(pending.keySet())) {
            fail(ackId, failure);
        }
    }

    private @Nullable Pending remove(long ackId) {
        return pending.isEmpty() ? null : pending.remove(ackId);
    }

    private void fail(long ackId, AckException failure) {
        Pending failed = remove(ackId);
        if (failed != null) {
            if (failed.timeout() != null) {
                failed.timeout().cancel();
            }
            failed.receiver().accept(null, failure);
        }
    }
}
