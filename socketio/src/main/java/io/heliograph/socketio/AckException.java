package io.heliograph.socketio;

/** An acknowledgement that was awaited will not come: it took too long, or the socket left. */
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
