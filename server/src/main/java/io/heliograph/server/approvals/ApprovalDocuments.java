package io.heliograph.server.approvals;

import io.heliograph.eventlog.Event;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.search.SearchDocument;
import io.heliograph.server.search.SearchField;
import io.heliograph.server.search.SearchSource;
import io.heliograph.server.sql.InList;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** Approvals as documents of the search: title, name of the action, tags, and the beginning of args. Immutable. */
final class ApprovalDocuments implements SearchSource {
    private static final Set<String> CHANGES =
            Set.of(ApprovalEventPublisher.CREATED, ApprovalEventPublisher.RESOLVED, ApprovalEventPublisher.EXPIRED);
    private static final String SELECT = "select id, title, action_name, tags, action_args, status, risk, agent_id,"
            + " resolved_by from approval where workspace = :workspace and ";

    private final JsonMapper json;

    ApprovalDocuments(JsonMapper json) {
        this.json = json;
    }

    @Override
    public Optional<String> changedBy(Event event) {
        if (!CHANGES.contains(event.type())) {
            return Optional.empty();
        }
        String id = json.readTree(event.payload().bytes()).at("/subject/id").asString("");
        return id.isEmpty() ? Optional.empty() : Optional.of(id);
    }

    @Override
    public List<SearchDocument> find(JdbcClient jdbc, WorkspaceId workspace, List<String> ids) {
        return ids.isEmpty()
                ? List.of()
                : jdbc.sql(SELECT + "id in (:ids)")
                        .param("workspace", workspace.value())
                        .param("ids", InList.of(ids))
                        .query(this::read)
                        .list();
    }

    @Override
    public List<SearchDocument> before(JdbcClient jdbc, WorkspaceId workspace, String before, int limit) {
        return jdbc.sql(SELECT + "id < :before order by id desc limit :limit")
                .param("workspace", workspace.value())
                .param("before", before)
                .param("limit", limit)
                .query(this::read)
                .list();
    }

    private SearchDocument read(ResultSet row, int ignored) throws SQLException {
        List<String> tags = List.of(json.readValue(row.getString("tags"), String[].class));
        List<String> texts = new ArrayList<>();
        texts.add(row.getString("title"));
        texts.add(row.getString("action_name"));
        texts.addAll(tags);
        texts.add(ArgsText.of(row.getString("action_args"), json));
        Map<SearchField, List<String>> fields = new EnumMap<>(SearchField.class);
        fields.put(SearchField.STATUS, List.of(row.getString("status")));
        fields.put(SearchField.RISK, List.of(row.getString("risk")));
        fields.put(SearchField.AGENT_ID, List.of(row.getString("agent_id")));
        fields.put(SearchField.ACTION, List.of(row.getString("action_name")));
        fields.put(SearchField.TAG, tags);
        fields.put(SearchField.BY, present(row.getString("resolved_by")));
        return SearchDocument.of(row.getString("id"), texts, fields);
    }

    private static List<String> present(@Nullable String value) {
        return value == null ? List.of() : List.of(value);
    }
}
