package io.heliograph.server.approvals;

import io.heliograph.server.errors.Fields;
import io.heliograph.server.events.AgentId;
import io.heliograph.server.events.Ids;
import io.heliograph.server.events.MemberId;
import io.heliograph.server.search.SearchCriteria;
import io.heliograph.server.search.SearchField;
import io.heliograph.server.search.SearchQuery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which approvals a list has. Immutable.
 *
 * @param statuses none means all
 * @param risks none means all
 * @param action the name of the action
 * @param by who decided
 * @param from created then or later
 * @param to created before
 * @param q words that the approval has
 */
record ApprovalFilter(
        Set<Approval.Status> statuses,
        Set<Approval.Risk> risks,
        Optional<AgentId> agentId,
        Optional<String> action,
        Optional<String> tag,
        Optional<MemberId> by,
        Optional<Instant> from,
        Optional<Instant> to,
        Optional<SearchQuery> q) {
    private static final Set<Approval.Status> PENDING = EnumSet.of(Approval.Status.PENDING);

    static final ApprovalFilter ALL = new ApprovalFilter(
            Set.of(),
            Set.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    ApprovalFilter {
        statuses = copy(statuses, Approval.Status.class);
        risks = copy(risks, Approval.Risk.class);
    }

    /** In the order of the constants, so that equal filters have the same text. */
    private static <E extends Enum<E>> Set<E> copy(Set<E> values, Class<E> type) {
        EnumSet<E> copy = EnumSet.noneOf(type);
        copy.addAll(values);
        return copy;
    }

    /** Rejects a combination that no index serves. */
    ApprovalFilter checkedFor(ApprovalSort sort) {
        if (sort.isOfPending()) {
            Fields.check(statuses.equals(PENDING), "sort", "is of pending approvals; add status=pending");
        }
        if (sort == ApprovalSort.RESOLVED) {
            Fields.check(
                    !statuses.isEmpty() && !statuses.contains(Approval.Status.PENDING),
                    "sort",
                    "is of resolved approvals; add status with some of approved, rejected, expired, cancelled");
        }
        Fields.check(
                by.isEmpty() || sort == ApprovalSort.RESOLVED || (q.isPresent() && sort == ApprovalSort.CREATED),
                "by",
                "lists decisions; add sort=-resolvedAt, or with q leave sort out");
        Fields.check(
                q.isEmpty() || sort != ApprovalSort.RESOLVED,
                "sort",
                "is not -resolvedAt with q, which lists the newest first; leave sort out");
        return this;
    }

    /** The same for the index of the search, when there is a query. */
    SearchCriteria searched() {
        Map<String, String> ids = params();
        return new SearchCriteria(
                q.orElseThrow(),
                Map.of(
                        SearchField.STATUS, names(statuses),
                        SearchField.RISK, names(risks),
                        SearchField.AGENT_ID,
                                agentId.stream().map(AgentId::value).collect(Collectors.toSet()),
                        SearchField.ACTION, action.stream().collect(Collectors.toSet()),
                        SearchField.TAG, tag.stream().collect(Collectors.toSet()),
                        SearchField.BY, by.stream().map(MemberId::value).collect(Collectors.toSet())),
                ids.getOrDefault("from", SearchCriteria.FIRST),
                ids.getOrDefault("to", SearchCriteria.LAST));
    }

    private static Set<String> names(Set<? extends Enum<?>> constants) {
        return constants.stream()
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }

    /** The conditions of a column or a parameter each, beyond workspace, status and risk. */
    List<String> conditions() {
        List<String> conditions = new ArrayList<>();
        agentId.ifPresent(_ -> conditions.add("a.agent_id = :agent"));
        action.ifPresent(_ -> conditions.add("a.action_name = :action"));
        by.ifPresent(_ -> conditions.add("a.resolved_by = :by"));
        from.ifPresent(_ -> conditions.add("a.id >= :from"));
        to.ifPresent(_ -> conditions.add("a.id < :to"));
        return conditions;
    }

    /** The parameters of {@link #conditions}, and {@code tag}. */
    Map<String, String> params() {
        Map<String, String> params = new HashMap<>();
        agentId.ifPresent(id -> params.put("agent", id.value()));
        action.ifPresent(name -> params.put("action", name));
        tag.ifPresent(name -> params.put("tag", name));
        by.ifPresent(id -> params.put("by", id.value()));
        from.ifPresent(time -> params.put("from", Ids.first("apr", time)));
        to.ifPresent(time -> params.put("to", Ids.first("apr", time)));
        return params;
    }
}
