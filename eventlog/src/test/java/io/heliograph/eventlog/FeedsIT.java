package io.heliograph.eventlog;

import static io.heliograph.eventlog.Samples.ACME;
import static io.heliograph.eventlog.Samples.draft;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Feeds on a real log with real threads, writers and readers all at once. */
class FeedsIT {
    private static final int EVENTS = 1_500;
    private static final int WRITERS = 4;

    private final SqliteDataSources sources;
    private final LossyBus bus = new LossyBus();
    private final SqlEventLog log;
    private final List<Socket> attached = new ArrayList<>();
    private final Feeds<Event> feeds;

    FeedsIT(@TempDir Path folder) {
        sources = SqliteDataSources.open(folder.resolve("log.db"));
        log = SqlEventLog.sqlite(sources).bus(bus).build();
        feeds = Feeds.on(log, bus)
                .settings(FeedSettings.builder()
                        .pageEvents(7)
                        .pageBytes(10_000)
                        .preload(10)
                        .memoryPerWorkspace(5_000)
                        .memoryPerNode(1_000_000)
                        .headCheck(Duration.ofMillis(50))
                        .idleAfter(Duration.ofSeconds(60))
                        .build())
                .build(EventEncoder.identity(), this::outlet);
    }

    @BeforeEach
    void migrate() {
        Flyway.configure()
                .dataSource(sources.writer())
                .locations("classpath:io/heliograph/eventlog/migration")
                .load()
                .migrate();
    }

    @AfterEach
    void close() {
        feeds.close();
        log.close();
        sources.close();
    }

    /** One hint of five gets lost. */
    private static final class LossyBus implements Bus {
        private final LocalBus bus = new LocalBus();
        private final Random random = new Random(11);

        @Override
        public synchronized void publish(Hint hint) {
            if (random.nextInt(5) > 0) {
                bus.publish(hint);
            }
        }

        @Override
        public void signal(Signal signal) {
            bus.signal(signal);
        }

        @Override
        public void follow(WorkspaceId workspace) {
            bus.follow(workspace);
        }

        @Override
        public void unfollow(WorkspaceId workspace) {
            bus.unfollow(workspace);
        }

        @Override
        public Subscription subscribe(Listener listener) {
            return bus.subscribe(listener);
        }

        @Override
        public void close() {
            bus.close();
        }
    }

    private static final class Socket implements Subscriber<Event> {
        final ConcurrentLinkedQueue<Long> offsets = new ConcurrentLinkedQueue<>();
        final ConcurrentLinkedQueue<ResetReason> resets = new ConcurrentLinkedQueue<>();
        private final long after;
        private final List<Socket> attached;

        Socket(long after, List<Socket> attached) {
            this.after = after;
            this.attached = attached;
        }

        long last() {
            return offsets.stream().reduce(after, (earlier, later) -> later);
        }

        @Override
        public CompletionStage<?> page(List<Event> page) {
            page.forEach(event -> offsets.add(event.offset()));
            // Ready on another thread, as a socket's loop would be.
            return CompletableFuture.supplyAsync(() -> true);
        }

        @Override
        public void attached(Cursor cursor) {
            synchronized (attached) {
                attached.add(this);
            }
        }

        @Override
        public void reset(ResetReason reason, Cursor head) {
            resets.add(reason);
        }
    }

    private void outlet(WorkspaceId workspace, List<Event> batch) {
        synchronized (attached) {
            attached.forEach(socket -> batch.forEach(event -> socket.offsets.add(event.offset())));
        }
    }

    private Future<?> write(Callers callers) {
        return callers.submit(() -> {
            for (int i = 0; i < EVENTS / WRITERS; i++) {
                log.write(ACME, transaction -> {
                    transaction.append(draft("evt_" + Samples.nextId()));
                    return 0;
                });
            }
            return 0;
        });
    }

    @Test
    void socketsThatJoinAtAnyTimeMissNothingAndRepeatNothing() throws Exception {
        Random random = new Random(13);
        List<Socket> joined = new ArrayList<>();
        List<Socket> followers = new ArrayList<>();
        try (Callers callers = new Callers()) {
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                writers.add(write(callers));
            }
            for (int i = 0; i < 150; i++) {
                Optional<Event> seen =
                        log.after(ACME, random.nextInt(EVENTS), 1).stream().findFirst();
                StartPosition start =
                        seen.map(event -> StartPosition.after(event.cursor())).orElse(StartPosition.oldest());
                long after = seen.map(Event::offset).orElse(0L);
                Socket socket = new Socket(after, attached);
                var _ = feeds.join(ACME, start, event -> true, socket);
                joined.add(socket);
                Socket follower = new Socket(after, new ArrayList<>());
                var _ = feeds.follow(ACME, start, event -> true, follower);
                followers.add(follower);
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        }
        joined.addAll(followers);

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(joined)
                        .allSatisfy(socket -> assertThat(socket.last()).isEqualTo(EVENTS)));
        for (Socket socket : joined) {
            assertThat(socket.resets).isEmpty();
            assertThat(socket.offsets)
                    .containsExactlyElementsOf(LongStream.rangeClosed(socket.after + 1, EVENTS)
                            .boxed()
                            .toList());
        }
    }

    @Test
    void aThousandWaitingReadersCostNoThreadEach() {
        int before = Thread.activeCount();
        List<CompletableFuture<PollResult>> answers = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            answers.add(feeds.poll(ACME, StartPosition.now(), event -> true, 10, Duration.ofSeconds(55)));
        }
        int threads = Thread.activeCount() - before;

        await().untilAsserted(() -> {
            log.write(ACME, transaction -> {
                transaction.append(draft("evt_" + Samples.nextId()));
                return 0;
            });
            assertThat(answers).allMatch(CompletableFuture::isDone);
        });
        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.join())
                        .isInstanceOfSatisfying(
                                PollResult.Page.class,
                                page -> assertThat(page.events()).isNotEmpty()));
        assertThat(threads).isLessThan(50);
    }
}
