package io.heliograph.socketio;

/** The result of decoding one Engine.IO message. Immutable. */
sealed interface Decoded {

    /** A packet is complete. */
    record Complete(Packet packet) implements Decoded {}

    /** More attachments belong to the packet. */
    record Incomplete() implements Decoded {}

    /** The packet is malformed; the session ends. The reason never contains what the peer sent. */
    record Malformed(String reason) implements Decoded {}

    Decoded INCOMPLETE = new Incomplete();
}
