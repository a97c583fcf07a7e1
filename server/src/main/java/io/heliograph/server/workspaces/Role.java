package io.heliograph.server.workspaces;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A member's permissions, from most to least: a viewer reads and never decides. */
public enum Role {
    OWNER,
    ADMIN,
    OPERATOR,
    VIEWER;

    /** The name on the wire and in the database, such as {@code operator}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Empty when there is no such role. */
    public static Optional<Role> parse(String wireName) {
        return Arrays.stream(values())
                .filter(role -> role.wireName().equals(wireName))
                .findFirst();
    }

    public boolean mayDecide() {
        return this != VIEWER;
    }

    public boolean mayAdminister() {
        return this == OWNER || this == ADMIN;
    }
}
