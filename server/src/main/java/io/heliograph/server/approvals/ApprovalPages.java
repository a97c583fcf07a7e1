package io.heliograph.server.approvals;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.events.AgentId;
import io.heliograph.server.storage.PageRows;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** The SQL of the list of approvals. Immutable. */
final class ApprovalPages {
    private final JsonMapper json;
    private final ApprovalRows rows;

    ApprovalPages(JsonMapper json) {
        this.json = json;
        this.rows = new ApprovalRows(json);
    }

    /** The filter of a list. An empty list of statuses means all. */
    record Filter(List<Approval.Status> statuses, Optional<AgentId> agentId, List<Approval.Risk> risks) {
        Filter {
            statuses = List.copyOf(statuses);
            risks = List.copyOf(risks);
        }
    }

    /** Approvals older than the one named {@code before}, newest first, without their large parts. */
    PageRows<ListedApproval> page(
            JdbcClient jdbc, WorkspaceId workspace, Filter filter, Optional<ApprovalId> before, int limit) {
        return jdbc.sql("select " + ApprovalRows.LISTED_COLUMNS + " from approval where workspace = :workspace"
                        + (filter.statuses().isEmpty() ? "" : " and status in (:statuses)")
                        + (filter.agentId().isEmpty() ? "" : " and agent_id = :agent")
                        + (filter.risks().isEmpty() ? "" : " and risk in (:risks)")
                        + (before.isEmpty() ? "" : " and id < :before")
                        + " order by id desc limit :limit")
                .param("workspace", workspace.value())
                .param(
                        "statuses",
                        names(filter.statuses().stream()
                                .map(Approval.Status::wireName)
                                .toList()))
                .param("agent", filter.agentId().map(AgentId::value).orElse(""))
                .param(
                        "risks",
                        names(filter.risks().stream()
                                .map(Approval.Risk::wireName)
                                .toList()))
                .param("before", before.map(ApprovalId::value).orElse(""))
                .param("limit", limit + 1)
                .withFetchSize(PageRows.FETCH_SIZE)
                .query(PageRows.reader(limit, rows::readListed, row -> json.writeValueAsBytes(row.json()).length));
    }

    /** A parameter for "in": never empty, since that is no SQL. */
    private static List<String> names(List<String> names) {
        return names.isEmpty() ? List.of("") : names;
    }
}
