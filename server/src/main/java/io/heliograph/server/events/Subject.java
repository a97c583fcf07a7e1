package io.heliograph.server.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.OptionalLong;

/** What an event is about: {@code type} is {@code approval}, {@code agent}, {@code message} or {@code notification}. */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Subject(String type, String id, OptionalLong version) {

    public static Subject of(String type, String id, long version) {
        return new Subject(type, id, OptionalLong.of(version));
    }

    public static Subject of(String type, String id) {
        return new Subject(type, id, OptionalLong.empty());
    }
}
