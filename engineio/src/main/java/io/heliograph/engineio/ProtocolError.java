package io.heliograph.engineio;

/**
 * Why an HTTP request is refused.
 *
 * <p>{@code code} and {@code message} go out as {@code {"code":…,"message":…}}. Source: Node's engine.io, {@code
 * Server.errors}; the host and the last four are ours and use its codes.
 */
public enum ProtocolError {
    /** The {@code transport} is missing, unknown or not offered. */
    UNKNOWN_TRANSPORT(0, "Transport unknown", 400),
    /** The {@code sid} names no session. */
    UNKNOWN_SID(1, "Session ID unknown", 400),
    /** A handshake that is no GET. */
    BAD_HANDSHAKE_METHOD(2, "Bad handshake method", 400),
    /** A request that fits no session as it is now, or is malformed. */
    BAD_REQUEST(3, "Bad request", 400),
    /** The origin is not allowed, or the gate has refused the handshake. */
    FORBIDDEN(4, "Forbidden", 403),
    /** The {@code Host} is not among those that are served. */
    HOST_NOT_ALLOWED(4, "Host not allowed", 421),
    /** The {@code EIO} is not 4. */
    UNSUPPORTED_PROTOCOL_VERSION(5, "Unsupported protocol version", 400),
    /** A body of more than {@code maxPayload} bytes. */
    PAYLOAD_TOO_LARGE(3, "Payload too large", 413),
    /** A WebSocket handshake of another version than 13. */
    WEBSOCKET_VERSION(3, "WebSocket version 13 expected", 426),
    /** As many sessions as {@code maxSessions} are open. */
    OVERLOADED(3, "Too many sessions (maxSessions)", 503),
    /** The server closes. */
    SHUTTING_DOWN(3, "Server shutting down", 503);

    private final int code;
    private final String message;
    private final int status;

    ProtocolError(int code, String message, int status) {
        this.code = code;
        this.message = message;
        this.status = status;
    }

    /** The protocol's number for it. */
    public int code() {
        return code;
    }

    /** What the client is told. */
    public String message() {
        return message;
    }

    /** The HTTP status of the answer. */
    public int status() {
        return status;
    }
}
