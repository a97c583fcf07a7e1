package io.heliograph.server.publishing;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.json.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The SQL of {@code event_type}. Stateless; runs in the connection that it is given. */
final class EventTypeStore {
    /** The rows of a workspace, as limits count them. */
    static final String ROWS = "event_type where workspace = ?";

    private static final String COLUMNS = "type, json_schema, description, version, updated_at";
    private static final JsonMapper JSON = Json.mapper();

    private EventTypeStore() {}

    /** All types of a workspace, by name. */
    static List<DescribedType> all(JdbcClient jdbc, WorkspaceId workspace) {
        return jdbc.sql("select " + COLUMNS + " from event_type where workspace = ? order by type")
                .param(workspace.value())
                .query(EventTypeStore::read)
                .list();
    }

    static Optional<DescribedType> find(JdbcClient jdbc, WorkspaceId workspace, String type) {
        return jdbc.sql("select " + COLUMNS + " from event_type where workspace = ? and type = ?")
                .params(workspace.value(), type)
                .query(EventTypeStore::read)
                .optional();
    }

    /** The schemas of those of some types that have one. */
    static Map<String, JsonNode> schemas(JdbcClient jdbc, WorkspaceId workspace, List<String> types) {
        Map<String, JsonNode> schemas = new HashMap<>();
        jdbc.sql("select type, json_schema from event_type where workspace = :workspace and type in (:types)")
                .param("workspace", workspace.value())
                .param("types", types)
                .query(row -> {
                    schemas.put(row.getString(1), JSON.readTree(row.getString(2)));
                });
        return schemas;
    }

    static void put(JdbcClient jdbc, WorkspaceId workspace, DescribedType type) {
        jdbc.sql("""
                        insert into event_type (workspace, type, json_schema, description, version, updated_at)
                        values (?, ?, ?, ?, ?, ?)
                        on conflict (workspace, type) do update set
                          json_schema = excluded.json_schema, description = excluded.description,
                          version = excluded.version, updated_at = excluded.updated_at
                        """)
                .params(
                        workspace.value(),
                        type.type(),
                        type.schema().toString(),
                        type.description().orElse(""),
                        type.version(),
                        type.updatedAt().toEpochMilli())
                .update();
    }

    /** Whether there was one. */
    static boolean remove(JdbcClient jdbc, WorkspaceId workspace, String type) {
        return jdbc.sql("delete from event_type where workspace = ? and type = ?")
                        .params(workspace.value(), type)
                        .update()
                > 0;
    }

    private static DescribedType read(ResultSet row, int number) throws SQLException {
        return new DescribedType(
                row.getString(1),
                JSON.readTree(row.getString(2)),
                Optional.of(row.getString(3)).filter(text -> !text.isEmpty()),
                row.getLong(4),
                Instant.ofEpochMilli(row.getLong(5)));
    }
}
