package io.heliograph.server.errors;

/**
 * The process cannot start, for a reason that whoever started it can mend. The message is one line that names the thing
 * and the fix; it is all that is printed.
 */
public final class StartException extends RuntimeException {
    public StartException(String message) {
        super(message);
    }

    public StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
