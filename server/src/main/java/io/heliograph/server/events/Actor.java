package io.heliograph.server.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who caused an event. {@code type} is {@code member}, {@code agent}, {@code key} or {@code system}. Immutable.
 *
 * @param signedInBy of a member in a session that was opened by another member's sign-in link: who made that link, and
 *     before it who made the links that led to the maker's own session, the first one first; empty otherwise
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Actor(
        String type,
        Optional<String> id,
        Optional<String> name,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<LinkMaker> signedInBy) {
    public static final Actor SYSTEM = new Actor("system", Optional.empty(), Optional.empty(), List.of());

    // What is stored has no signedInBy when it was empty.
    public Actor(String type, Optional<String> id, Optional<String> name, @Nullable List<LinkMaker> signedInBy) {
        this.type = type;
        this.id = id;
        this.name = name;
        this.signedInBy = signedInBy == null ? List.of() : List.copyOf(signedInBy);
    }

    public static Actor of(String type, String id, String name) {
        return new Actor(type, Optional.of(id), Optional.of(name), List.of());
    }

    /** The same actor in a session that links of {@code makers} led to. */
    public Actor withSignedInBy(List<LinkMaker> makers) {
        return new Actor(type, id, name, makers);
    }
}
