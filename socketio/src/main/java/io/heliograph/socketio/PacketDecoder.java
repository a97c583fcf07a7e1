package io.heliograph.socketio;

/**
 * Makes packets of one session's messages. Keeps at most one packet that still waits for attachments.
 *
 * <p>Threading: owned by the session's loop.
 */
interface PacketDecoder {

    Decoded text(byte[] utf8);

    Decoded binary(byte[] bytes);
}
