package io.heliograph.server.approvals;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.sql.InList;
import io.heliograph.server.storage.PageRows;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.ResultSetExtractor;
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

    /** The approvals that follow a position, without their large parts. */
    PageRows<ListedApproval> page(
            JdbcClient jdbc,
            WorkspaceId workspace,
            ApprovalFilter filter,
            ApprovalSort sort,
            Optional<ApprovalSort.Position> after,
            int limit) {
        if (filter.q().isPresent()) {
            return found(
                    jdbc,
                    workspace,
                    new FoundApprovals(jdbc, workspace, filter, sort).after(after, limit + 1),
                    sort,
                    limit);
        }
        MatchingApprovals matching = MatchingApprovals.of(workspace, filter, sort, after);
        return jdbc.sql("select " + ApprovalRows.LISTED_COLUMNS
                        + " from approval where workspace = :workspace and id in (" + matching.sql() + ") order by "
                        + sort.orderBy())
                .params(matching.params())
                .param("limit", limit + 1)
                .withFetchSize(PageRows.FETCH_SIZE)
                .query(reader(limit));
    }

    private PageRows<ListedApproval> found(
            JdbcClient jdbc, WorkspaceId workspace, List<String> ids, ApprovalSort sort, int limit) {
        return ids.isEmpty()
                ? new PageRows<>(List.of(), false)
                : jdbc.sql("select " + ApprovalRows.LISTED_COLUMNS
                                + " from approval where workspace = :workspace and id in (:ids) order by "
                                + sort.orderBy())
                        .param("workspace", workspace.value())
                        .param("ids", InList.of(ids))
                        .withFetchSize(PageRows.FETCH_SIZE)
                        .query(reader(limit));
    }

    private ResultSetExtractor<PageRows<ListedApproval>> reader(int limit) {
        return PageRows.reader(limit, rows::readListed, row -> json.writeValueAsBytes(row.json()).length);
    }
}
