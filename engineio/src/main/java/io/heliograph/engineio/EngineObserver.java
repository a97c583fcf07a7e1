package io.heliograph.engineio;

/**
 * Takes what the server reports about itself, for metrics.
 *
 * <p>Threading: called on event loops, or on a caller's thread where said; implementations are fast and safe for many
 * threads. Counting with {@code LongAdder} is what is expected.
 */
public interface EngineObserver {

    /** A session began on {@code transport}. */
    default void sessionOpened(Transport transport) {}

    /** A session ended; {@code transport} carried it last. */
    default void sessionClosed(Transport transport, CloseReason reason) {}

    /** A session moved from polling to WebSocket. */
    default void sessionUpgraded() {}

    /** An HTTP request was refused. */
    default void requestRefused(ProtocolError error) {}

    /** One turn of a loop wrote to so many sessions, so many bytes together (before a transport's own framing). */
    default void flushed(int sessions, long bytes) {}

    /** A message came in; its bytes without Engine.IO's type byte. */
    default void received(int bytes) {}

    /** A caller has to wait because a loop's queue is full. Called on the caller's thread. */
    default void callerWaited() {}

    /** An observer that does nothing. */
    static EngineObserver none() {
        return new EngineObserver() {};
    }
}
