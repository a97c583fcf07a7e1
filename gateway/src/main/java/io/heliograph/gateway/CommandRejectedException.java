package io.heliograph.gateway;

/** A {@link SocketCommand} was rejected; the client receives the code and the detail. */
public final class CommandRejectedException extends RuntimeException {
    private final String code;

    /** @param detail for people; holds no token and nothing of the argument that is secret */
    public CommandRejectedException(String code, String detail) {
        super(detail);
        this.code = code;
    }

    public String code() {
        return code;
    }

    public String detail() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
