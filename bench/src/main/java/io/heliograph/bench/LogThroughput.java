package io.heliograph.bench;

import io.heliograph.eventlog.Audience;
import io.heliograph.eventlog.Draft;
import io.heliograph.eventlog.LogSettings;
import io.heliograph.eventlog.Overloaded;
import io.heliograph.eventlog.Payload;
import io.heliograph.eventlog.Position;
import io.heliograph.eventlog.SqlEventLog;
import io.heliograph.eventlog.WorkspaceId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * How many commands a second the log commits: many writers that each wait for their command before they send the next,
 * in shared transactions and, by turns, with one commit for each command.
 *
 * <p>A command appends one event of {@value #ENVELOPE} bytes; with {@code row} it first changes a separate row, as the
 * server's commands do.
 */
final class LogThroughput {
    static final String SHARED = "shared";
    static final String ALONE = "one commit each";
    static final String HOT_POSTGRESQL = scenario("postgresql", 1, false);

    private static final int ENVELOPE = 400;
    private static final int HOT_WRITERS = 256;
    private static final Duration LEAD_IN = Duration.ofMillis(500);

    private final BenchContext context;
    private final int rounds;
    private final Duration warmUp;
    private final Duration turn;

    LogThroughput(BenchContext context) {
        this.context = context;
        boolean quick = context.options().quick();
        this.rounds = quick ? 3 : 5;
        this.warmUp = Duration.ofSeconds(quick ? 1 : 3);
        this.turn = Duration.ofSeconds(quick ? 1 : 2);
    }

    void run() {
        Path folder = context.newFolder("log");
        try (BenchDatabase database = BenchDatabase.sqlite(folder)) {
            run("sqlite", database);
        }
        try (BenchDatabase database =
                BenchDatabase.postgresql(folder, context.options().serverCore())) {
            run("postgresql", database);
        }
    }

    private void run(String name, BenchDatabase database) {
        run(name, database, 1, false);
        run(name, database, 1, true);
        run(name, database, 100, false);
        run(name, database, 100, true);
    }

    private void run(String name, BenchDatabase database, int workspaces, boolean row) {
        LogSettings shared = LogSettings.defaults();
        String scenario = scenario(name, workspaces, row);
        try (SqlEventLog together = database.log(shared);
                SqlEventLog apart = database.log(oneCommandEach())) {
            Load load = new Load(workspaces, HOT_WRITERS, row);
            measure(together, load, warmUp);
            measure(apart, load, warmUp);
            for (int round = 0; round < rounds; round++) {
                context.add(new Sample(scenario, SHARED, round, measure(together, load, turn)));
                context.add(new Sample(scenario, ALONE, round, measure(apart, load, turn)));
            }
        }
    }

    static String scenario(String database, int workspaces, boolean row) {
        return "log %s %dws%s".formatted(database, workspaces, row ? " row" : "");
    }

    static LogSettings oneCommandEach() {
        return LogSettings.builder().batchCommands(1).build();
    }

    /** The load: {@code writers} that cycle through {@code workspaces}, each changing a row too, or not. */
    record Load(int workspaces, int writers, boolean row) {}

    /** The result: successful commands, their latencies, and failed commands. */
    record Outcome(long commands, Histogram latencies, long failed, long nanos) {}

    private static Map<String, Double> measure(SqlEventLog log, Load load, Duration duration) {
        Outcome outcome = write(log, load, duration);
        if (outcome.failed() > 0) {
            throw new PeerFaultException(outcome.failed() + " commands failed");
        }
        double commands = outcome.commands();
        Map<String, Double> values = new HashMap<>();
        values.put("commandsPerSecond", commands / outcome.nanos() * 1e9);
        values.put("microsPerCommand", outcome.nanos() / 1e3 / commands);
        values.put("p50Millis", outcome.latencies().getValueAtPercentile(50) / 1e6);
        values.put("p99Millis", outcome.latencies().getValueAtPercentile(99) / 1e6);
        values.put("maxMillis", outcome.latencies().getMaxValue() / 1e6);
        return values;
    }

    /** Writes for {@code duration}, after a lead-in that does not count, and returns when every writer has ended. */
    static Outcome write(SqlEventLog log, Load load, Duration duration) {
        long begin = System.nanoTime() + LEAD_IN.toNanos();
        long end = begin + duration.toNanos();
        Histogram latencies =
                new ConcurrentHistogram(1_000, Duration.ofMinutes(2).toNanos(), 3);
        AtomicInteger failed = new AtomicInteger();
        try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int writer = 0; writer < load.writers(); writer++) {
                int number = writer;
                running.add(writers.submit(() -> writeUntil(log, load, number, begin, end, latencies, failed)));
            }
            for (Future<?> future : running) {
                future.get();
            }
        } catch (ExecutionException e) {
            throw new PeerFaultException("a writer failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PeerFaultException("interrupted", e);
        }
        return new Outcome(latencies.getTotalCount(), latencies, failed.get(), end - begin);
    }

    private static void writeUntil(
            SqlEventLog log, Load load, int writer, long begin, long end, Histogram latencies, AtomicInteger failed) {
        int turn = 0;
        for (long sent = System.nanoTime(); sent < end; sent = System.nanoTime()) {
            WorkspaceId workspace = new WorkspaceId("ws_bench_" + (writer + turn++) % load.workspaces());
            try {
                write(log, workspace, load.row() ? writer : -1);
            } catch (Overloaded e) {
                failed.incrementAndGet();
            }
            long done = System.nanoTime();
            if (done >= begin && done < end) {
                latencies.recordValue(done - sent);
            }
        }
    }

    /** One command: an event, and a change of row {@code row} unless that is negative. */
    private static void write(SqlEventLog log, WorkspaceId workspace, int row) {
        String id = "evt_" + UUID.randomUUID().toString().replace("-", "");
        log.write(workspace, transaction -> {
            if (row >= 0) {
                JdbcClient.create(new SingleConnectionDataSource(transaction.connection(), true))
                        .sql("insert into bench_item (id, changes) values (?, 1)"
                                + " on conflict (id) do update set changes = bench_item.changes + 1")
                        .param((long) row)
                        .update();
            }
            transaction.append(new Draft(
                    id,
                    "bench:happened",
                    Audience.EVERYONE,
                    Optional.empty(),
                    position -> Payload.of(envelope(id, position))));
            return id;
        });
    }

    private static byte[] envelope(String id, Position position) {
        String head = "{\"id\":\"" + id + "\",\"offset\":" + position.offset() + ",\"at\":\"" + position.at()
                + "\",\"data\":\"";
        return (head + "x".repeat(ENVELOPE - 2 - head.length()) + "\"}").getBytes(StandardCharsets.UTF_8);
    }
}
