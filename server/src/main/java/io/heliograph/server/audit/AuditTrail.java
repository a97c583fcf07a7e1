package io.heliograph.server.audit;

import io.heliograph.eventlog.Snapshot;
import io.heliograph.eventlog.Transaction;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.events.Actor;
import io.heliograph.server.events.Ids;
import io.heliograph.server.events.Subject;
import io.heliograph.server.identity.ChangeLog;
import io.heliograph.server.sql.Sql;
import io.heliograph.server.storage.PageRows;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** Writes and reads the trail. An entry commits or rolls back with the change that it records. Safe from any thread. */
public final class AuditTrail implements ChangeLog {
    private final AuditStore store;
    private final AuditSearch search;
    private final JsonMapper json;

    public AuditTrail(JsonMapper json) {
        this.json = json;
        this.store = new AuditStore(json);
        this.search = new AuditSearch(store);
    }

    /** Adds an entry. {@code detail} holds values that Jackson can write; it must not hold secrets. */
    @Override
    public void record(
            Transaction transaction,
            WorkspaceId workspace,
            Actor actor,
            String action,
            Subject subject,
            Map<String, ?> detail) {
        Instant now = transaction.now();
        store.insert(
                Sql.in(transaction),
                workspace,
                new AuditEntry(
                        Ids.next("aud", now.toEpochMilli()),
                        now,
                        actor.withoutCredential(),
                        actor.credential(),
                        action,
                        subject,
                        json.valueToTree(detail)));
    }

    /**
     * Entries about one subject, in all its versions, newer than the one named {@code after}, oldest first.
     */
    public PageRows<AuditEntry> about(
            Snapshot snapshot, WorkspaceId workspace, Subject subject, Optional<String> after, int limit) {
        return store.about(Sql.in(snapshot), workspace, subject, after, limit);
    }

    /** Entries that a filter has and that are older than the one named {@code before}, newest first. */
    AuditPage page(Snapshot snapshot, WorkspaceId workspace, AuditFilter filter, Optional<String> before, int limit) {
        return search.page(Sql.in(snapshot), workspace, filter, before, limit);
    }
}
