package io.heliograph.eventlog;

import static io.heliograph.eventlog.Samples.ACME;
import static io.heliograph.eventlog.Samples.OTHER;
import static io.heliograph.eventlog.Samples.draft;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PostgresEventLogIT extends CallerTransactionsContract {
    private static final EmbeddedPostgres SERVER = start();

    private final HikariDataSource pool = pool();

    private static EmbeddedPostgres start() {
        try {
            return EmbeddedPostgres.builder().start();
        } catch (IOException e) {
            throw new AssertionError("PostgreSQL does not start", e);
        }
    }

    private static HikariDataSource pool() {
        Sql.update(SERVER.getPostgresDatabase(), "drop schema public cascade");
        Sql.update(SERVER.getPostgresDatabase(), "create schema public");
        HikariConfig config = new HikariConfig();
        config.setDataSource(SERVER.getPostgresDatabase());
        config.setMaximumPoolSize(12);
        return new HikariDataSource(config);
    }

    @AfterAll
    static void stop() throws IOException {
        SERVER.close();
    }

    @Override
    DataSource writers() {
        Flyway.configure()
                .dataSource(pool)
                .locations("classpath:io/heliograph/eventlog/migration")
                .load()
                .migrate();
        return pool;
    }

    @Override
    SqlEventLog.Builder builder() {
        return SqlEventLog.postgresql(pool);
    }

    @AfterEach
    void closePool() {
        pool.close();
    }

    @Test
    void theServersClockGivesTheTime() {
        Instant now = log.write(ACME, Transaction::now);

        assertThat(now).isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES));
        assertThat(now.truncatedTo(ChronoUnit.MILLIS)).isEqualTo(now);
    }

    @Test
    void aBatchThatDeadlocksWithAnotherWorkspacesIsRepeated() throws Exception {
        put(ACME, "a", 0);
        put(ACME, "b", 0);
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch bothHaveOne = new CountDownLatch(2);
        try (Callers callers = new Callers()) {
            Future<Integer> one = callers.submit(() -> log.write(ACME, transaction -> {
                runs.incrementAndGet();
                add(transaction, "a");
                meet(bothHaveOne);
                return add(transaction, "b");
            }));
            Future<Integer> two = callers.submit(() -> log.write(OTHER, transaction -> {
                runs.incrementAndGet();
                add(transaction, "b");
                meet(bothHaveOne);
                return add(transaction, "a");
            }));
            assertThat(one.get() + two.get()).isEqualTo(2);
        }

        assertThat(runs.get()).isGreaterThan(2);
        assertThat(things()).containsExactly("a=2", "b=2");
    }

    @Test
    void commandsOfOneWorkspaceTakeTurnsOnAllNodes() throws Exception {
        put(ACME, "counter", 0);
        try (SqlEventLog node2 = builder().build();
                Callers callers = new Callers()) {
            for (SqlEventLog node : List.of(log, node2)) {
                for (int i = 0; i < 20; i++) {
                    callers.start(() -> node.write(ACME, PostgresEventLogIT::readThenWrite));
                }
            }
        }

        assertThat(things()).containsExactly("counter=40");
    }

    /** Loses updates wherever two of it run at the same time. */
    private static int readThenWrite(Transaction transaction) {
        long seen = Sql.number(transaction.connection(), "select value from thing where id = 'counter'");
        return Sql.update(transaction.connection(), "update thing set value = ? where id = 'counter'", seen + 1);
    }

    @Test
    void aCommandThatSwallowsAnErrorFailsAloneInItsBatch() throws Exception {
        put(ACME, "a", 0);
        CountDownLatch hold = new CountDownLatch(1);
        CountDownLatch held = new CountDownLatch(1);
        try (Callers callers = new Callers()) {
            callers.start(() -> log.write(ACME, transaction -> {
                held.countDown();
                await(hold);
                return 0;
            }));
            held.await();
            Future<Integer> bad = callers.submit(() -> log.write(ACME, transaction -> {
                try {
                    put(transaction, "a", 1);
                } catch (RuntimeException e) {
                    // PostgreSQL has aborted the transaction all the same.
                }
                transaction.append(draft("evt_bad"));
                return 1;
            }));
            org.awaitility.Awaitility.await().until(() -> log.waiting() == 1);
            Future<Integer> good = callers.submit(() -> log.write(ACME, transaction -> {
                transaction.append(draft("evt_good"));
                return put(transaction, "b", 2);
            }));
            org.awaitility.Awaitility.await().until(() -> log.waiting() == 2);
            hold.countDown();

            assertThat(good.get()).isEqualTo(1);
            assertThatThrownBy(bad::get).hasCauseInstanceOf(EventLogException.class);
        }
        assertThat(log.after(ACME, 0, 10)).extracting(Event::id).containsExactly("evt_good");
    }

    private static int add(Transaction transaction, String id) {
        return Sql.update(transaction.connection(), "update thing set value = value + 1 where id = ?", id);
    }

    /** The first time, both have their first row before either asks for its second. */
    private static void meet(CountDownLatch both) {
        both.countDown();
        await(both);
    }
}
