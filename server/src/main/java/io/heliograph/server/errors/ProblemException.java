package io.heliograph.server.errors;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Ends a request with a problem detail (RFC 9457). Thrown at the edge, by controllers; features return sealed results.
 *
 * <p>Shape: {@code detail} names the cause and the fix, and never holds a token or a payload; {@code members} are
 * extension members of the problem's JSON, such as {@code resolution}.
 */
public final class ProblemException extends RuntimeException {
    /** A member of this name becomes the header {@code Retry-After} as well, in seconds. */
    public static final String RETRY_AFTER_SECONDS = "retryAfter";

    private final ErrorCode code;
    private final transient Map<String, Object> members;

    public ProblemException(ErrorCode code, String detail) {
        this(code, detail, Map.of());
    }

    public ProblemException(ErrorCode code, String detail, Map<String, Object> members) {
        super(detail);
        this.code = code;
        this.members = new LinkedHashMap<>(members);
    }

    public ErrorCode code() {
        return code;
    }

    public Map<String, Object> members() {
        return members;
    }
}
