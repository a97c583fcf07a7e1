package io.heliograph.eventlog;

import static io.heliograph.eventlog.Samples.ACME;
import static io.heliograph.eventlog.Samples.draft;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * One node writes, another delivers, on one PostgreSQL, whose notifications are between them. The connections of both buses are
 * ended while they work, and nothing but the bus makes the second node look at the log.
 */
@SuppressWarnings("NullAway.Init") // JUnit sets it
class PostgresFeedsIT {
    private static final Duration NEVER = Duration.ofHours(1);
    private static final String END =
            "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'bus'";

    private final ConcurrentLinkedQueue<Long> delivered = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> unexpected = new ConcurrentLinkedQueue<>();
    private final AtomicInteger gapsFilled = new AtomicInteger();
    private EmbeddedPostgres server;
    private PostgresBus writersBus;
    private PostgresBus readersBus;
    private SqlEventLog writersLog;
    private SqlEventLog readersLog;

    @BeforeEach
    void open() throws IOException {
        server = EmbeddedPostgres.builder().start();
        Flyway.configure()
                .dataSource(server.getPostgresDatabase())
                .locations("classpath:io/heliograph/eventlog/migration")
                .load()
                .migrate();
        writersBus = bus();
        readersBus = bus();
        writersLog = SqlEventLog.postgresql(server.getPostgresDatabase())
                .bus(writersBus)
                .build();
        readersLog = SqlEventLog.postgresql(server.getPostgresDatabase())
                .bus(readersBus)
                .build();
        await().atMost(Duration.ofSeconds(20)).until(() -> writersBus.connected() && readersBus.connected());
    }

    private PostgresBus bus() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(server.getJdbcUrl("postgres", "postgres"));
        source.setApplicationName("bus");
        return PostgresBus.open(source, PostgresBusSettings.defaults(), BusMetrics.NONE);
    }

    @AfterEach
    void close() throws IOException {
        readersLog.close();
        writersLog.close();
        readersBus.close();
        writersBus.close();
        server.close();
    }

    private Feeds<Event> feeds() {
        Feeds<Event> feeds = Feeds.on(readersLog, readersBus)
                .settings(
                        FeedSettings.builder().headCheck(NEVER).idleAfter(NEVER).build())
                .metrics(new FeedMetrics() {
                    @Override
                    public void gapFilled(int events) {
                        gapsFilled.addAndGet(events);
                    }
                })
                .build(
                        EventEncoder.identity(),
                        (workspace, batch) -> batch.forEach(event -> delivered.add(event.offset())));
        CompletableFuture<Cursor> attached = new CompletableFuture<>();
        var _ = feeds.join(ACME, StartPosition.oldest(), event -> true, new Joining(attached, unexpected));
        attached.join();
        return feeds;
    }

    private record Joining(CompletableFuture<Cursor> attached, ConcurrentLinkedQueue<String> unexpected)
            implements Subscriber<Event> {
        @Override
        public CompletionStage<?> page(List<Event> page) {
            unexpected.add("a page, though there was nothing before");
            return CompletableFuture.completedFuture(true);
        }

        @Override
        public void attached(Cursor cursor) {
            attached.complete(cursor);
        }

        @Override
        public void reset(ResetReason reason, Cursor head) {
            unexpected.add("reset " + reason);
        }

        @Override
        public void dropped() {
            unexpected.add("dropped");
        }
    }

    private void write(int events) {
        writersLog.write(ACME, transaction -> {
            for (int i = 0; i < events; i++) {
                transaction.append(draft("evt_" + Samples.nextId()));
            }
            return 0;
        });
    }

    private void endConnections() throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection()) {
            assertThat(Sql.number(connection, END)).isPositive();
        }
    }

    private long head() {
        return writersLog.open(ACME).cursor().offset();
    }

    private void awaitAll() {
        await().atMost(Duration.ofSeconds(30)).until(() -> delivered.size() >= head());
        assertThat(List.copyOf(delivered))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, head()).boxed().toList());
        assertThat(unexpected).isEmpty();
    }

    @Test
    void endedConnectionsLoseAndDoubleNothingAndHintsFlowAgain() throws Exception {
        try (Feeds<Event> _ = feeds();
                Callers callers = new Callers()) {
            AtomicBoolean enough = new AtomicBoolean();
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                writers.add(callers.submit(() -> {
                    while (!enough.get()) {
                        write(1);
                    }
                    return 0;
                }));
            }
            for (int round = 0; round < 5; round++) {
                long before = head();
                await().until(() -> head() > before + 50);
                endConnections();
            }
            enough.set(true);
            for (Future<?> writer : writers) {
                writer.get();
            }
            awaitAll();
            await().until(() -> writersBus.connected() && readersBus.connected());
            // A node may have been told to compare its feeds.
            write(1);
            awaitAll();

            int before = gapsFilled.get();
            for (int i = 0; i < 50; i++) {
                write(1);
                awaitAll();
            }
            assertThat(gapsFilled.get() - before)
                    .as("events that came from the log")
                    .isLessThanOrEqualTo(1);
        }
    }

    @Test
    void eventsThatFitNoNotificationComeFromTheLog() {
        try (Feeds<Event> _ = feeds()) {
            write(500);

            awaitAll();
            assertThat(gapsFilled).hasPositiveValue();
        }
    }
}
