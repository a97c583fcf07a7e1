package io.heliograph.server.identity;

import io.heliograph.eventlog.Transaction;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.events.Actor;
import io.heliograph.server.events.Subject;
import java.util.Map;

/**
 * Records changes of members, keys, tokens and sessions in the transaction that makes them. A port, so that this
 * feature depends on no other; the audit trail implements it.
 */
@FunctionalInterface
public interface ChangeLog {
    /** Adds an entry. {@code detail} holds no secret. */
    void record(
            Transaction transaction,
            WorkspaceId workspace,
            Actor actor,
            String action,
            Subject subject,
            Map<String, ?> detail);
}
