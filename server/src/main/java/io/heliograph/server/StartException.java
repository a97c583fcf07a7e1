package io.heliograph.server;

/**
 * The process cannot start, for a reason that whoever started it can mend. The message is one line that names the thing
 * and the fix; it is all that is printed.
 */
final class StartException extends RuntimeException {
    StartException(String message) {
        super(message);
    }

    StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
