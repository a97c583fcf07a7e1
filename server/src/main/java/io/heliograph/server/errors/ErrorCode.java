package io.heliograph.server.errors;

import java.util.Locale;

/**
 * The catalogue of errors: the stable {@code code}, its HTTP status, what it means, and whether the same call may
 * succeed later. {@code docs/PROTOCOL.md} and the TypeScript union are tested against it.
 */
public enum ErrorCode {
    INVALID_REQUEST(400, "The request is not valid", false),
    UNKNOWN_EVENT(400, "There is no such event", false),
    CURSOR_INVALID(400, "The cursor is not valid here", false),
    TOKEN_MISSING(401, "A credential is missing", false),
    TOKEN_MALFORMED(401, "The credential is malformed", false),
    TOKEN_INVALID(401, "The credential is not valid", false),
    TOKEN_EXPIRED(401, "The credential has expired", false),
    SIGN_IN_CODE_INVALID(401, "The sign-in link is not valid any more", false),
    FORBIDDEN(403, "The caller may not do this", false),
    AGENT_OF_ANOTHER_KEY(403, "The agent belongs to another API key", false),
    ORIGIN_NOT_ALLOWED(403, "The origin is not on the allow-list", false),
    NOT_FOUND(404, "There is no such thing in this workspace", false),
    METHOD_NOT_ALLOWED(405, "This path does not take that method", false),
    NOT_ACCEPTABLE(406, "This path does not answer in that form", false),
    ALREADY_DECIDED(409, "The approval was decided already", false),
    APPROVAL_EXPIRED(409, "The approval's deadline has passed", false),
    IDEMPOTENCY_KEY_REUSED(409, "The idempotency key was used for another request", false),
    LIMIT_REACHED(409, "A limit of the workspace is reached", false),
    CONFLICT(409, "The request does not fit the present state", false),
    CURSOR_GONE(410, "The log no longer holds what follows the cursor", false),
    DIGEST_MISMATCH(412, "The decision is about something else than what is stored", false),
    VERSION_MISMATCH(412, "The object has changed since it was read", false),
    PAYLOAD_TOO_LARGE(413, "The request is too large", false),
    URI_TOO_LONG(414, "The request line is too long", false),
    UNSUPPORTED_MEDIA_TYPE(415, "The body is not JSON", false),
    HOST_NOT_ALLOWED(421, "The host is not one that the server answers to", false),
    TOO_MANY_REQUESTS(429, "Too many requests", true),
    TOO_MANY_CONNECTIONS(429, "Too many connections", true),
    HEADERS_TOO_LARGE(431, "The request's headers are too large", false),
    INTERNAL(500, "The server failed", true),
    OVERLOADED(503, "The server has too much to do", true);

    private final int status;
    private final String title;
    private final boolean retryable;

    ErrorCode(int status, String title, boolean retryable) {
        this.status = status;
        this.title = title;
        this.retryable = retryable;
    }

    /** The stable name on the wire, such as {@code already_decided}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    public int status() {
        return status;
    }

    public String title() {
        return title;
    }

    public boolean retryable() {
        return retryable;
    }
}
