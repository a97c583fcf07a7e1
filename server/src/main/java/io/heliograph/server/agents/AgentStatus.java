package io.heliograph.server.agents;

import java.util.Locale;

/**
 * The status of an agent. It reports {@code IDLE}, {@code WORKING} and {@code ERROR} itself; the server derives {@code
 * WAITING_APPROVAL} from a pending approval and {@code OFFLINE} from its lease.
 */
public enum AgentStatus {
    IDLE,
    WORKING,
    WAITING_APPROVAL,
    ERROR,
    OFFLINE;

    /** The name on the wire and in the database, such as {@code waiting_approval}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean isReportable() {
        return this == IDLE || this == WORKING || this == ERROR;
    }

    static AgentStatus parse(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
