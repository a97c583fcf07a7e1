package io.heliograph.eventlog;

import static io.heliograph.eventlog.Samples.ACME;
import static io.heliograph.eventlog.Samples.draft;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
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
import org.junit.jupiter.api.io.TempDir;

/** One node writes, another delivers, on one log; between them a Redis that is killed while they work. */
class RedisFeedsIT {
    private static final Duration NEVER = Duration.ofHours(1);

    private final TestRedis redis = TestRedis.start();
    private final RedisBus writersBus = open();
    private final RedisBus readersBus = open();
    private final SqliteDataSources sources;
    private final SqlEventLog writersLog;
    private final SqlEventLog readersLog;
    private final ConcurrentLinkedQueue<Long> delivered = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> unexpected = new ConcurrentLinkedQueue<>();
    private final AtomicInteger gapsFilled = new AtomicInteger();

    RedisFeedsIT(@TempDir Path folder) {
        sources = SqliteDataSources.open(folder.resolve("log.db"));
        writersLog = SqlEventLog.sqlite(sources).bus(writersBus).build();
        readersLog = SqlEventLog.sqlite(sources).bus(readersBus).build();
    }

    private RedisBus open() {
        return RedisBus.open(redis.address(), RedisBusSettings.defaults(), BusMetrics.NONE);
    }

    @BeforeEach
    void migrate() {
        Flyway.configure()
                .dataSource(sources.writer())
                .locations("classpath:io/heliograph/eventlog/migration")
                .load()
                .migrate();
        await().atMost(Duration.ofSeconds(20)).until(() -> writersBus.connected() && readersBus.connected());
    }

    @AfterEach
    void close() {
        readersLog.close();
        writersLog.close();
        readersBus.close();
        writersBus.close();
        sources.close();
        redis.close();
    }

    private Feeds<Event> feeds(Duration headCheck) {
        Feeds<Event> feeds = Feeds.on(readersLog, readersBus)
                .settings(FeedSettings.builder()
                        .headCheck(headCheck)
                        .idleAfter(NEVER)
                        .build())
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

    private void write() throws EventLogException {
        writersLog.write(ACME, transaction -> {
            transaction.append(draft("evt_" + Samples.nextId()));
            return 0;
        });
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

    private List<Future<?>> writers(Callers callers, AtomicBoolean enough) {
        List<Future<?>> writers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            writers.add(callers.submit(() -> {
                while (!enough.get()) {
                    write();
                }
                return 0;
            }));
        }
        return writers;
    }

    @Test
    void aKilledRedisLosesAndDoublesNothingAndHintsFlowAgainOnceItIsBack() throws Exception {
        try (Feeds<Event> _ = feeds(NEVER);
                Callers callers = new Callers()) {
            AtomicBoolean enough = new AtomicBoolean();
            List<Future<?>> writers = writers(callers, enough);
            await().until(() -> delivered.size() > 100);

            redis.kill();
            await().until(() -> !writersBus.connected() && !readersBus.connected());
            long gone = head();
            await().until(() -> head() > gone + 100);
            redis.startAgain();
            await().until(() -> writersBus.connected() && readersBus.connected());
            long back = head();
            await().until(() -> head() > back + 100);
            enough.set(true);
            for (Future<?> writer : writers) {
                writer.get();
            }
            awaitAll();

            // Nothing looks at the log any more: what arrives now has come by hints.
            int before = gapsFilled.get();
            for (int i = 0; i < 50; i++) {
                write();
            }
            awaitAll();
            assertThat(gapsFilled).hasValue(before);
        }
    }

    @Test
    void withoutRedisTheChecksOfTheHeadDeliverEverything() throws Exception {
        redis.kill();
        await().until(() -> !writersBus.connected() && !readersBus.connected());
        try (Feeds<Event> _ = feeds(FeedSettings.defaults().headCheck())) {
            for (int i = 0; i < 200; i++) {
                write();
            }
            awaitAll();
        }
    }
}
