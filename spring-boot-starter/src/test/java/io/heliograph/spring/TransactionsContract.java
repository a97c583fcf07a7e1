package io.heliograph.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliograph.eventlog.Bus;
import io.heliograph.eventlog.Event;
import io.heliograph.eventlog.Hint;
import io.heliograph.eventlog.LocalBus;
import io.heliograph.eventlog.Signal;
import io.heliograph.eventlog.SqlEventLog;
import io.heliograph.eventlog.WorkspaceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** What {@link EventPublisher} promises in Spring's transactions, whatever database is below it. */
abstract class TransactionsContract {
    private static final int USUAL_TRANSACTIONS = 200;
    private static final int THREADS = 4;
    private static final List<String> WORKSPACES = List.of("acme", "other");

    final LocalBus bus = new LocalBus();
    private final List<Event> hinted = new CopyOnWriteArrayList<>();
    private DataSource dataSource;
    private SqlEventLog log;
    private EventPublisher events;
    private JdbcClient jdbc;
    private PlatformTransactionManager manager;

    /** An empty database. */
    abstract DataSource dataSource();

    abstract SqlEventLog.Builder builder(DataSource source);

    @BeforeEach
    final void open() {
        dataSource = dataSource();
        LogSchema.migrate(dataSource);
        bus.subscribe(new Bus.Listener() {
            @Override
            public void hint(Hint hint) {
                hinted.addAll(hint.events());
            }

            @Override
            public void signal(Signal signal) {}

            @Override
            public void reconnected() {}
        });
        log = builder(dataSource)
                .bus(bus)
                .tablePrefix(LogSchema.TABLE_PREFIX)
                .callerTransactions(() -> TransactionEvents.inTransaction(dataSource))
                .build();
        EventEnvelopes envelopes = new EventEnvelopes(JsonMapper.builder().build(), "shop", 1_000);
        events = new TransactionEvents(log, dataSource, envelopes, () -> {}, 50);
        jdbc = JdbcClient.create(dataSource);
        manager = new JdbcTransactionManager(dataSource);
        jdbc.sql("create table orders (id varchar(64) not null primary key, workspace varchar(64) not null)")
                .update();
    }

    @AfterEach
    final void close() {
        log.close();
    }

    @Test
    void rowAndEventAreCommittedTogetherAndToldOfAfterwards() {
        transaction().executeWithoutResult(status -> {
            ship("acme", "1");
            ship("acme", "2");
            assertThat(logged("acme")).isEmpty();
            assertThat(hinted).isEmpty();
        });

        assertThat(logged("acme")).containsExactly("1", "2");
        assertThat(rows("acme")).containsExactly("1", "2");
        assertThat(hinted).extracting(Event::offset).containsExactly(1L, 2L);
    }

    @Test
    void neitherIsThereAfterARollback() {
        assertThatThrownBy(() -> transaction().executeWithoutResult(status -> {
                    ship("acme", "1");
                    throw new IllegalArgumentException("a fault");
                }))
                .hasMessage("a fault");
        transaction().executeWithoutResult(status -> {
            ship("acme", "2");
            status.setRollbackOnly();
        });

        assertThat(logged("acme")).isEmpty();
        assertThat(rows("acme")).isEmpty();
        assertThat(hinted).isEmpty();
    }

    @Test
    void anEventOfANestedTransactionThatIsRolledBackIsNotAppended() {
        transaction().executeWithoutResult(outer -> {
            ship("acme", "outer");
            nested().executeWithoutResult(inner -> {
                ship("acme", "lost");
                inner.setRollbackOnly();
            });
            nested().executeWithoutResult(inner -> ship("acme", "kept"));
        });
        transaction()
                .executeWithoutResult(outer -> nested().executeWithoutResult(inner -> {
                    ship("acme", "first of its transaction");
                    inner.setRollbackOnly();
                }));

        assertThat(logged("acme")).containsExactly("outer", "kept");
        assertThat(rows("acme")).containsExactlyInAnyOrder("outer", "kept");
    }

    @Test
    void aTransactionOfTheLogInsideOfOneFailsAtOnce() {
        transaction().executeWithoutResult(status -> {
            ship("acme", "1");
            assertThatThrownBy(() -> log.write(new WorkspaceId("acme"), transaction -> 0))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("this thread is in a transaction");
        });

        assertThat(logged("acme")).containsExactly("1");
    }

