package io.heliograph.server.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

/**
 * Who caused an event. {@code type} is {@code member}, {@code agent}, {@code key} or {@code system}. Immutable.
 *
 * @param credential what it proved itself by, when that has a name of its own: the API key that an agent speaks with
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Actor(String type, Optional<String> id, Optional<String> name, Optional<Credential> credential) {
    public static final Actor SYSTEM = new Actor("system", Optional.empty(), Optional.empty(), Optional.empty());

    /** {@code type} is {@code key}. */
    public record Credential(String type, String id, String name) {}

    public static Actor of(String type, String id, String name) {
        return new Actor(type, Optional.of(id), Optional.of(name), Optional.empty());
    }

    /** The same actor, by this credential. */
    public Actor by(Credential used) {
        return new Actor(type, id, name, Optional.of(used));
    }

    /** The same actor, whatever it used. */
    public Actor withoutCredential() {
        return new Actor(type, id, name, Optional.empty());
    }
}
