package io.heliograph.server.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who caused an event. {@code type} is {@code member}, {@code agent}, {@code key} or {@code system}. Immutable.
 *
 * @param credential the API key with which an agent authenticated; empty for other actors
 * @param signedInBy of a member in a session that was opened by another member's sign-in link: who made that link, and
 *     before it who made the links that led to the maker's own session, the first one first; empty otherwise
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Actor(
        String type,
        Optional<String> id,
        Optional<String> name,
        Optional<Credential> credential,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<LinkMaker> signedInBy) {
    public static final Actor SYSTEM =
            new Actor("system", Optional.empty(), Optional.empty(), Optional.empty(), List.of());

    /** {@code type} is {@code key}. */
    public record Credential(String type, String id, String name) {}

    // The stored form has no signedInBy when it is empty.
    public Actor(
            String type,
            Optional<String> id,
            Optional<String> name,
            Optional<Credential> credential,
            @Nullable List<LinkMaker> signedInBy) {
        this.type = type;
        this.id = id;
        this.name = name;
        this.credential = credential;
        this.signedInBy = signedInBy == null ? List.of() : List.copyOf(signedInBy);
    }

    public static Actor of(String type, String id, String name) {
        return new Actor(type, Optional.of(id), Optional.of(name), Optional.empty(), List.of());
    }

    /** The same actor, by this credential. */
    public Actor by(Credential used) {
        return new Actor(type, id, name, Optional.of(used), signedInBy);
    }

    /** The same actor, whatever it used. */
    public Actor withoutCredential() {
        return new Actor(type, id, name, Optional.empty(), signedInBy);
    }

    /** The same actor in a session that links of {@code makers} led to. */
    public Actor withSignedInBy(List<LinkMaker> makers) {
        return new Actor(type, id, name, credential, makers);
    }
}
