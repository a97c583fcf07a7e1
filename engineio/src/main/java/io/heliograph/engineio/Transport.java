package io.heliograph.engineio;

import java.util.Locale;
import java.util.Optional;

/** What carries a session's packets. Source: engine.io-protocol v4, "Transports". */
public enum Transport {
    /** HTTP long-polling. */
    POLLING,
    /** A WebSocket. */
    WEBSOCKET;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The value of the {@code transport} query parameter: {@code polling} or {@code websocket}. */
    public String wireName() {
        return wireName;
    }

    static Optional<Transport> parse(String wireName) {
        return switch (wireName) {
            case "polling" -> Optional.of(POLLING);
            case "websocket" -> Optional.of(WEBSOCKET);
            default -> Optional.empty();
        };
    }
}
