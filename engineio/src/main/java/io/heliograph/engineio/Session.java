package io.heliograph.engineio;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * One Engine.IO connection, on any transport. Implemented by this module only.
 *
 * <p>Threading: {@link #send}, {@link #close}, {@link #drained} and the accessors are safe from any thread; calls made by
 * one thread take effect in the order in which they were made. What is marked so belongs to the session's loop.
 *
 * <p>Source: engine.io-protocol v4, "Handshake", "Heartbeat", "Upgrade".
 */
public interface Session {

    /** Unguessable, and a secret between peer and server: a client that knows it can act as the peer. */
    String id();

    /** The request that began it. */
    Handshake handshake();

    /** The loop that owns this session. */
    SessionLoop loop();

    /** What carries it now. */
    Transport transport();

    /** Whether it has not ended. */
    boolean open();

    /**
     * How long no packet has come from the peer, heartbeats included; at most the ping interval and the round trip while
     * the peer is there and is read.
     */
    Duration silence();

    /**
     * Sends a message after everything this thread has sent before. Without effect when the session has ended. Waits while
     * the loop has too many commands, unless the caller is an event loop.
     */
    void send(Message message);

    /** As {@link #send}, at the end of this turn and without a command. Only within a command of the loop. */
    void deliver(Message message);

    /** Ends the session after everything this thread has sent before. Harmless when it has ended. */
    void close(CloseReason reason);

    /**
     * Completes on the loop when everything that this thread has sent before has been taken by the kernel or by a polling
     * response: the moment to send the next page. {@code false} when the session has ended instead.
     */
    CompletionStage<Boolean> drained();

    /** Whether a message that may be lost is worth sending now. Only on the loop. */
    boolean writable();

    /** Bytes that wait for the peer. Only on the loop. */
    long queuedBytes();

    /** Stops taking input from the peer, or goes on; bounds what a slow consumer of messages must hold. Only on the loop. */
    void reading(boolean reading);
}
