package io.heliograph.socketio;

import java.util.Objects;
import java.util.Optional;

/**
 * Why a client may not connect to a namespace; it arrives as its {@code connect_error}.
 *
 * @param message becomes the error's {@code message}
 * @param data becomes the error's {@code data}; written as JSON
 */
public record ConnectError(String message, Optional<Object> data) {

    /** Checks that nothing is null. */
    public ConnectError {
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(data, "data");
    }

    /** An error with a message alone. */
    public static ConnectError of(String message) {
        return new ConnectError(message, Optional.empty());
    }

    /** An error with a message and data. */
    public static ConnectError of(String message, Object data) {
        return new ConnectError(message, Optional.of(data));
    }
}
