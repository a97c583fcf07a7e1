package io.heliograph.gateway;

import java.util.Locale;

/** The errors that the gateway itself sends to clients, each with a stable code. */
public enum GatewayError {
    INVALID_REQUEST(false),
    UNKNOWN_EVENT(false),
    FORBIDDEN(false),
    TOO_MANY_REQUESTS(true),
    TOO_MANY_CONNECTIONS(true),
    INTERNAL(true);

    private final boolean retryable;

    GatewayError(boolean retryable) {
        this.retryable = retryable;
    }

    /** The name on the wire, such as {@code too_many_connections}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether the same may succeed later without a change. */
    public boolean retryable() {
        return retryable;
    }
}
