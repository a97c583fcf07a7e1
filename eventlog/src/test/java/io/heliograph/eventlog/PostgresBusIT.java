package io.heliograph.eventlog;

import static io.heliograph.eventlog.Samples.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** The contract, and what goes on between this bus and its PostgreSQL. */
@SuppressWarnings("NullAway.Init") // JUnit sets it
class PostgresBusIT extends BusContract {
    private static final PostgresBusSettings PATIENT =
            new PostgresBusSettings(1 << 20, Duration.ofSeconds(30), Duration.ofMillis(100));

    private static EmbeddedPostgres server;
    private static int applications;

    private final List<PostgresBus> opened = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        server = EmbeddedPostgres.builder().start();
        migrate(server.getPostgresDatabase());
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @AfterEach
    void closeOpened() {
        opened.forEach(PostgresBus::close);
    }

    private static void migrate(DataSource database) {
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:io/heliograph/eventlog/migration")
                .load()
                .migrate();
    }

    private static final class Count implements BusMetrics {
        final AtomicInteger published = new AtomicInteger();
        final AtomicInteger received = new AtomicInteger();
        final AtomicInteger dropped = new AtomicInteger();

        @Override
        public void published() {
            published.incrementAndGet();
        }

        @Override
        public void received() {
            received.incrementAndGet();
        }

        @Override
        public void dropped() {
            dropped.incrementAndGet();
        }
    }

    private static final class Tally implements Bus.Listener {
        final AtomicInteger hints = new AtomicInteger();
        final AtomicInteger signals = new AtomicInteger();
        final AtomicInteger reconnected = new AtomicInteger();

        @Override
        public void hint(Hint hint) {
            hints.incrementAndGet();
        }

        @Override
        public void signal(Signal signal) {
            signals.incrementAndGet();
        }

        @Override
        public void reconnected() {
            reconnected.incrementAndGet();
        }
    }

