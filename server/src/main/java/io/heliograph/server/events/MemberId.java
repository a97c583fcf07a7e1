package io.heliograph.server.events;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.heliograph.server.errors.UnicodeText;
import java.time.Instant;

/**
 * Names one member of a workspace. On the wire and in the database a text. Spring reads one from a path by its
 * constructor.
 *
 * <p>Shape: well-formed Unicode, not empty, without U+0000. Those that the server makes are {@code mem_…}; a client may
 * ask for any other, which names no member. Immutable.
 */
public record MemberId(@JsonValue String value) {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public MemberId {
        if (value.isEmpty() || UnicodeText.fault(value).isPresent()) {
            throw new IllegalArgumentException("a member's id is a text of well-formed Unicode without U+0000");
        }
    }

    public static MemberId next(Instant now) {
        return new MemberId(Ids.next("mem", now.toEpochMilli()));
    }

    @Override
    public String toString() {
        return value;
    }
}
