package io.heliograph.server.errors;

/**
 * The process cannot start, for a reason that the operator can fix. The message is one line that names the cause and
 * the fix; nothing else is printed.
 */
public final class StartException extends RuntimeException {
    public StartException(String message) {
        super(message);
    }

    public StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
