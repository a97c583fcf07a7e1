package io.heliograph.socketio;

/**
 * An argument is missing, or does not fit the type that was asked for. Thrown within a listener it is answered to the
 * sender's ack as {@code {"error":{"code":"invalid_payload","message":…}}}; the session goes on.
 */
public final class ArgumentMismatchException extends RuntimeException {

    /** The message names the argument and the path within it, never its value. */
    ArgumentMismatchException(String message) {
        super(message);
    }
}
