package io.heliograph.server.approvals;

import io.heliograph.eventlog.WorkspaceId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The SQL that selects the first ids of a filter in an order. It is a union of one branch for each status or risk: each branch
 * reads an index in order from the page's start and stops at the limit, so its time does not grow with the number of rows.
 *
 * @param sql selects {@code id}; has the parameter {@code limit} beside {@code params}
 */
record MatchingApprovals(String sql, Map<String, Object> params) {

    private static final String TAGGED = "exists (select 1 from approval_tag t where t.workspace = a.workspace"
            + " and t.tag = :tag and t.id = a.id)";

    static MatchingApprovals of(
            WorkspaceId workspace, ApprovalFilter filter, ApprovalSort sort, Optional<ApprovalSort.Position> after) {
        Map<String, Object> params = new HashMap<>(filter.params());
        params.put("workspace", workspace.value());
        after.ifPresent(position -> {
            params.put("afterMillis", position.millis());
            params.put("afterId", position.id().value());
        });
        List<String> branches = switch (sort) {
            case CREATED -> created(filter, after);
            case DEADLINE, RISK -> pending(filter, after);
            case RESOLVED -> List.of(resolved(filter, after));
        };
        String ids = branches.stream()
                .map(branch -> "select * from (" + branch + " limit :limit) as branch")
                .collect(Collectors.joining(" union all "));
        return new MatchingApprovals(
                "select id from (" + ids + ") as matching order by " + sort.orderBy() + " limit :limit", params);
    }

    /** One branch for each status. */
    private static List<String> created(ApprovalFilter filter, Optional<ApprovalSort.Position> after) {
        List<String> conditions = filter.conditions();
        if (!filter.risks().isEmpty()) {
            conditions.add("a.risk in (" + names(filter.risks()) + ")");
        }
        after.ifPresent(_ -> conditions.add("a.id < :afterId"));
        // A join, so that a rare tag is not searched for among all approvals, nor a frequent one sorted.
        String rows = filter.tag().isEmpty()
                ? "select a.id from approval a where a.workspace = :workspace"
                : "select a.id from approval_tag t cross join approval a where t.workspace = :workspace and t.tag = :tag"
                        + " and a.workspace = t.workspace and a.id = t.id";
        String order = filter.tag().isEmpty() ? " order by a.id desc" : " order by t.id desc";
        String others = and(conditions);
        if (filter.statuses().isEmpty()) {
            return List.of(rows + others + order);
        }
        return filter.statuses().stream()
                .map(status -> rows + " and a.status = '" + status.wireName() + "'" + others + order)
                .toList();
    }

    /** One branch for each risk, the highest first. */
    private static List<String> pending(ApprovalFilter filter, Optional<ApprovalSort.Position> after) {
        List<String> conditions = filter.conditions();
        filter.tag().ifPresent(_ -> conditions.add(TAGGED));
        String others = and(conditions);
        Optional<Approval.Risk> afterRisk = after.flatMap(ApprovalSort.Position::risk);
        List<String> branches = new ArrayList<>();
        List<Approval.Risk> risks =
                filter.risks().isEmpty() ? List.of(Approval.Risk.values()) : List.copyOf(filter.risks());
        for (Approval.Risk risk :
                risks.stream().sorted(Comparator.reverseOrder()).toList()) {
            boolean over = afterRisk.isPresent() && risk.compareTo(afterRisk.get()) > 0;
            boolean fresh = after.isEmpty() || (afterRisk.isPresent() && risk.compareTo(afterRisk.get()) < 0);
            if (!over) {
                branches.add("select a.id, a.risk, a.expires_at from approval a where a.workspace = :workspace"
                        + " and a.status = 'pending' and a.risk = '" + risk.wireName() + "'" + others
                        + (fresh ? "" : " and (a.expires_at, a.id) > (:afterMillis, :afterId)")
                        + " order by a.expires_at, a.id");
            }
        }
        return branches;
    }

    private static String resolved(ApprovalFilter filter, Optional<ApprovalSort.Position> after) {
        List<String> conditions = filter.conditions();
        filter.tag().ifPresent(_ -> conditions.add(TAGGED));
        conditions.add("a.status in (" + names(filter.statuses()) + ")");
        if (!filter.risks().isEmpty()) {
            conditions.add("a.risk in (" + names(filter.risks()) + ")");
        }
        after.ifPresent(_ -> conditions.add("(a.resolved_at, a.id) < (:afterMillis, :afterId)"));
        return "select a.id, a.resolved_at from approval a where a.workspace = :workspace and a.resolved_at is not null"
                + and(conditions) + " order by a.resolved_at desc, a.id desc";
    }

    private static String and(List<String> conditions) {
        return conditions.stream().map(condition -> " and " + condition).collect(Collectors.joining());
    }

    /** Constants as SQL texts: the planner sees which rows of an index they are. */
    private static String names(Set<? extends Enum<?>> constants) {
        return constants.stream()
                .map(constant -> "'" + constant.name().toLowerCase(Locale.ROOT) + "'")
                .collect(Collectors.joining(", "));
    }
}
