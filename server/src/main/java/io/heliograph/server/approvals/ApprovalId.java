package io.heliograph.server.approvals;

import com.fasterxml.jackson.annotation.JsonValue;
import io.heliograph.server.errors.Fields;
import io.heliograph.server.errors.InvalidFieldException;
import io.heliograph.server.errors.UnicodeText;
import io.heliograph.server.events.Ids;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Names one approval of a workspace. On the wire and in the database a text. Spring reads one from a path by its
 * constructor.
 *
 * <p>Shape: well-formed Unicode, not empty, without U+0000. Those that the server makes are {@code apr_…}; a client may
 * ask for any other, which names no approval. Immutable.
 */
public record ApprovalId(@JsonValue String value) {
    private static final int MAX_IN_BODY = 64;

    public ApprovalId {
        if (value.isEmpty() || UnicodeText.fault(value).isPresent()) {
            throw new IllegalArgumentException("an approval's id is a text of well-formed Unicode without U+0000");
        }
    }

    static ApprovalId next(Instant now) {
        return new ApprovalId(Ids.next("apr", now.toEpochMilli()));
    }

    /**
     * Of a field of a body.
     *
     * @throws InvalidFieldException when the field is absent, blank, or longer than an id
     */
    static ApprovalId parse(String field, @Nullable String text) {
        return new ApprovalId(Fields.text(field, text, MAX_IN_BODY));
    }

    @Override
    public String toString() {
        return value;
    }
}
