package io.heliograph.engineio;

/**
 * Why a session ended, in the words that Node's server uses.
 *
 * <p>All but {@link #PARSE_ERROR} and {@link #SLOW_CONSUMER} exist in Node's {@code engine.io} under the same text.
 */
public enum CloseReason {
    /** The carrier's connection ended, or the client sent a close packet. */
    TRANSPORT_CLOSE("transport close"),
    /** The carrier broke a rule of its own protocol: WebSocket framing, overlapping requests, an aborted poll. */
    TRANSPORT_ERROR("transport error"),
    /** No pong came within the ping timeout. */
    PING_TIMEOUT("ping timeout"),
    /** A packet did not follow the Engine.IO or Socket.IO protocol. */
    PARSE_ERROR("parse error"),
    /** The server closed the session on purpose. */
    FORCED_CLOSE("forced close"),
    /** The server is going down. */
    SERVER_SHUTTING_DOWN("server shutting down"),
    /** The peer read so slowly that its outbound bytes passed the bound ({@link EngineIoSettings#maxOutboundBytes}). */
    SLOW_CONSUMER("slow consumer");

    private final String text;

    CloseReason(String text) {
        this.text = text;
    }

    /** The reason as Node's server says it. */
    public String text() {
        return text;
    }
}