    /** Connections that the server knows by a name of their own. */
    private static PGSimpleDataSource source() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(server.getJdbcUrl("postgres", "postgres"));
        source.setApplicationName("bus " + applications++);
        return source;
    }

    @Override
    Bus open() {
        return connected(source(), PATIENT, BusMetrics.NONE);
    }

    private PostgresBus opened(DataSource source, PostgresBusSettings settings, BusMetrics metrics) {
        PostgresBus bus = PostgresBus.open(source, settings, metrics);
        opened.add(bus);
        return bus;
    }

    private PostgresBus connected(DataSource source, PostgresBusSettings settings, BusMetrics metrics) {
        PostgresBus bus = opened(source, settings, metrics);
        await().atMost(Duration.ofSeconds(20)).until(bus::connected);
        return bus;
    }

    /** What the server knows of the connections of a source, such as their processes. */
    private static List<Integer> sessions(PGSimpleDataSource source, String condition) {
        List<Integer> processes = new ArrayList<>();
        query(
                "select pid from pg_stat_activity where application_name = '" + source.getApplicationName() + "' and "
                        + condition,
                processes);
        return processes;
    }

    private static void query(String sql, List<Integer> values) {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getInt(1));
            }
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    private static void terminate(PGSimpleDataSource source, String condition) {
        List<Integer> processes = sessions(source, condition);
        assertThat(processes).isNotEmpty();
        for (int process : processes) {
            query("select 1 where pg_terminate_backend(" + process + ")", new ArrayList<>());
        }
    }

    /** {@code -STOP}: the server's end of the connections stays open and answers nothing. */
    private static void kill(String signal, List<Integer> processes) {
        for (int process : processes) {
            try {
                new ProcessBuilder("kill", signal, "" + process)
                        .start()
                        .onExit()
                        .join();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    @Test
    void aHintThatIsTooLongForANotificationNamesTheOffsetOnly() {
        RecordingListener ear = new RecordingListener();
        connected(source(), PATIENT, BusMetrics.NONE).subscribe(ear);
        PostgresBus sender = connected(source(), PATIENT, BusMetrics.NONE);
        Event large = new Event(
                ACME,
                hint(ACME, 9).events().getFirst().position(),
                "evt_000009",
                "approval:created",
                Audience.EVERYONE,
                Optional.empty(),
                Payload.of(new byte[8_000]));

        sender.publish(new Hint(ACME, large.cursor(), List.of(large)));

        await().until(() -> !ear.hints.isEmpty());
        assertThat(ear.hints).containsExactly(new Hint(ACME, large.cursor(), List.of()));
    }

    @Test
    void theLongestSignalArrivesWhole() {
        RecordingListener ear = new RecordingListener();
        Count count = new Count();
        connected(source(), PATIENT, count).subscribe(ear);
        PostgresBus sender = connected(source(), PATIENT, BusMetrics.NONE);
        Signal longest = new Signal(ACME, "k".repeat(64), "語".repeat(Signal.MAX_BODY));
        Signal small = new Signal(ACME, "small", "");

        for (Signal signal : List.of(small, longest, small, longest, longest)) {
            sender.signal(signal);
        }

        await().until(() -> ear.signals.size() == 5);
        assertThat(ear.signals).containsExactly(small, longest, small, longest, longest);
        assertThat(count.dropped).hasValue(0);
    }

    @Test
    void equalSignalsArriveAsOftenAsTheyWereSent() {
        RecordingListener ear = new RecordingListener();
        connected(source(), PATIENT, BusMetrics.NONE).subscribe(ear);
        PostgresBus sender = connected(source(), PATIENT, BusMetrics.NONE);

        for (int i = 0; i < 500; i++) {
            sender.signal(new Signal(ACME, "same", "same"));
        }

        await().until(() -> ear.signals.size() == 500);
        await().until(() -> sender.queuedBytes() == 0);
    }

    @Test
    void nodesOfTwoLogsInOneDatabaseDoNotMeet() {
        Sql.update(server.getPostgresDatabase(), "create schema other");
        PGSimpleDataSource other = source();
        other.setCurrentSchema("other");
        migrate(other);
        Tally foreign = new Tally();
        connected(other, PATIENT, BusMetrics.NONE).subscribe(foreign);
        Tally own = new Tally();
        connected(source(), PATIENT, BusMetrics.NONE).subscribe(own);

        connected(source(), PATIENT, BusMetrics.NONE).signal(new Signal(ACME, "own", ""));
        await().until(() -> own.signals.get() == 1);
        connected(other, PATIENT, BusMetrics.NONE).signal(new Signal(ACME, "foreign", ""));

        await().until(() -> foreign.signals.get() == 1);
        assertThat(own.signals).hasValue(1);
    }

    @Test
    void aDatabaseWithoutTheLogIsNamed() {
        Sql.update(server.getPostgresDatabase(), "create database empty");
        PGSimpleDataSource wrong = source();
        wrong.setDatabaseName("empty");

        assertThatThrownBy(() -> PostgresBus.verify(wrong, Duration.ofSeconds(5)))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("no table log_head");
    }

    @Test
    void aLostConnectionOfEitherKindIsMadeAgainAndTheReaderIsTold() {
        for (String kind : List.of("query ilike 'listen %'", "query not ilike 'listen %'")) {
            PGSimpleDataSource source = source();
            Tally ear = new Tally();
            PostgresBus bus = connected(source, PATIENT, BusMetrics.NONE);
            bus.subscribe(ear);
            int before = ear.reconnected.get();
            // The connection that notifies has done so.
            await().until(() -> !sessions(source, "query ilike '%unnest%'").isEmpty());

            terminate(source, kind);
            bus.signal(new Signal(ACME, "shows the loss", ""));

            await().until(() -> ear.reconnected.get() > before && bus.connected());
            connected(source(), PATIENT, BusMetrics.NONE).signal(new Signal(ACME, "after", ""));
            await().until(() -> ear.signals.get() == 2);
            assertThat(sessions(source, "true")).hasSize(2);
        }
    }

    @Test
    void theOthersAreToldWhenAMessageWasLost() {
        PGSimpleDataSource source = source();
        Count count = new Count();
        PostgresBus sender =
                connected(source, new PostgresBusSettings(1, Duration.ofSeconds(30), Duration.ofMillis(100)), count);
        Tally ear = new Tally();
        connected(source(), PATIENT, BusMetrics.NONE).subscribe(ear);
        int before = ear.reconnected.get();

        // One message may wait; sooner or later two want to.
        await().until(() -> {
            sender.publish(hint(ACME, 1));
            sender.publish(hint(ACME, 2));
            return count.dropped.get() > 0;
        });

        await().until(() -> ear.reconnected.get() > before);
    }

    @Test
    void aServerThatAnswersNothingIsLeftAndReachedAgain() {
        PGSimpleDataSource source = source();
        PostgresBusSettings impatient = new PostgresBusSettings(1 << 20, Duration.ofSeconds(1), Duration.ofMillis(100));
        Tally ear = new Tally();
        PostgresBus bus = connected(source, impatient, BusMetrics.NONE);
        bus.subscribe(ear);
        int before = ear.reconnected.get();
        List<Integer> listener = sessions(source, "query ilike 'listen %'");
        try {
            kill("-STOP", listener);
            await().until(() -> ear.reconnected.get() > before);
        } finally {
            kill("-CONT", listener);
        }
        await().until(bus::connected);
    }

    @Test
    void anIdleBusStaysConnected() {
        PGSimpleDataSource source = source();
        PostgresBusSettings impatient = new PostgresBusSettings(1 << 20, Duration.ofSeconds(2), Duration.ofMillis(100));
        PostgresBus bus = connected(source, impatient, BusMetrics.NONE);
        Set<Integer> first = Set.copyOf(sessions(source, "true"));

        long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        await().atMost(Duration.ofSeconds(20)).until(() -> System.nanoTime() > end);

        assertThat(bus.connected()).isTrue();
        assertThat(Set.copyOf(sessions(source, "true"))).isEqualTo(first);
    }

    @Test
    void itBeginsWithoutPostgresqlAndTellsWhenItIsThere() {
        AtomicBoolean away = new AtomicBoolean(true);
        PGSimpleDataSource there = source();
        PGSimpleDataSource source = new PGSimpleDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                if (away.get()) {
                    throw new SQLException("away");
                }
                return there.getConnection();
            }
        };
        Count count = new Count();
        Tally ear = new Tally();
        Tally others = new Tally();
        connected(source(), PATIENT, BusMetrics.NONE).subscribe(others);
        int before = others.reconnected.get();
        PostgresBus bus = opened(source, PATIENT, count);
        bus.subscribe(ear);

        bus.publish(hint(ACME, 1));

        assertThat(ear.hints).as("this node's listeners").hasValue(1);
        assertThat(count.dropped).hasValue(1);
        assertThat(bus.connected()).isFalse();

        away.set(false);
        await().until(() -> bus.connected() && ear.reconnected.get() == 1);
        await().until(() -> others.reconnected.get() > before);
    }

    @Test
    void whatWaitsIsSentBeforeItCloses() throws InterruptedException {
        PGSimpleDataSource source = source();
        Tally ear = new Tally();
        connected(source(), PATIENT, BusMetrics.NONE).subscribe(ear);
        PostgresBus sender = connected(source, PATIENT, BusMetrics.NONE);
        await().until(() -> !sessions(source, "query ilike '%unnest%'").isEmpty());
        List<Integer> notifier = sessions(source, "query ilike '%unnest%'");
        Thread closing;
        try {
            kill("-STOP", notifier);
            for (int i = 0; i < 300; i++) {
                sender.signal(new Signal(ACME, "kind", "text " + i));
            }
            closing = Thread.ofPlatform().start(sender::close);
            await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
        } finally {
            kill("-CONT", notifier);
        }
        closing.join();

        await().until(() -> ear.signals.get() == 300);
    }

    @Test
    void anOutageIsOneWarning() {
        PGSimpleDataSource there = source();
        AtomicInteger refused = new AtomicInteger();
        AtomicBoolean away = new AtomicBoolean();
        PGSimpleDataSource source = new PGSimpleDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                if (away.get()) {
                    refused.incrementAndGet();
                    throw new SQLException("away");
                }
                return there.getConnection();
            }
        };
        try (CapturedOutput output = CapturedOutput.start()) {
            PostgresBus bus = connected(source, PATIENT, BusMetrics.NONE);
            away.set(true);
            terminate(there, "query ilike 'listen %'");
            await().until(() -> refused.get() >= 3);
            away.set(false);
            await().until(bus::connected);

            assertThat(output.count("the bus on PostgreSQL is unreachable")).isEqualTo(1);
        }
    }

    @Test
    void itEndsItsThreadsAndConnections() {
        Set<Thread> before = threads();
        PGSimpleDataSource source = source();
        PostgresBus bus = connected(source, PATIENT, BusMetrics.NONE);
        assertThat(threads()).hasSize(before.size() + 2);

        bus.close();

        await().until(() -> before.containsAll(threads()));
        await().until(() -> sessions(source, "true").equals(Collections.emptyList()));
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("postgres-bus"))
                .collect(Collectors.toSet());
    }
}
