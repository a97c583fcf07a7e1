package io.heliograph.socketio;

import io.heliograph.engineio.SessionLoop;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The acknowledgements that one socket's client still owes. Owned by the session's loop.
 */
final class PendingAcks {

    private final Map<Long, Pending> pending = new HashMap<>(4);

    /** Takes the acknowledgement, or why there is none. */
    interface Receiver extends BiConsumer<@Nullable Arguments, @Nullable AckException> {}

    private record Pending(Receiver receiver, SessionLoop.@Nullable Timeout timeout) {}

    void add(long ackId, Receiver receiver, SessionLoop loop, Flags flags) {
        SessionLoop.Timeout timeout = flags.timeout()
                .map(delay -> loop.schedule(delay, () -> fail(ackId, AckException.timedOut())))
                .orElse(null);
        pending.put(ackId, new Pending(receiver, timeout));
    }

    /** An id that is not awaited has no effect: the answer was late, or the peer made it up. */
    void complete(long ackId, Arguments arguments) {
        Pending done = pending.remove(ackId);
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

    private void fail(long ackId, AckException failure) {
        Pending failed = pending.remove(ackId);
        if (failed != null) {
            if (failed.timeout() != null) {
                failed.timeout().cancel();
            }
            failed.receiver().accept(null, failure);
        }
    }
}
