package io.heliograph.server.audit;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.sql.InList;
import io.heliograph.server.storage.PageRows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Finds entries of the trail by a filter. Time follows the primary key, because an id tells its time, and a subject
 * follows the index {@code audit_entry_subject}. Actors and actions have no index, which each command would pay for:
 * entries are compared in the order of the other two, newest first, and at most {@value #MAX_SCANNED} for one page. A page
 * that ends there may be short or empty, and names where the next one begins. Immutable.
 */
final class AuditSearch {
    /** Entries that are compared for one page, some milliseconds of work. */
    static final int MAX_SCANNED = 10_000;
    /** Types of subjects that entries are about: the index of subjects begins with the type. */
    static final List<String> SUBJECT_TYPES =
            List.of("agent", "approval", "event_type", "key", "member", "session", "token", "view", "workspace");

    private static final String SCANNED =
            "select id, actor_id, credential_id, action from audit_entry" + " where workspace = :workspace";

    private final AuditStore store;

    AuditSearch(AuditStore store) {
        this.store = store;
    }

    /** Entries older than the one named {@code before}. */
    AuditPage page(JdbcClient jdbc, WorkspaceId workspace, AuditFilter filter, Optional<String> before, int limit) {
        int scanned = filter.scans() ? MAX_SCANNED : limit + 1;
        Map<String, Object> params = params(workspace, filter, before, scanned);
        String source = source(filter, params);
        PageRows<AuditEntry> rows = store.found(jdbc, matching(source, filter), params, limit);
        if (rows.more()) {
            return new AuditPage(rows.rows(), Optional.of(rows.rows().getLast().id()));
        }
        return new AuditPage(
                rows.rows(), filter.scans() ? lastScanned(jdbc, source, params, scanned) : Optional.empty());
    }

    private static Map<String, Object> params(
            WorkspaceId workspace, AuditFilter filter, Optional<String> before, int scanned) {
        Map<String, Object> params = new HashMap<>();
        params.put("workspace", workspace.value());
        params.put("scanned", scanned);
        filter.fromId().ifPresent(id -> params.put("from", id));
        before.or(filter::toId).ifPresent(id -> params.put("before", id));
        filter.subject().ifPresent(id -> params.put("subject", id));
        if (!filter.actors().isEmpty()) {
            params.put("actors", InList.of(filter.actors()));
        }
        if (!filter.actions().isEmpty()) {
            params.put("actions", InList.of(filter.actions()));
        }
        return params;
    }

    /** The newest entries that an index finds. */
    private static String source(AuditFilter filter, Map<String, Object> params) {
        String newest = (params.containsKey("from") ? " and id >= :from" : "")
                + (params.containsKey("before") ? " and id < :before" : "")
                + " order by id desc limit :scanned";
        if (filter.subject().isEmpty()) {
            return SCANNED + newest;
        }
        return SUBJECT_TYPES.stream()
                .map(type -> "select * from (" + SCANNED + " and subject_type = '" + type
                        + "' and subject_id = :subject" + newest + ") as of_" + type)
                .collect(Collectors.joining(
                        " union all ", "select * from (", ") as of_subject order by id desc limit :scanned"));
    }

    private static String matching(String source, AuditFilter filter) {
        List<String> conditions = new ArrayList<>();
        if (!filter.actors().isEmpty()) {
            conditions.add("(actor_id in (:actors) or credential_id in (:actors))");
        }
        if (!filter.actions().isEmpty()) {
            conditions.add("action in (:actions)");
        }
        return "select id from (" + source + ") as scanned"
                + (conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions))
                + " order by id desc limit :limit";
    }

    /** The oldest entry that was compared, when there may be more behind it. */
    private static Optional<String> lastScanned(
            JdbcClient jdbc, String source, Map<String, Object> params, int scanned) {
        return jdbc.sql("select count(*), min(id) from (" + source + ") as scanned")
                .params(params)
                .query((row, _) -> row.getInt(1) < scanned ? Optional.<String>empty() : Optional.of(row.getString(2)))
                .single();
    }
}
