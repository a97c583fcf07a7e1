package io.heliograph.socketio;

import java.time.Duration;
import java.util.Optional;

/**
 * How something is to be sent.
 *
 * @param isVolatile Node's {@code volatile}: dropped for a peer that cannot take it right now
 * @param compress whether a polling response may be compressed for it
 * @param timeout how long acknowledgements are awaited; empty: until the socket leaves
 * @param local this node only
 */
record Flags(boolean isVolatile, boolean compress, Optional<Duration> timeout, boolean local) {

    static final Flags NONE = new Flags(false, true, Optional.empty(), false);

    Flags withVolatile() {
        return new Flags(true, compress, timeout, local);
    }

    Flags withCompress(boolean allowed) {
        return new Flags(isVolatile, allowed, timeout, local);
    }

    Flags withTimeout(Duration awaited) {
        return new Flags(isVolatile, compress, Optional.of(awaited), local);
    }

    Flags withLocal() {
        return new Flags(isVolatile, compress, timeout, true);
    }
}
