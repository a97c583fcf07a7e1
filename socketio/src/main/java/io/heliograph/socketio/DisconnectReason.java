package io.heliograph.socketio;

import io.heliograph.engineio.CloseReason;

/** Why a socket disconnected, with the texts of Node's server. */
public enum DisconnectReason {
    /** The connection broke. */
    TRANSPORT_ERROR("transport error"),
    /** The connection ended. */
    TRANSPORT_CLOSE("transport close"),
    /** The session was closed by the server's code below Socket.IO. */
    FORCED_CLOSE("forced close"),
    /** No pong came within the ping timeout. */
    PING_TIMEOUT("ping timeout"),
    /** The client sent a malformed packet. */
    PARSE_ERROR("parse error"),
    /** The server closes. */
    SERVER_SHUTTING_DOWN("server shutting down"),
    /** The client sent a packet that is invalid in its state, such as an event before CONNECT, or never connected. */
    FORCED_SERVER_CLOSE("forced server close"),
    /** {@code socket.disconnect()} on the client. */
    CLIENT_NAMESPACE_DISCONNECT("client namespace disconnect"),
    /** {@code socket.disconnect()} on the server. */
    SERVER_NAMESPACE_DISCONNECT("server namespace disconnect"),
    /** The client read too slowly; not in Node. */
    SLOW_CONSUMER("slow consumer");

    private final String text;

    DisconnectReason(String text) {
        this.text = text;
    }

    /** The reason as Node's server says it. */
    public String text() {
        return text;
    }

    /** Whether the client may recover: neither side disconnected the socket on purpose. */
    public boolean recoverable() {
        return switch (this) {
            case TRANSPORT_ERROR,
                    TRANSPORT_CLOSE,
                    FORCED_CLOSE,
                    PING_TIMEOUT,
                    SERVER_SHUTTING_DOWN,
                    FORCED_SERVER_CLOSE,
                    SLOW_CONSUMER -> true;
            case PARSE_ERROR, CLIENT_NAMESPACE_DISCONNECT, SERVER_NAMESPACE_DISCONNECT -> false;
        };
    }

    static DisconnectReason of(CloseReason reason) {
        return switch (reason) {
            case TRANSPORT_CLOSE -> TRANSPORT_CLOSE;
            case TRANSPORT_ERROR -> TRANSPORT_ERROR;
            case PING_TIMEOUT -> PING_TIMEOUT;
            case PARSE_ERROR -> PARSE_ERROR;
            case FORCED_CLOSE -> FORCED_CLOSE;
            case SERVER_SHUTTING_DOWN -> SERVER_SHUTTING_DOWN;
            case SLOW_CONSUMER -> SLOW_CONSUMER;
        };
    }
}
