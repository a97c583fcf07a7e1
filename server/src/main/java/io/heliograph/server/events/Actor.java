package io.heliograph.server.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

/** Who caused an event. {@code type} is {@code member}, {@code agent}, {@code key} or {@code system}. Immutable. */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Actor(String type, Optional<String> id, Optional<String> name) {
    public static final Actor SYSTEM = new Actor("system", Optional.empty(), Optional.empty());

    public static Actor of(String type, String id, String name) {
        return new Actor(type, Optional.of(id), Optional.of(name));
    }
}
