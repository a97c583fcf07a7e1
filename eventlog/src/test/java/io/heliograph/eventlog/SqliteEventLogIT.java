package io.heliograph.eventlog;

import static io.heliograph.eventlog.Samples.ACME;
import static io.heliograph.eventlog.Samples.draft;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteEventLogIT extends EventLogContract {
    private final AtomicReference<Instant> clock = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final SqliteDataSources sources;

    SqliteEventLogIT(@TempDir Path folder) {
        sources = SqliteDataSources.open(folder.resolve("log.db"));
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
