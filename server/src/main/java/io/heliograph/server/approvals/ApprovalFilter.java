package io.heliograph.server.approvals;

import io.heliograph.server.errors.Fields;
import io.heliograph.server.events.AgentId;
import io.heliograph.server.events.Ids;
import io.heliograph.server.events.MemberId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which approvals a list has. Immutable.
 *
 * @param statuses none means all
 * @param risks none means all
 * @param action the name of the action
 * @param by who decided
 * @param from created then or later
 * @param to created before
 */
record ApprovalFilter(
        Set<Approval.Status> statuses,
        Set<Approval.Risk> risks,
        Optional<AgentId> agentId,
        Optional<String> action,
        Optional<String> tag,
        Optional<MemberId> by,
        Optional<Instant> from,
        Optional<Instant> to) {
    private static final Set<Approval.Status> PENDING = EnumSet.of(Approval.Status.PENDING);

    static final ApprovalFilter ALL = new ApprovalFilter(
            Set.of(),
            Set.of(),
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
        Fields.check(by.isEmpty() || sort == ApprovalSort.RESOLVED, "by", "lists decisions; add sort=-resolvedAt");
        return this;
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
