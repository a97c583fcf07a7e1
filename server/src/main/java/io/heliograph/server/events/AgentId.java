package io.heliograph.server.events;

import com.fasterxml.jackson.annotation.JsonValue;
import io.heliograph.server.errors.Fields;
import io.heliograph.server.errors.InvalidFieldException;
import io.heliograph.server.errors.UnicodeText;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * Names one agent of a workspace. On the wire and in the database a text. Spring reads one from a path by its
 * constructor.
 *
 * <p>Shape: well-formed Unicode, not empty, without U+0000. The id of an agent has 1 to 64 characters of {@code A-Z a-z
 * 0-9 _ -}; the client that registers the agent chooses it, or the server makes one, {@code agt_…}. A client may ask for
 * any other, which names no agent. Immutable.
 */
public record AgentId(@JsonValue String value) {
    /** The first segment of the topics of agents' events. */
    public static final String TOPIC_FAMILY = "agents";

    private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    public AgentId {
        if (value.isEmpty() || UnicodeText.fault(value).isPresent()) {
            throw new IllegalArgumentException("an agent's id is a text of well-formed Unicode without U+0000");
        }
    }

    public static AgentId next(Instant now) {
        return new AgentId(Ids.next("agt", now.toEpochMilli()));
    }

    /**
     * Of the field {@code agentId} of a body.
     *
     * @throws InvalidFieldException when no agent can have this id
     */
    public static AgentId parse(String text) {
        requireShape(text);
        return new AgentId(text);
    }

    /** The topic of the agent's messages: {@code agents/ID}. */
    public String topic() {
        return topic(value);
    }

    /** The topic of the messages of the agent that has this id, if one can. */
    public static String topic(String id) {
        return TOPIC_FAMILY + "/" + id;
    }

    /** Whether an agent can have this id. */
    public static boolean hasShape(String text) {
        return SHAPE.matcher(text).matches();
    }

    /**
     * Checks that an agent can have this id.
     *
     * @throws InvalidFieldException for {@code agentId}
     */
    public void requireShape() {
        requireShape(value);
    }

    private static void requireShape(String text) {
        Fields.check(hasShape(text), "agentId", "must be 1 to 64 characters of A-Z a-z 0-9 _ -");
    }

    @Override
    public String toString() {
        return value;
    }
}
