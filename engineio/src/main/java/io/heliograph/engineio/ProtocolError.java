package io.heliograph.engineio;

/**
 * Why an HTTP request is refused.
 *
 * <p>{@code code} and {@code message} go out as {@code {"code":…,"message":…}}. Source: Node's engine.io, {@code
 * Server.errors}; the host and the last four are ours and use its codes.
 */
public enum ProtocolError {
    UNKNOWN_TRANSPORT(0, "Transport unknown", 400),
    UNKNOWN_SID(1, "Session ID unknown", 400),
    BAD_HANDSHAKE_METHOD(2, "Bad handshake method", 400),
    BAD_REQUEST(3, "Bad request", 400),
    FORBIDDEN(4, "Forbidden", 403),
    HOST_NOT_ALLOWED(4, "Host not allowed", 421),
    UNSUPPORTED_PROTOCOL_VERSION(5, "Unsupported protocol version", 400),
    PAYLOAD_TOO_LARGE(3, "Payload too large", 413),
    WEBSOCKET_VERSION(3, "WebSocket version 13 expected", 426),
    OVERLOADED(3, "Too many sessions (maxSessions)", 503),
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
