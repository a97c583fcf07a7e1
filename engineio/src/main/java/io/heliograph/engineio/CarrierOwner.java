package io.heliograph.engineio;

import java.time.Duration;

/**
 * What a carrier knows of its session.
 *
 * <p>Threading: owned by the session's loop.
 */
interface CarrierOwner extends PacketReceiver {

    SessionLoop loop();

    /** How long a peer has to fetch the last packets, or to answer a close frame. */
    Duration closeTimeout();

    /**
     * Runs {@code task} behind everything that the layer above has sent so far in this turn. The end of a connection goes
     * this way, so that a message which came in the same read is still answered.
     */
    void afterReplies(Runnable task);

    /** The last packets have left, or never will: from now on the session's id is unknown. */
    void forget();

    /** As {@link #forget}, when the peer has not fetched the last packets within {@code timeout}. */
    void forgetLater(Duration timeout);
}
