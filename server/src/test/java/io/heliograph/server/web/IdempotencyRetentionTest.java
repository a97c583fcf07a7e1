package io.heliograph.server.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.fixtures.FailingLog;
import io.heliograph.server.fixtures.Features;
import io.heliograph.server.sql.Sql;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdempotencyRetentionTest {
    private static final WorkspaceId BAD = new WorkspaceId("ws_bad");
    private static final WorkspaceId GOOD = new WorkspaceId("ws_good");
    private static final Duration DAY = Duration.ofDays(1);

    private Features features;
    private FailingLog log;
    private IdempotencyRetention retention;

    @BeforeEach
    void open(@TempDir Path folder) {
        features = Features.open(folder);
        log = new FailingLog(features.part(EventLog.class));
        retention = new IdempotencyRetention(log, features.jdbc(), features.clock);
    }

    @AfterEach
    void close() {
        features.close();
    }

    @Test
    void answersOverADayOldAreRemovedTheOldestFirst() {
        add(GOOD, "oldest", DAY.plusSeconds(3));
        add(BAD, "old", DAY.plusSeconds(2));
        add(GOOD, "less old", DAY.plusSeconds(1));
        add(GOOD, "a day", DAY);

        assertThat(retention.removeOld(2)).isEqualTo(2);

        assertThat(keys()).containsExactlyInAnyOrder("less old", "a day");
        assertThat(retention.removeOld(2)).isEqualTo(1);
        assertThat(retention.removeOld(2)).isZero();
        assertThat(keys()).containsExactly("a day");
    }

    @Test
    void aWorkspaceWhoseTransactionsFailKeepsNoAnswersOfOthers() {
        for (int old = 0; old < 5; old++) {
            add(BAD, "stuck " + old, DAY.plusSeconds(10));
        }
        add(GOOD, "old", DAY.plusSeconds(1));
        log.failWrites(BAD, () -> new IllegalStateException("a fault"));

        assertThatThrownBy(() -> retention.removeOld(2)).hasMessage("a fault");

        assertThat(keys()).hasSize(5).doesNotContain("old");
    }

    private void add(WorkspaceId workspace, String key, Duration age) {
        features.part(EventLog.class)
                .write(
                        workspace,
                        transaction -> Sql.in(transaction)
                                .sql(
                                        "insert into idempotency (workspace, caller, idempotency_key, request_hash, status, headers, body,"
                                                + " created_at) values (?, 'key_1', ?, 'hash', 200, '', '', ?)")
                                .params(
                                        workspace.value(),
                                        key,
                                        features.clock.instant().minus(age).toEpochMilli())
                                .update());
    }

    private List<String> keys() {
        return features.jdbc()
                .sql("select idempotency_key from idempotency")
                .query((row, _) -> row.getString(1))
                .list();
    }
}
