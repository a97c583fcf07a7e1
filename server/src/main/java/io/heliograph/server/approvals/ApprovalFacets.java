package io.heliograph.server.approvals;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.search.SearchField;
import io.heliograph.server.search.SearchIndex;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * How often the values of a list's columns occur among the rows of a filter. Immutable.
 *
 * @param capped whether only the newest {@value #MAX_ROWS} rows were counted
 */
record ApprovalFacets(List<Facet> risk, List<Facet> agentId, List<Facet> action, List<Facet> tag, boolean capped) {
    static final int MAX_ROWS = 10_000;
    private static final int MAX_VALUES = 20;

    /** A value and the number of rows that have it. */
    record Facet(String value, long count) {}

    /** The most frequent values first, at most {@value #MAX_VALUES} of each. */
    static ApprovalFacets of(JdbcClient jdbc, WorkspaceId workspace, ApprovalFilter filter) {
        if (filter.q().isPresent()) {
            return found(SearchIndex.facets(jdbc, workspace, filter.searched(), MAX_ROWS));
        }
        ApprovalSort order = filter.by().isPresent() ? ApprovalSort.RESOLVED : ApprovalSort.CREATED;
        MatchingApprovals matching = MatchingApprovals.of(workspace, filter, order, Optional.empty());
        Map<String, List<Facet>> facets = new HashMap<>();
        jdbc.sql("with matching_id as (" + matching.sql() + "), matching_row as (select risk, agent_id, action_name"
                        + " from approval where workspace = :workspace and id in (select id from matching_id))"
                        + " select 'risk' as facet, risk as value, count(*) as number from matching_row group by risk"
                        + " union all select 'agent', agent_id, count(*) from matching_row group by agent_id"
                        + " union all select 'action', action_name, count(*) from matching_row group by action_name"
                        + " union all select 'tag', tag, count(*) from approval_tag where workspace = :workspace"
                        + " and id in (select id from matching_id) group by tag"
                        + " union all select 'rows', '', count(*) from matching_row"
                        + " order by number desc, value")
                .params(matching.params())
                .param("limit", MAX_ROWS + 1)
                .query(row -> {
                    facets.computeIfAbsent(row.getString(1), _ -> new ArrayList<>())
                            .add(new Facet(row.getString(2), row.getLong(3)));
                });
        return new ApprovalFacets(
                top(facets, "risk"),
                top(facets, "agent"),
                top(facets, "action"),
                top(facets, "tag"),
                facets.getOrDefault("rows", List.of()).stream().anyMatch(rows -> rows.count() > MAX_ROWS));
    }

    private static ApprovalFacets found(SearchIndex.Facets facets) {
        return new ApprovalFacets(
                top(facets, SearchField.RISK),
                top(facets, SearchField.AGENT_ID),
                top(facets, SearchField.ACTION),
                top(facets, SearchField.TAG),
                facets.capped());
    }

    private static List<Facet> top(SearchIndex.Facets facets, SearchField field) {
        return facets.counts().getOrDefault(field, Map.of()).entrySet().stream()
                .map(value -> new Facet(value.getKey(), value.getValue()))
                .sorted(Comparator.comparingLong(Facet::count).reversed().thenComparing(Facet::value))
                .limit(MAX_VALUES)
                .toList();
    }

    private static List<Facet> top(Map<String, List<Facet>> facets, String name) {
        return facets.getOrDefault(name, List.of()).stream().limit(MAX_VALUES).toList();
    }
}
