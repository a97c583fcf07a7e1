package io.heliograph.server.audit;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.events.Actor;
import io.heliograph.server.events.Subject;
import io.heliograph.server.identity.LinkMakers;
import io.heliograph.server.storage.PageRows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.springframework.jdbc.core.ResultSetExtractor;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** The SQL of the trail: it inserts, selects, and removes entries past their retention. Immutable. */
final class AuditStore {
    private static final String COLUMNS =
            "id, at, actor_type, actor_id, actor_name, action, subject_type, subject_id, subject_version, detail,"
                    + " credential_type, credential_id, credential_name, actor_signed_in_by";

    private final JsonMapper json;

    AuditStore(JsonMapper json) {
        this.json = json;
    }

    void insert(JdbcClient jdbc, WorkspaceId workspace, AuditEntry entry) {
        OptionalLong version = entry.subject().version();
        jdbc.sql("insert into audit_entry (workspace, " + COLUMNS
                        + ") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .param(workspace.value())
                .param(entry.id())
                .param(entry.at().toEpochMilli())
                .param(entry.actor().type())
                .param(entry.actor().id().orElse(null))
                .param(entry.actor().name().orElse(null))
                .param(entry.action())
                .param(entry.subject().type())
                .param(entry.subject().id())
                .param(version.isPresent() ? version.getAsLong() : null)
                .param(entry.detail().toString())
                .param(entry.credential().map(Actor.Credential::type).orElse(null))
                .param(entry.credential().map(Actor.Credential::id).orElse(null))
                .param(entry.credential().map(Actor.Credential::name).orElse(null))
                .param(LinkMakers.write(entry.actor().signedInBy()))
                .update();
    }

    /** Entries newer than the one named {@code after}, oldest first. */
    PageRows<AuditEntry> about(
            JdbcClient jdbc, WorkspaceId workspace, Subject subject, Optional<String> after, int limit) {
        return jdbc.sql("select " + COLUMNS + " from audit_entry"
                        + " where workspace = ? and subject_type = ? and subject_id = ? and id > ? order by id limit ?")
                .params(workspace.value(), subject.type(), subject.id(), after.orElse(""), limit + 1)
                .withFetchSize(PageRows.FETCH_SIZE)
                .query(reader(limit));
    }

    /** The entries whose ids the statement {@code ids} selects, newest first. */
    PageRows<AuditEntry> found(JdbcClient jdbc, String ids, Map<String, Object> params, int limit) {
        return jdbc.sql("select " + COLUMNS + " from audit_entry where workspace = :workspace and id in (" + ids
                        + ") order by id desc")
                .params(params)
                .param("limit", limit + 1)
                .withFetchSize(PageRows.FETCH_SIZE)
                .query(reader(limit));
    }

    private ResultSetExtractor<PageRows<AuditEntry>> reader(int limit) {
        return PageRows.reader(limit, this::map, entry -> json.writeValueAsBytes(entry).length);
    }

    static int remove(JdbcClient jdbc, WorkspaceId workspace, List<String> ids) {
        return jdbc.sql("delete from audit_entry where workspace = :workspace and id in (:ids)")
                .param("workspace", workspace.value())
                .param("ids", ids)
                .update();
    }

    private static Optional<Actor.Credential> credential(ResultSet row) throws SQLException {
        String type = row.getString("credential_type");
        return type == null
                ? Optional.empty()
                : Optional.of(
                        new Actor.Credential(type, row.getString("credential_id"), row.getString("credential_name")));
    }

    private AuditEntry map(ResultSet row, int number) throws SQLException {
        long version = row.getLong("subject_version");
        OptionalLong subjectVersion = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(version);
        return new AuditEntry(
                row.getString("id"),
                Instant.ofEpochMilli(row.getLong("at")),
                new Actor(
                        row.getString("actor_type"),
                        Optional.ofNullable(row.getString("actor_id")),
                        Optional.ofNullable(row.getString("actor_name")),
                        Optional.empty(),
                        LinkMakers.read(row.getString("actor_signed_in_by"))),
                credential(row),
                row.getString("action"),
                new Subject(row.getString("subject_type"), row.getString("subject_id"), subjectVersion),
                json.readTree(row.getString("detail")));
    }
}
