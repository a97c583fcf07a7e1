package io.heliograph.socketio;

/** An awaited acknowledgement does not come: its timeout has passed, or the socket has disconnected. */
public final class AckException extends RuntimeException {

    AckException(String message) {
        super(message);
    }

    static AckException timedOut() {
        return new AckException("operation has timed out");
    }

    static AckException disconnected() {
        return new AckException("socket has been disconnected");
    }
}
