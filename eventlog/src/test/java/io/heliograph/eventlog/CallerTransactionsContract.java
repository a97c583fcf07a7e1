package io.heliograph.eventlog;

import static io.heliograph.eventlog.Samples.ACME;
import static io.heliograph.eventlog.Samples.OTHER;
import static io.heliograph.eventlog.Samples.draft;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What {@link SqlEventLog#append} promises in transactions of its callers, whatever database is below it. */
abstract class CallerTransactionsContract extends EventLogContract {
    private static final int USUAL_TRANSACTIONS = 400;
    private static final int THREADS = 4;

    @Test
    void rowsAndEventsAreCommittedTogetherAndHintedAfterwards() throws SQLException {
        try (Connection connection = begin();
                AppendedEvents appended = appendWithRow(connection, ACME, "evt_1")) {
            assertThat(hints).isEmpty();
            connection.commit();
            assertThat(hints).isEmpty();
            appended.committed();
        }

        assertThat(log.after(ACME, 0, 10)).extracting(Samples::text).containsExactly("evt_1@1");
        assertThat(things()).containsExactly("evt_1=1");
        assertThat(hints).extracting(Hint::head).containsExactly(log.open(ACME).cursor());
    }

    @Test
    void whatIsRolledBackLeavesNoOffset() throws SQLException {
        try (Connection connection = begin();
                AppendedEvents appended = appendWithRow(connection, ACME, "evt_1")) {
            assertThat(appended.events()).extracting(Event::offset).containsExactly(1L);
            connection.rollback();
        }
        append(ACME, "evt_2");

        assertThat(log.after(ACME, 0, 10)).extracting(Samples::text).containsExactly("evt_2@1");
        assertThat(things()).isEmpty();
        assertThat(hints).hasSize(1);
    }

    @Test
    void theEndIsReportedOnce() throws SQLException {
        try (Connection connection = begin()) {
            AppendedEvents appended = appendWithRow(connection, ACME, "evt_1");
            connection.commit();
            appended.committed();
            appended.close();

            assertThatThrownBy(appended::committed).isInstanceOf(IllegalStateException.class);
        }
        assertThat(hints).hasSize(1);
    }

    @Test
    void autoCommitIsRefusedBecauseTheEventsWouldStandAlone() throws SQLException {
        try (Connection connection = source.getConnection()) {
            assertThatThrownBy(() -> log.append(connection, ACME, List.of(draft("evt_1"))))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("setAutoCommit(false)");
        }
        assertThat(log.after(ACME, 0, 10)).isEmpty();
    }

    @Test
    void aCommandBehindAnAppendOfItsOwnThreadFailsAtOnce() throws SQLException {
        try (Connection connection = begin();
                AppendedEvents appended = appendWithRow(connection, ACME, "evt_1")) {
            assertThatThrownBy(() -> log.write(ACME, transaction -> 0))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("would wait for that transaction");
            connection.commit();
            appended.committed();
        }

        append(ACME, "evt_2");
        assertThat(log.after(ACME, 0, 10)).extracting(Samples::text).containsExactly("evt_1@1", "evt_2@2");
    }

    @Test
    void aCommandInATransactionThatTheApplicationKnowsOfFailsAtOnce() {
        AtomicBoolean inTransaction = new AtomicBoolean(true);
        try (SqlEventLog known =
                builder().bus(bus).callerTransactions(inTransaction::get).build()) {
            assertThatThrownBy(() -> known.write(ACME, transaction -> 0))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("this thread is in a transaction");
            inTransaction.set(false);
            assertThat(known.<Integer>write(ACME, transaction -> 7)).isEqualTo(7);
        }
    }

    @Test
    void aCommandAppendsToItsOwnTransactionOnly() {
        assertThatThrownBy(() -> log.write(
                        ACME, transaction -> log.append(transaction.connection(), ACME, List.of(draft("evt_1")))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("append to its own transaction");
    }

    @Test
    void aFailureOfTheDatabaseIsTheLogsOwn() throws SQLException {
        try (Connection connection = begin()) {
            Sql.update(connection, "drop table log_event");
            assertThatThrownBy(() -> log.append(connection, ACME, List.of(draft("evt_1"))))
                    .isInstanceOf(EventLogException.class)
                    .hasMessageContaining("ws_acme")
                    .hasCauseInstanceOf(SQLException.class);
            connection.rollback();
        }
        append(ACME, "evt_2");
        assertThat(log.after(ACME, 0, 10)).extracting(Samples::text).containsExactly("evt_2@1");
    }

    /**
     * Threads that commit, roll back, nest and fail at random, beside commands of the log: every row has its event and
     * every event its row, offsets have no gaps, and no hint tells of an event that is not in the log. A long run with
     * {@code -Dtest.jvm.args=-Dsamples=10000}.
     */
    @Test
    void rowsAndLogAgreeAfterRandomTransactions() throws Exception {
        long seed = Optional.ofNullable(System.getenv("HELIOGRAPH_SEED"))
                .map(Long::parseLong)
                .orElseGet(() -> new Random().nextLong());
        int transactions = Integer.getInteger("samples", USUAL_TRANSACTIONS);
        System.out.println(getClass().getSimpleName() + ": " + transactions + " transactions, HELIOGRAPH_SEED=" + seed);
        Random seeds = new Random(seed);

        List<Future<?>> threads = new ArrayList<>();
        try (Callers callers = new Callers()) {
            for (int thread = 0; thread < THREADS; thread++) {
                Random random = new Random(seeds.nextLong());
                String name = "t" + thread;
                threads.add(callers.submit(() -> {
                    for (int i = 0; i < transactions / THREADS; i++) {
                        randomTransaction(random, name + "x" + i);
                    }
                    return null;
                }));
            }
        }
        for (Future<?> thread : threads) {
            thread.get();
        }

        Map<WorkspaceId, Map<Long, String>> logs = Map.of(ACME, offsetsOf(ACME), OTHER, offsetsOf(OTHER));
        List<String> logged = logs.values().stream()
                .flatMap(events -> events.values().stream())
                .sorted()
                .toList();
        assertThat(things())
                .containsExactlyInAnyOrderElementsOf(
                        logged.stream().map(id -> id + "=1").toList());
        assertThat(logged).hasSizeGreaterThan(transactions / 4);
        logs.forEach((workspace, events) -> assertThat(events.keySet())
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, events.size()).boxed().toList()));
        assertThat(hints.stream().flatMap(hint -> hint.events().stream()).map(Event::id))
                .containsExactlyInAnyOrderElementsOf(logged);
    }

    private Map<Long, String> offsetsOf(WorkspaceId workspace) {
        return log.after(workspace, 0, 1_000_000).stream()
                .collect(Collectors.toMap(Event::offset, Event::id, (one, other) -> one, TreeMap::new));
    }

    private void randomTransaction(Random random, String name) throws SQLException {
        if (random.nextInt(5) == 0) {
            command(random, "evt_" + name);
            return;
        }
        List<AppendedEvents> all = new ArrayList<>();
        List<AppendedEvents> appended = new ArrayList<>();
        List<WorkspaceId> workspaces = random.nextInt(4) == 0 ? List.of(ACME, OTHER) : List.of(workspace(random));
        try (Connection connection = begin()) {
            for (WorkspaceId workspace : workspaces) {
                appended.addAll(nested(connection, random, workspace, "evt_" + name + workspace.value(), 0, all));
            }
            if (random.nextInt(20) == 0) {
                try {
                    log.append(connection, workspaces.getLast(), List.of(unencodable()));
                    throw new AssertionError("what cannot be encoded was appended");
                } catch (IllegalArgumentException expected) {
                    assertThat(expected).hasMessage("unencodable");
                }
                connection.rollback();
            } else if (random.nextInt(3) == 0) {
                connection.rollback();
            } else {
                connection.commit();
                appended.forEach(AppendedEvents::committed);
            }
        } catch (EventLogException deadlock) {
            // PostgreSQL may see one where a row is locked again around savepoints; the transaction is rolled back.
            assertThat(deadlock)
                    .cause()
                    .asInstanceOf(throwable(SQLException.class))
                    .satisfies(failure -> assertThat(failure.getSQLState()).isEqualTo("40P01"));
        } finally {
            all.forEach(AppendedEvents::close);
        }
    }

    /** Appends with and without a savepoint, some of which are rolled back alone; what is left is returned. */
    private List<AppendedEvents> nested(
            Connection connection, Random random, WorkspaceId workspace, String id, int depth, List<AppendedEvents> all)
            throws SQLException {
        List<AppendedEvents> appended = new ArrayList<>();
        int steps = 1 + random.nextInt(2);
        for (int step = 0; step < steps; step++) {
            String own = id + "." + step;
            if (depth < 3 && random.nextInt(2) == 0) {
                Savepoint savepoint = connection.setSavepoint();
                List<AppendedEvents> inner = nested(connection, random, workspace, own, depth + 1, all);
                if (random.nextInt(2) == 0) {
                    connection.rollback(savepoint);
                    inner.forEach(AppendedEvents::close);
                } else {
                    connection.releaseSavepoint(savepoint);
                    appended.addAll(inner);
                }
            } else {
                AppendedEvents one = appendWithRow(connection, workspace, own);
                all.add(one);
                appended.add(one);
            }
        }
        return appended;
    }

    private void command(Random random, String id) {
        boolean fails = random.nextInt(3) == 0;
        try {
            log.write(workspace(random), transaction -> {
                transaction.append(draft(id));
                put(transaction, id, 1);
                if (fails) {
                    throw new IllegalArgumentException("a fault");
                }
                return 0;
            });
        } catch (IllegalArgumentException expected) {
            assertThat(fails).isTrue();
        }
    }

    private static WorkspaceId workspace(Random random) {
        return random.nextBoolean() ? ACME : OTHER;
    }

    private static Draft unencodable() {
        return new Draft("evt_bad", "a:b", Audience.EVERYONE, Optional.empty(), position -> {
            throw new IllegalArgumentException("unencodable");
        });
    }

    private Connection begin() throws SQLException {
        Connection connection = source.getConnection();
        connection.setAutoCommit(false);
        return connection;
    }

    private AppendedEvents appendWithRow(Connection connection, WorkspaceId workspace, String id) {
        Sql.update(connection, "insert into thing (id, value) values (?, 1)", id);
        return log.append(connection, workspace, List.of(draft(id)));
    }

    /** Tables with a prefix, in a schema that belongs to somebody else. */
    @Test
    void theTablesMayHaveAPrefix() throws SQLException {
        try (Connection connection = begin()) {
            for (String table : List.of("log_head", "log_event", "log_shared")) {
                Sql.update(connection, "alter table " + table + " rename to app_" + table);
            }
            connection.commit();
        }
        try (SqlEventLog prefixed = builder().bus(bus).tablePrefix("app_").build()) {
            prefixed.write(ACME, transaction -> {
                transaction.append(draft("evt_1"));
                transaction.append(draft("evt_2"));
                return 0;
            });
            assertThat(prefixed.retain(ACME, new Retention(Duration.ofDays(1), 1, 10)))
                    .isEqualTo(1);
            assertThat(prefixed.after(ACME, 0, 10)).extracting(Samples::text).containsExactly("evt_2@2");
            prefixed.reset(ACME);
            assertThat(prefixed.heads(List.of(ACME))).containsEntry(ACME, prefixed.open(ACME));
            assertThat(prefixed.ownerOf(prefixed.open(ACME).cursor().epoch())).contains(ACME);
        }
        assertThatThrownBy(() -> builder().tablePrefix("App-")).hasMessageContaining("tablePrefix");
    }
}
