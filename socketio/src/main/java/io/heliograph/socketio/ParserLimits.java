package io.heliograph.socketio;

import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a packet may contain.
 *
 * @param maxDepth deepest nesting of JSON that is accepted; deeper is malformed
 * @param maxAttachments most binary attachments of one packet; more is malformed
 * @param mapper binds arguments and writes them; its modules and features apply
 */
public record ParserLimits(int maxDepth, int maxAttachments, ObjectMapper mapper) {

    public ParserLimits {
        if (maxDepth < 1 || maxAttachments < 1) {
            throw new IllegalArgumentException(
                    "maxDepth is " + maxDepth + " and maxAttachments " + maxAttachments + ", expected one or more");
        }
    }

    /** 100 levels, 10 attachments (as in Node), a mapper that keeps decimals as they are. */
    public static ParserLimits defaults() {
        return new ParserLimits(
                100,
                10,
                JsonMapper.builder()
                        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                        .build());
    }
}