    @Test
    void withoutATransactionItIsRefusedAndSaysWhatToDo() {
        assertThatThrownBy(() -> events.append("acme", "order:shipped", "1"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("@Transactional");
        TransactionTemplate readOnly = transaction();
        readOnly.setReadOnly(true);
        assertThatThrownBy(() -> readOnly.executeWithoutResult(status -> events.append("acme", "order:shipped", "1")))
                .hasMessageContaining("read-only");
        assertThat(logged("acme")).isEmpty();
    }

    @Test
    void aTransactionOfAnotherDataSourceIsNone() {
        PlatformTransactionManager other = new JdbcTransactionManager(dataSource()) {
            @Override
            protected boolean isExistingTransaction(Object transaction) {
                return false;
            }
        };
        TransactionTemplate elsewhere = new TransactionTemplate(other);

        assertThatThrownBy(() -> elsewhere.executeWithoutResult(status -> events.append("acme", "order:shipped", "1")))
                .hasMessageContaining("of the data source that holds the log");
    }

    @Test
    void itIsTooLateWhenTheTransactionIsBeingCommitted() {
        List<Throwable> failures = new ArrayList<>();
        transaction().executeWithoutResult(status -> {
            ship("acme", "1");
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    try {
                        events.append("acme", "order:shipped", "2");
                    } catch (IllegalStateException expected) {
                        failures.add(expected);
                    }
                }
            });
        });

        assertThat(failures).singleElement().asString().contains("REQUIRES_NEW");
        assertThat(logged("acme")).containsExactly("1");
    }

    @Test
    void theNumberOfEventsHasABound() {
        assertThatThrownBy(() -> transaction().executeWithoutResult(status -> {
                    for (int i = 0; i < 51; i++) {
                        events.append("acme", "order:shipped", i);
                    }
                }))
                .hasMessageContaining("heliograph.max-events-per-transaction");
        assertThat(logged("acme")).isEmpty();
    }

    /**
     * Threads whose transactions commit, roll back, nest and run in others at random: rows and log agree. A long run with
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
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int thread = 0; thread < THREADS; thread++) {
                Random random = new Random(seeds.nextLong());
                String name = "t" + thread;
                threads.add(executor.submit(() -> {
                    for (int i = 0; i < transactions / THREADS; i++) {
                        randomTransaction(random, name + "x" + i);
                    }
                }));
            }
        }
        for (Future<?> thread : threads) {
            thread.get();
        }

        List<Long> offsets = new ArrayList<>();
        for (String workspace : WORKSPACES) {
            List<Event> all = log.after(new WorkspaceId(workspace), 0, 1_000_000);
            assertThat(all)
                    .extracting(Event::offset)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, all.size()).boxed().toList());
            assertThat(logged(workspace)).containsExactlyInAnyOrderElementsOf(rows(workspace));
            all.forEach(event -> offsets.add(event.offset()));
        }
        assertThat(offsets).hasSizeGreaterThan(transactions / 4);
        assertThat(hinted).hasSameSizeAs(offsets);
    }

    private void randomTransaction(Random random, String name) {
        try {
            transaction().executeWithoutResult(status -> {
                steps(random, name, 0);
                switch (random.nextInt(4)) {
                    case 0 -> status.setRollbackOnly();
                    case 1 -> throw new IllegalArgumentException("a fault");
                    default -> {}
                }
            });
        } catch (IllegalArgumentException expected) {
            // Rolled back.
        } catch (DataAccessException | IllegalTransactionStateException failure) {
            throw new AssertionError("transaction " + name, failure);
        }
    }

    private void steps(Random random, String name, int depth) {
        int steps = 1 + random.nextInt(3);
        for (int step = 0; step < steps; step++) {
            String own = name + "." + step;
            if (depth < 3 && random.nextInt(3) == 0) {
                nested().executeWithoutResult(inner -> {
                    steps(random, own, depth + 1);
                    if (random.nextBoolean()) {
                        inner.setRollbackOnly();
                    }
                });
            } else {
                ship(WORKSPACES.get(random.nextInt(2)), own);
            }
        }
    }

    private void ship(String workspace, String id) {
        jdbc.sql("insert into orders (id, workspace) values (?, ?)")
                .params(id, workspace)
                .update();
        events.append(workspace, "order:shipped", Map.of("id", id));
    }

    private TransactionTemplate transaction() {
        return new TransactionTemplate(manager);
    }

    private TransactionTemplate nested() {
        TransactionTemplate nested = new TransactionTemplate(manager);
        nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
        return nested;
    }

    private List<String> rows(String workspace) {
        return jdbc.sql("select id from orders where workspace = ? order by id")
                .param(workspace)
                .query((row, number) -> row.getString(1))
                .list();
    }

    private List<String> logged(String workspace) {
        JsonMapper json = JsonMapper.builder().build();
        return log.after(new WorkspaceId(workspace), 0, 1_000_000).stream()
                .map(event ->
                        json.readTree(event.payload().bytes()).at("/data/id").asString())
                .toList();
    }
}
