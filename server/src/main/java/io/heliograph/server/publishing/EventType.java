package io.heliograph.server.publishing;

import io.heliograph.gateway.EventTypeNames;
import io.heliograph.server.errors.Fields;
import io.heliograph.server.errors.InvalidFieldException;
import org.jspecify.annotations.Nullable;

/** The type of a published event in a request, as {@link EventTypeNames} wants it. */
final class EventType {
    private EventType() {}

    /** @throws InvalidFieldException when no event can have this type */
    static String check(String field, @Nullable String value) {
        String type = Fields.required(field, value);
        EventTypeNames.fault(type).ifPresent(fault -> {
            throw new InvalidFieldException(field, fault);
        });
        return type;
    }
}
