package io.heliograph.server.approvals;

import io.heliograph.eventlog.Cursor;
import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.Ticker;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.audit.AuditEntry;
import io.heliograph.server.audit.AuditTrail;
import io.heliograph.server.events.Subject;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.identity.ConcurrencyLimiter;
import io.heliograph.server.limits.UsageCounter;
import io.heliograph.server.sql.Sql;
import io.heliograph.server.storage.Blocking;
import io.heliograph.server.storage.PageRows;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.springframework.jdbc.core.simple.JdbcClient;
import reactor.core.publisher.Mono;

/** Reads approvals, at once or when they change. Safe from any thread. */
final class ApprovalReads {
    private final EventLog log;
    private final ApprovalStore store;
    private final ApprovalPages pages;
    private final ApprovalWaits waits;
    private final ConcurrencyLimiter waiters;
    private final AuditTrail audit;
    private final Ticker clock;

    ApprovalReads(
            EventLog log,
            ApprovalStore store,
            ApprovalPages pages,
            ApprovalWaits waits,
            ConcurrencyLimiter waiters,
            AuditTrail audit,
            Ticker clock) {
        this.log = log;
        this.store = store;
        this.pages = pages;
        this.waits = waits;
        this.waiters = waiters;
        this.audit = audit;
        this.clock = clock;
    }

    /** Rows and counts of one snapshot, and the cursor that it corresponds to. */
    record Page(
            PageRows<ListedApproval> rows,
            ApprovalCounts counts,
            StatusCounts statusCounts,
            Optional<ApprovalFacets> facets,
            Cursor asOf) {}

    /** What a page is asked for with. */
    record PageQuery(
            ApprovalFilter filter,
            ApprovalSort sort,
            Optional<ApprovalSort.Position> after,
            int limit,
            boolean facets) {}

    /** The audit entries of one approval, and the cursor that they correspond to. */
    record Timeline(PageRows<AuditEntry> rows, Cursor asOf) {}

    /** The result of a wait. */
    sealed interface Awaited {
        /** The approval as the waiter wanted it, or as it is when the timeout has passed. */
        record Found(Approval approval) implements Awaited {}

        record NotFound() implements Awaited {}

        /** The approval is not as wanted yet, and a limit of waiters is reached. */
        record TooManyWait(ConcurrencyLimiter.Limit limit) implements Awaited {}
    }

    /** Blocks on the database. */
    Optional<Approval> find(WorkspaceId workspace, ApprovalId id) {
        return log.read(workspace, snapshot -> store.find(Sql.in(snapshot), workspace, id));
    }

    /** Blocks on the database. */
    Page page(WorkspaceId workspace, PageQuery query) {
        return log.read(workspace, snapshot -> {
            JdbcClient jdbc = Sql.in(snapshot);
            ToLongFunction<UsageCounter> counters = store.counters(jdbc, workspace);
            return new Page(
                    pages.page(jdbc, workspace, query.filter(), query.sort(), query.after(), query.limit()),
                    ApprovalCounts.of(counters),
                    StatusCounts.of(counters),
                    query.facets() ? Optional.of(ApprovalFacets.of(jdbc, workspace, query.filter())) : Optional.empty(),
                    snapshot.asOf());
        });
    }

    /** Empty when there is no such approval. Blocks on the database. */
    Optional<Timeline> timeline(WorkspaceId workspace, ApprovalId id, Optional<String> after, int limit) {
        return log.read(
                workspace,
                snapshot -> store.find(Sql.in(snapshot), workspace, id)
                        .map(_ -> new Timeline(
                                audit.about(snapshot, workspace, Subject.of("approval", id.value()), after, limit),
                                snapshot.asOf())));
    }

    /**
     * Waits, without a thread, until the approval is as the waiter wants it, or {@code atMost} has passed. A request
     * that needs no wait takes no permit.
     */
    Mono<Awaited> await(Caller caller, ApprovalId id, Duration atMost, Predicate<Approval> wanted) {
        WorkspaceId workspace = caller.workspace();
        return Blocking.call(() -> find(workspace, id)).flatMap(found -> {
            if (found.isEmpty()) {
                return Mono.just(new Awaited.NotFound());
            }
            if (atMost.isZero() || wanted.test(found.get())) {
                return Mono.just(new Awaited.Found(found.get()));
            }
            long deadlineNanos = clock.nanoTime() + atMost.toNanos();
            return switch (waiters.take(caller)) {
                case ConcurrencyLimiter.Result.Taken(ConcurrencyLimiter.Permit permit) ->
                    Mono.using(
                            () -> permit,
                            _ -> look(workspace, id, deadlineNanos, wanted),
                            ConcurrencyLimiter.Permit::close);
                case ConcurrencyLimiter.Result.Full(ConcurrencyLimiter.Limit limit) ->
                    Mono.just(new Awaited.TooManyWait(limit));
            };
        });
    }

    private Mono<Awaited> look(WorkspaceId workspace, ApprovalId id, long deadlineNanos, Predicate<Approval> wanted) {
        return lookOnce(workspace, id, deadlineNanos, wanted).repeatWhenEmpty(again -> again);
    }

    /**
     * Reads the database after the wait was opened, so that no change is missed in between. Completes empty when the
     * approval may have changed, or the deadline has passed; then this wait is closed, and the next read opens another.
     */
    private Mono<Awaited> lookOnce(
            WorkspaceId workspace, ApprovalId id, long deadlineNanos, Predicate<Approval> wanted) {
        return Mono.using(
                () -> waits.open(workspace, id),
                wait -> Blocking.call(() -> find(workspace, id)).flatMap(found -> {
                    if (found.isEmpty()) {
                        return Mono.just(new Awaited.NotFound());
                    }
                    long leftNanos = deadlineNanos - clock.nanoTime();
                    if (leftNanos <= 0 || wanted.test(found.get())) {
                        return Mono.just(new Awaited.Found(found.get()));
                    }
                    wait.read(found.get().version());
                    return Mono.fromFuture(wait.changed(), true)
                            .timeout(Duration.ofNanos(leftNanos), Mono.just(false))
                            .then(Mono.empty());
                }),
                ApprovalWaits.Wait::close);
    }
}
