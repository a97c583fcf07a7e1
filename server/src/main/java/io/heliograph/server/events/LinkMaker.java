package io.heliograph.server.events;

import java.util.Objects;

/** A member that made a sign-in link for another, with its name at that time. Immutable. */
public record LinkMaker(MemberId id, String name) {
    public LinkMaker {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
    }
}
