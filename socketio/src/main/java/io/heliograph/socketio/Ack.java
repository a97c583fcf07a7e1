package io.heliograph.socketio;

/**
 * Answers one event. Safe from any thread; only the first answer is sent, and none when the client asked for none.
 */
public interface Ack {

    /** Whether the client waits for an answer. */
    boolean requested();

    /** Answers with these arguments: anything that Jackson can write; {@code byte[]} goes as an attachment. */
    void send(Object... arguments);
}
