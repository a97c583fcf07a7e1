package io.heliograph.server.events;

import java.util.Objects;

/** A member that made a sign-in link for another, by the name that it had then. Immutable. */
public record LinkMaker(String id, String name) {
    public LinkMaker {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
    }
}
