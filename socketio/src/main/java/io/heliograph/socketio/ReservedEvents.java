package io.heliograph.socketio;

import java.util.Set;

/** Names that no event may have, because clients and servers use them for themselves. */
final class ReservedEvents {

    private static final Set<String> NAMES =
            Set.of("connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener");

    private ReservedEvents() {}

    static boolean contains(String name) {
        return NAMES.contains(name);
    }

    /** @throws IllegalArgumentException when the name is reserved */
    static void requireNotReserved(String name) {
        if (contains(name)) {
            throw new IllegalArgumentException("\"" + name + "\" is a reserved event name, choose another");
        }
    }
}
