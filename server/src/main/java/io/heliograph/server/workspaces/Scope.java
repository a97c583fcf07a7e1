package io.heliograph.server.workspaces;

/** What an API key may do. On the wire {@code approvals:create agents:write messages:write read}. */
public enum Scope {
    APPROVALS_CREATE("approvals:create"),
    AGENTS_WRITE("agents:write"),
    MESSAGES_WRITE("messages:write"),
    READ("read");

    private final String wireName;

    Scope(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }
}
