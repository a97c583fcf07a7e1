package io.heliograph.socketio;

/**
 * Decodes the messages of one session into packets. Keeps at most one packet that waits for attachments.
 *
 * <p>Threading: owned by the session's loop.
 */
interface PacketDecoder {

    Decoded text(byte[] utf8);

    Decoded binary(byte[] bytes);
}
