package io.heliograph.socketio;

/** What a decoder made of one Engine.IO message. Immutable. */
sealed interface Decoded {

    /** A packet is complete. */
    record Complete(Packet packet) implements Decoded {}

    /** More attachments belong to the packet. */
    record Incomplete() implements Decoded {}

    /** The peer does not follow the protocol; its session ends. The reason never contains what it sent. */
    record Malformed(String reason) implements Decoded {}

    Decoded INCOMPLETE = new Incomplete();
}
