package io.heliograph.eventlog;

import static io.heliograph.eventlog.Samples.ACME;
import static io.heliograph.eventlog.Samples.draft;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteEventLogIT extends CallerTransactionsContract {
    private final AtomicReference<Instant> clock = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final Path file;
    private final SqliteDataSources sources;

    SqliteEventLogIT(@TempDir Path folder) {
        file = folder.resolve("log.db");
        sources = SqliteDataSources.open(file);
    }

    @Override
    DataSource writers() {
        Flyway.configure()
                .dataSource(sources.writer())
                .locations("classpath:io/heliograph/eventlog/migration")
                .load()
                .migrate();
        return sources.writer();
    }

    @Override
    SqlEventLog.Builder builder() {
        return SqlEventLog.sqlite(sources).clock(clock::get);
    }

    @AfterEach
    void closeSources() {
        sources.close();
    }

    @Test
    void anotherProcessMayWriteToTheSameFile() throws Exception {
        try (SqliteDataSources others = SqliteDataSources.open(file, 1);
                SqlEventLog other = SqlEventLog.sqlite(others).build();
                Callers callers = new Callers()) {
            for (SqlEventLog process : List.of(log, other)) {
                for (int i = 0; i < 40; i++) {
                    String id = "evt_" + Samples.nextId();
                    callers.start(() -> process.write(ACME, transaction -> {
                        transaction.append(draft(id));
                        return 0;
                    }));
                }
            }
        }

        assertThat(log.after(ACME, 0, 100))
                .extracting(Event::offset)
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 80).boxed().toList());
    }

    @Test
    void aWorkspaceWhoseEventsCannotBeRemovedKeepsNoEventsOfOthers() throws Exception {
        List<WorkspaceId> workspaces =
                List.of(new WorkspaceId("ws_1"), new WorkspaceId("ws_2"), new WorkspaceId("ws_3"));
        for (WorkspaceId workspace : workspaces) {
            log.write(workspace, transaction -> {
                transaction.append(draft("evt_" + Samples.nextId()));
                return 0;
            });
        }
        try (Connection connection = sources.writer().getConnection()) {
            Sql.update(
                    connection,
                    "create trigger fault before delete on log_event when old.workspace = 'ws_2'"
                            + " begin select raise(abort, 'a fault'); end");
        }

        assertThatThrownBy(() -> log.retain(new Retention(Duration.ofDays(1), 0, 10)))
                .hasStackTraceContaining("a fault");

        assertThat(workspaces.stream()
                        .map(workspace -> log.after(workspace, 0, 10).size()))
                .containsExactly(0, 1, 0);
    }

    @Test
    void readersCannotWrite() {
        assertThatThrownBy(() -> log.read(ACME, snapshot -> Sql.update(snapshot.connection(), "delete from thing")))
                .isInstanceOf(EventLogException.class);
    }

    @Test
    void everyCommitIsSynced() {
        List<String> pragmas = log.write(
                ACME,
                transaction -> List.of(
                        Sql.query(transaction.connection(), "pragma journal_mode", row -> row.getString(1))
                                .getFirst(),
                        Sql.query(transaction.connection(), "pragma synchronous", row -> row.getString(1))
                                .getFirst()));

        assertThat(pragmas).containsExactly("wal", "2");
    }

    @Test
    void retentionByAgeKeepsWhatIsExactlyAsOld() {
        for (String id : List.of("evt_1", "evt_2", "evt_3")) {
            append(ACME, id);
            clock.set(clock.get().plusSeconds(60));
        }

        // The oldest is 3 minutes old now, the second 2.
        int removed = log.retain(ACME, new Retention(Duration.ofMinutes(2), 100, 10));

        assertThat(removed).isEqualTo(1);
        assertThat(log.after(ACME, 0, 10)).extracting(Event::id).containsExactly("evt_2", "evt_3");
        assertThat(log.open(ACME).oldestOffset()).isEqualTo(2);
    }

    @Test
    void theInjectedClockGivesTheTimeAndNeverRunsBackwardsInALog() {
        append(ACME, "evt_1");
        clock.set(clock.get().minusSeconds(60));

        Instant now = log.write(ACME, transaction -> {
            transaction.append(draft("evt_2"));
            return transaction.now();
        });

        assertThat(now).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(log.after(ACME, 0, 2))
                .extracting(event -> event.position().at())
                .containsExactly(now, now);
    }
}
