package io.heliograph.gateway;

/** What a client sent is not what it must be. */
public final class InvalidMessageException extends RuntimeException {
    /** The field's name when the message as a whole is at fault. */
    public static final String WHOLE = "body";

    private final String field;
    private final String detail;

    /**
     * @param field path such as {@code agents[1]}
     * @param detail what it must be, as the end of a sentence; nothing of what was sent
     */
    public InvalidMessageException(String field, String detail) {
        super(field + " " + detail);
        this.field = field;
        this.detail = detail;
    }

    public String field() {
        return field;
    }

    public String detail() {
        return detail;
    }

    /** As people read it. */
    public String sentence() {
        return field + " " + detail;
    }
}
