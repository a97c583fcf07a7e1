package io.heliograph.server.errors;

/**
 * A field of a request is invalid. Thrown by the constructors of request records; the edge answers {@code
 * invalid_request} and names the field with its path.
 */
public final class InvalidFieldException extends IllegalArgumentException {
    private final String field;

    /**
     * @param field name as in the JSON, relative to the record that throws; empty for the value itself
     * @param expected what it must be, as the end of a sentence: {@code "must be 1 to 200 characters"}
     */
    public InvalidFieldException(String field, String expected) {
        super(expected);
        this.field = field;
    }

    public String field() {
        return field;
    }

    /** What the field must be. */
    public String expected() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
