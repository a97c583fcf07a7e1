package io.heliograph.server.identity;

import io.heliograph.eventlog.Transaction;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.events.Actor;
import io.heliograph.server.events.Subject;
import java.util.Map;

/**
 * Where changes of members, keys, tokens and sessions are written down, in the transaction that makes them. This feature
 * knows no other; the audit trail is what stands behind it.
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
