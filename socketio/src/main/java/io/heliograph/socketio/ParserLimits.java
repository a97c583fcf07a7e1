package io.heliograph.socketio;

import java.util.Objects;
import tools.jackson.databind.ObjectMapper;

/**
 * What a packet may contain, and what binds it to the application's types. Immutable.
 *
 * @param maxDepth deepest nesting of JSON that is accepted; deeper is malformed
 * @param maxAttachments most binary attachments of one packet; more is malformed
 * @param json binds arguments and writes them
 */
public record ParserLimits(int maxDepth, int maxAttachments, JsonCodec json) {

    /** Checks the limits. */
    public ParserLimits {
        if (maxDepth < 1 || maxAttachments < 1) {
            throw new IllegalArgumentException(
                    "maxDepth is " + maxDepth + " and maxAttachments " + maxAttachments + ", expected one or more");
        }
        Objects.requireNonNull(json, "json");
    }

    /** As with {@link JsonCodec#jackson} of that mapper. */
    public ParserLimits(int maxDepth, int maxAttachments, ObjectMapper mapper) {
        this(maxDepth, maxAttachments, JsonCodec.jackson(mapper));
    }

    /** 100 levels, 10 attachments (as in Node), a mapper that keeps decimals as they are. */
    public static ParserLimits defaults() {
        return new ParserLimits(100, 10, JacksonCodec.DEFAULT);
    }

    /** The same limits with another codec. */
    public ParserLimits with(JsonCodec codec) {
        return new ParserLimits(maxDepth, maxAttachments, codec);
    }
}
