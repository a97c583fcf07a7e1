package io.heliograph.server.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.fixtures.FailingLog;
import io.heliograph.server.fixtures.Features;
import io.heliograph.server.retention.RetentionTask;
import io.heliograph.server.sql.Sql;
import io.heliograph.server.web.IdempotencyRetention;
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
    private RetentionTask retention;

    @BeforeEach
    void open(@TempDir Path folder) {
        features = Features.open(folder);
        log = new FailingLog(features.part(EventLog.class));
        retention = StorageConfiguration.storedAnswerRetention(
                new IdempotencyRetention(log, features.jdbc(), features.clock));
    }

    @AfterEach
    void close() {
        features.close();
    }

    @Test
    void answersOverADayOldAreRemovedTheOldestFirst() {
        add(GOOD, "oldest", RetentionTask.STEP - 1, DAY.plusSeconds(3));
        add(BAD, "old", 1, DAY.plusSeconds(2));
        add(GOOD, "less old", 1, DAY.plusSeconds(1));
        add(GOOD, "a day", 1, DAY);

        assertThat(retention.removeSome()).isEqualTo(RetentionTask.STEP);

        assertThat(keys()).containsExactlyInAnyOrder("less old 0", "a day 0");
        assertThat(retention.removeSome()).isEqualTo(1);
        assertThat(retention.removeSome()).isZero();
        assertThat(keys()).containsExactly("a day 0");
    }

    @Test
    void aWorkspaceWhoseTransactionsFailKeepsNoAnswersOfOthers() {
        add(BAD, "stuck", RetentionTask.STEP + 1, DAY.plusSeconds(10));
        add(GOOD, "old", 1, DAY.plusSeconds(1));
        log.failWrites(BAD, () -> new IllegalStateException("a fault"));

        assertThatThrownBy(() -> retention.removeSome()).hasMessage("a fault");

        assertThat(keys()).hasSize(RetentionTask.STEP + 1).doesNotContain("old 0");
    }

    private void add(WorkspaceId workspace, String key, int count, Duration age) {
        features.part(EventLog.class).write(workspace, transaction -> {
            for (int number = 0; number < count; number++) {
                Sql.in(transaction)
                        .sql("insert into idempotency (workspace, caller, idempotency_key, request_hash, status,"
                                + " headers, body, created_at) values (?, 'key_1', ?, 'hash', 200, '', '', ?)")
                        .params(
                                workspace.value(),
                                key + " " + number,
                                features.clock.instant().minus(age).toEpochMilli())
                        .update();
            }
            return count;
        });
    }

    private List<String> keys() {
        return features.jdbc()
                .sql("select idempotency_key from idempotency")
                .query((row, _) -> row.getString(1))
                .list();
    }
}
