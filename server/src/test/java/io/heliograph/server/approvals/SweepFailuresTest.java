package io.heliograph.server.approvals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.fixtures.FailingLog;
import io.heliograph.server.fixtures.Features;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.sql.Sql;
import io.heliograph.server.workspaces.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A workspace whose transactions fail has no influence on the deadlines, claims and waiting calls of others. */
class SweepFailuresTest {
    private static final List<Supplier<? extends Throwable>> FAILURES =
            List.of(() -> new IllegalStateException("a fault"), () -> new StackOverflowError("a fault"));
    private static final WorkspaceId BEFORE = new WorkspaceId("ws_a");
    private static final WorkspaceId BAD = new WorkspaceId("ws_b");
    private static final WorkspaceId AFTER = new WorkspaceId("ws_c");
    private static final int BATCH = 200;

    private Features features;
    private FailingLog log;
    private DeadlineSweeper sweeper;
    private LostHints hints;

    @BeforeEach
    void open(@TempDir Path folder) {
        features = Features.open(folder);
        log = new FailingLog(features.part(EventLog.class));
        ScheduledExecutorService idle = features.part(ScheduledExecutorService.class);
        ApprovalStore store = features.part(ApprovalStore.class);
        sweeper = new DeadlineSweeper(
                log, features.jdbc(), features.part(Approvals.class), features.part(Claims.class), idle);
        hints = new LostHints(log, store, features.part(ApprovalWaits.class), idle);
    }

    @AfterEach
    void close() {
        features.close();
    }

    @Test
    void deadlinesOfOtherWorkspacesAreKept() {
        for (Supplier<? extends Throwable> failure : FAILURES) {
            Approval before = create(BEFORE);
            Approval bad = create(BAD);
            Approval after = create(AFTER);
            features.clock.advance(Duration.ofMinutes(10));
            log.failWrites(BAD, failure);

            assertThatThrownBy(sweeper::expire).hasMessage("a fault");

            assertThat(find(before).status()).isEqualTo(Approval.Status.EXPIRED);
            assertThat(find(after).status()).isEqualTo(Approval.Status.EXPIRED);
            assertThat(find(bad).status()).isEqualTo(Approval.Status.PENDING);
            log.mend();
            sweeper.expire();
            assertThat(find(bad).status()).isEqualTo(Approval.Status.EXPIRED);
        }
    }

    @Test
    void claimsOfOtherWorkspacesEnd() {
        for (Supplier<? extends Throwable> failure : FAILURES) {
            Approval before = claimed(BEFORE);
            Approval bad = claimed(BAD);
            Approval after = claimed(AFTER);
            features.clock.advance(Claims.LEASE);
            log.failWrites(BAD, failure);

            assertThatThrownBy(sweeper::endClaims).hasMessage("a fault");

            assertThat(find(before).claim()).isEmpty();
            assertThat(find(after).claim()).isEmpty();
            assertThat(find(bad).claim()).isPresent();
            log.mend();
            sweeper.endClaims();
            assertThat(find(bad).claim()).isEmpty();
        }
    }

    /** The rows of the failing workspace stay the longest overdue, and would fill each batch. */
    @Test
    void moreDeadlinesThanOneBatchHoldsDoNotKeepOthersFromBeingSeen() {
        List<Approval> bad = create(BAD, 2 * BATCH + 1);
        features.clock.advance(Duration.ofSeconds(1));
        Approval after = create(AFTER);
        features.clock.advance(Duration.ofMinutes(10));
        log.failWrites(BAD, FAILURES.getFirst());

        assertThatThrownBy(sweeper::expire).hasMessage("a fault");

        assertThat(find(after).status()).isEqualTo(Approval.Status.EXPIRED);
        log.mend();
        for (int batch = 0; batch < 3; batch++) {
            sweeper.expire();
        }
        assertThat(bad)
                .allSatisfy(approval -> assertThat(find(approval).status()).isEqualTo(Approval.Status.EXPIRED));
    }

    @Test
    void callsOfOtherWorkspacesWhoseHintWasLostAreWoken() {
        for (Supplier<? extends Throwable> failure : FAILURES) {
            Approval before = create(BEFORE);
            Approval bad = create(BAD);
            Approval after = create(AFTER);
            List<CompletableFuture<ApprovalReads.@Nullable Awaited>> others = List.of(wait(before), wait(after));
            var failing = wait(bad);
            List.of(before, bad, after).forEach(this::changeWithoutHint);
            log.failReads(BAD, failure);

            // A search wakes only waiters that have read their approval.
            await().until(() -> {
                assertThatThrownBy(hints::wakeWaiters).hasMessage("a fault");
                return others.stream().allMatch(CompletableFuture::isDone);
            });

            assertThat(failing).isNotDone();
            log.mend();
            await().until(() -> {
                hints.wakeWaiters();
                return failing.isDone();
            });
        }
    }

    private CompletableFuture<ApprovalReads.@Nullable Awaited> wait(Approval approval) {
        ApprovalWaits waits = features.part(ApprovalWaits.class);
        int before = waits.waiters();
        var awaited = features.part(ApprovalReads.class)
                .await(
                        key(workspace(approval)),
                        approval.id(),
                        Duration.ofMinutes(1),
                        found -> found.status() != Approval.Status.PENDING)
                .toFuture();
        await().until(() -> waits.waiters() == before + 1);
        return awaited;
    }

    private void changeWithoutHint(Approval approval) {
        features.part(EventLog.class)
                .write(
                        workspace(approval),
                        transaction -> Sql.in(transaction)
                                .sql("update approval set status = 'approved', version = version + 1 where id = ?")
                                .param(approval.id())
                                .update());
    }

    private Approval claimed(WorkspaceId workspace) {
        Approval approval = create(workspace);
        Caller.Member member = features.member(workspace, "olga" + approval.id(), Role.OPERATOR);
        return features.run(member, features.part(Claims.class).claim(member, approval.id()))
                .orElseThrow();
    }

    private Approval create(WorkspaceId workspace) {
        return create(workspace, 1).getFirst();
    }

    private List<Approval> create(WorkspaceId workspace, int count) {
        Caller.Key key = key(workspace);
        NewApproval approval = features.json.readValue(
                "{\"title\":\"Refund?\",\"action\":{\"name\":\"refund\",\"args\":{}},\"expiresIn\":600}",
                NewApproval.class);
        return features.run(key, transaction -> {
            List<Approval> created = new ArrayList<>();
            for (int request = 0; request < count; request++) {
                created.add(((Approvals.Creation.Created) features.part(Approvals.class)
                                .create(key, approval, Optional.empty())
                                .run(transaction))
                        .approval());
            }
            return created;
        });
    }

    private Caller.Key key(WorkspaceId workspace) {
        Caller.Key key = features.key("robot");
        return new Caller.Key(
                workspace,
                "key_" + workspace.value(),
                key.name(),
                key.scopes(),
                key.actAs(),
                Optional.empty(),
                List.of(),
                "key_" + workspace.value());
    }

    private static WorkspaceId workspace(Approval approval) {
        return new WorkspaceId(approval.workspaceId());
    }

    private Approval find(Approval approval) {
        return features.part(ApprovalReads.class)
                .find(workspace(approval), approval.id())
                .orElseThrow();
    }
}
