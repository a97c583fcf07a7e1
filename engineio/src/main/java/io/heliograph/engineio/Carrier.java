package io.heliograph.engineio;

/**
 * A session's present transport: takes packets to the peer.
 *
 * <p>Threading: owned by the session's loop.
 */
interface Carrier {

    Transport transport();

    /** Bytes that were sent but that neither the kernel nor an HTTP response has taken yet. */
    long queuedBytes();

    /** Whether a volatile message is worth sending now. */
    boolean writable();

    void send(Batch batch);

    void send(Message packet);

    /** Runs {@code task} on the loop when everything sent so far has left, or when it never will. */
    void whenDrained(Runnable task);

    /** Asks the carrier to take no more input, or to go on; a polling peer then waits for its answer. */
    void reading(boolean reading);

    /** Ends it from this side, after what was sent. The session is closed already. */
    void close(CloseReason reason);
}
