package io.heliograph.server.approvals;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.errors.InvalidFieldException;
import io.heliograph.server.search.SearchCriteria;
import io.heliograph.server.search.SearchIndex;
import io.heliograph.server.sql.InList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The first ids of a filter with a query, in an order. The index has them from the newest on. For the orders of pending
 * approvals all that match are sorted, up to {@value #MAX_SORTED}.
 *
 * <p>The index may be older than the rows: each approval that it has is looked up, and is left out when it is no longer there,
 * or has another status.
 */
final class FoundApprovals {
    static final int MAX_SORTED = 2_000;
    private static final int ROWS_PER_QUERY = 500;

    private final JdbcClient jdbc;
    private final WorkspaceId workspace;
    private final ApprovalFilter filter;
    private final ApprovalSort sort;
    private final int maxSorted;

    FoundApprovals(JdbcClient jdbc, WorkspaceId workspace, ApprovalFilter filter, ApprovalSort sort) {
        this(jdbc, workspace, filter, sort, MAX_SORTED);
    }

    FoundApprovals(JdbcClient jdbc, WorkspaceId workspace, ApprovalFilter filter, ApprovalSort sort, int maxSorted) {
        this.jdbc = jdbc;
        this.workspace = workspace;
        this.filter = filter;
        this.sort = sort;
        this.maxSorted = maxSorted;
    }

    /** What an approval is sorted by. */
    private record Row(String id, Approval.Risk risk, long expiresAt) {}

    /**
     * The ids that follow a position, at most {@code limit}.
     *
     * @throws InvalidFieldException when there are too many to sort
     */
    List<String> after(Optional<ApprovalSort.Position> position, int limit) {
        return sort.isOfPending() ? sorted(position, limit) : newest(position, limit);
    }

    private List<String> newest(Optional<ApprovalSort.Position> position, int limit) {
        SearchCriteria criteria = filter.searched();
        SearchCriteria rest = position.map(last -> last.id().value())
                .filter(id -> id.compareTo(criteria.before()) < 0)
                .map(criteria::before)
                .orElse(criteria);
        List<String> found = new ArrayList<>();
        SearchIndex.find(jdbc, workspace, rest, ids -> {
            for (int from = 0; from < ids.size() && found.size() < limit; from += ROWS_PER_QUERY) {
                rows(ids.subList(from, Math.min(ids.size(), from + ROWS_PER_QUERY))).stream()
                        .map(Row::id)
                        .sorted(Comparator.reverseOrder())
                        .limit(limit - found.size())
                        .forEach(found::add);
            }
            return found.size() < limit;
        });
        return found;
    }

    private List<String> sorted(Optional<ApprovalSort.Position> position, int limit) {
        List<Row> rows = new ArrayList<>();
        SearchIndex.find(jdbc, workspace, filter.searched(), ids -> {
            for (int from = 0; from < ids.size(); from += ROWS_PER_QUERY) {
                rows.addAll(rows(ids.subList(from, Math.min(ids.size(), from + ROWS_PER_QUERY))));
            }
            if (rows.size() > maxSorted) {
                throw new InvalidFieldException(
                        "sort",
                        "sorts at most " + maxSorted
                                + " approvals that match q, and there are more; add words to q, or leave sort out");
            }
            return true;
        });
        Comparator<Row> order = order();
        Optional<Row> last = position.map(FoundApprovals::row);
        return rows.stream()
                .filter(row -> last.isEmpty() || order.compare(row, last.get()) > 0)
                .sorted(order)
                .limit(limit)
                .map(Row::id)
                .toList();
    }

    private Comparator<Row> order() {
        Comparator<Row> deadline = Comparator.comparingLong(Row::expiresAt).thenComparing(Row::id);
        return sort == ApprovalSort.RISK
                ? Comparator.comparing(Row::risk).reversed().thenComparing(deadline)
                : deadline;
    }

    private static Row row(ApprovalSort.Position position) {
        return new Row(position.id().value(), position.risk().orElse(Approval.Risk.LOW), position.millis());
    }

    private List<Row> rows(List<String> ids) {
        String statuses = filter.statuses().isEmpty()
                ? ""
                : filter.statuses().stream()
                        .map(Approval.Status::wireName)
                        .collect(Collectors.joining("', '", " and status in ('", "')"));
        return jdbc.sql("select id, risk, expires_at from approval where workspace = :workspace and id in (:ids)"
                        + statuses)
                .param("workspace", workspace.value())
                .param("ids", InList.of(ids))
                .query((row, _) -> new Row(
                        row.getString(1),
                        Approval.Risk.valueOf(row.getString(2).toUpperCase(Locale.ROOT)),
                        row.getLong(3)))
                .list();
    }
}
