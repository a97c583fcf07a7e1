package io.heliograph.eventlog;

import static io.heliograph.eventlog.Samples.ACME;
import static io.heliograph.eventlog.Samples.OTHER;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bounds of feeds: bytes in memory, bytes replayed per second, reads at once; and that values are made once. */
class FeedLimitsTest {
    private static final int PAYLOAD = 1_000;

    private final ManualTime time = new ManualTime();
    private final FlakyBus bus = new FlakyBus();
    private final MemoryLog log = new MemoryLog(time::now, bus);
    private final List<String> outlet = new ArrayList<>();
    private final Frames frames = new Frames();
    private final List<Counter> joined = new ArrayList<>();

    /** What a callback throws is only logged, so resets are collected and looked at here. */
    @AfterEach
    void nobodyWasReset() {
        assertThat(joined).allSatisfy(reader -> assertThat(reader.resets).isEmpty());
    }

    /** Counts what is made of events and what of it is still held. */
    private static final class Frames implements EventEncoder<String> {
        final Map<String, Integer> made = new HashMap<>();
        int held;

        @Override
        public String encode(Event event) {
            held++;
            String frame = event.workspace() + "/" + event.offset();
            made.merge(frame, 1, Integer::sum);
            return frame;
        }

        @Override
        public int bytes(String encoded) {
            return PAYLOAD;
        }

        @Override
        public void release(String encoded) {
            held--;
        }
    }

    private static final class Counter implements Subscriber<String> {
        final List<String> frames = new ArrayList<>();
        final List<ResetReason> resets = new ArrayList<>();
        boolean attached;

        @Override
        public CompletionStage<?> page(List<String> page) {
            frames.addAll(page);
            return CompletableFuture.completedFuture(true);
        }

        @Override
        public void attached(Cursor cursor) {
            attached = true;
        }

        @Override
        public void reset(ResetReason reason, Cursor head) {
            resets.add(reason);
        }
    }

    private Feeds<String> feeds(FeedSettings settings) {
        return Feeds.on(log, bus)
                .settings(settings)
                .scheduler(time)
                .executors(time, time)
                .build(frames, (workspace, batch) -> outlet.addAll(batch));
    }

    private void append(WorkspaceId workspace, int count) {
        log.write(workspace, transaction -> {
            for (int i = 0; i < count; i++) {
                transaction.append(new Draft(
                        "evt_" + Samples.nextId(),
                        "x",
                        Audience.EVERYONE,
                        Optional.empty(),
                        position -> Payload.of("x".repeat(PAYLOAD).getBytes(StandardCharsets.UTF_8))));
            }
            return 0;
        });
    }

    private Counter join(Feeds<String> feeds, WorkspaceId workspace, StartPosition start) {
        Counter counter = new Counter();
        joined.add(counter);
        var _ = feeds.join(workspace, start, event -> true, counter);
        return counter;
    }

    @Test
    void aValueIsMadeOnceForAllReadersAndReleasedInTheEnd() {
        Feeds<String> feeds = feeds(FeedSettings.defaults());
        append(ACME, 20);
        for (int i = 0; i < 10; i++) {
            join(feeds, ACME, StartPosition.oldest());
        }
        time.settle();
        append(ACME, 5);
        time.settle();

        assertThat(frames.made)
                .hasSize(25)
                .allSatisfy((frame, times) -> assertThat(times).isEqualTo(1));
        assertThat(outlet).hasSize(5);
        feeds.close();
        time.settle();
        assertThat(frames.held).isZero();
        assertThat(feeds.memoryBytes()).isZero();
    }

    @Test
    void valuesOfPagesFromTheLogAreReleasedAtOnce() {
        Feeds<String> feeds = feeds(FeedSettings.builder()
                .preload(0)
                .memoryPerWorkspace(0)
                .memoryPerNode(0)
                .build());
        append(ACME, 20);

        Counter reader = join(feeds, ACME, StartPosition.oldest());
        time.settle();

        assertThat(reader.frames).isEqualTo(framesUpTo(20));
        assertThat(frames.held).isZero();
    }

    @Test
    void memoryIsBoundedPerWorkspace() {
        Feeds<String> feeds = feeds(FeedSettings.builder()
                .preload(100)
                .memoryPerWorkspace(10_000)
                .memoryPerNode(1_000_000)
                .build());
        join(feeds, ACME, StartPosition.now());
        time.settle();
        for (int i = 0; i < 50; i++) {
            append(ACME, 1);
            time.settle();
            assertThat(feeds.memoryBytes()).isLessThanOrEqualTo(10_000);
        }

        assertThat(feeds.memoryBytes()).isGreaterThan(5_000);
        assertThat(outlet).hasSize(50);
    }

    @Test
    void memoryIsSharedAmongTheWorkspacesOfANode() {
        Feeds<String> feeds = feeds(FeedSettings.builder()
                .preload(100)
                .memoryPerWorkspace(40_000)
                .memoryPerNode(50_000)
                .build());
        join(feeds, ACME, StartPosition.now());
        time.settle();
        append(ACME, 100);
        time.settle();
        assertThat(feeds.memoryBytes()).isGreaterThan(30_000);

        join(feeds, OTHER, StartPosition.now());
        time.settle();
        append(OTHER, 100);
        time.settle();
        time.advance(Duration.ofSeconds(2));

        assertThat(feeds.memoryBytes()).isLessThanOrEqualTo(50_000);
    }

    @Test
    void replayedBytesPerSecondAreBoundedAndLiveReadersDoNotWait() {
        FeedSettings settings = FeedSettings.builder()
                .pageEvents(5)
                .pageBytes(100_000)
                .readsPerWorkspace(4)
                .readsPerNode(8)
                .replayBytesPerSecond(10 * PAYLOAD)
                .build();
        Feeds<String> feeds = feeds(settings);
        append(ACME, 20);
        List<Counter> storm = new ArrayList<>();
        join(feeds, ACME, StartPosition.now());
        for (int i = 0; i < 10; i++) {
            storm.add(join(feeds, ACME, StartPosition.oldest()));
        }
        time.settle();
        int atOnce = total(storm);
        append(ACME, 1);
        time.settle();
        time.advance(Duration.ofSeconds(5));
        int afterFive = total(storm) - atOnce;
        time.advance(Duration.ofSeconds(60));

        assertThat(outlet).hasSize(1);
        assertThat(atOnce).isBetween(1, 5);
        assertThat(afterFive).isBetween(45, 60);
        assertThat(storm).allSatisfy(reader -> {
            assertThat(reader.attached).isTrue();
            // The event appended meanwhile came in a page, or through the outlet to who was attached by then.
            assertThat(reader.frames).isIn(framesUpTo(20), framesUpTo(21));
        });
    }

    @Test
    void bytesReadFromTheLogCountAsReplayed() {
        FeedSettings settings = FeedSettings.builder()
                .preload(0)
                .memoryPerWorkspace(0)
                .pageEvents(5)
                .replayBytesPerSecond(10 * PAYLOAD)
                .build();
        Feeds<String> feeds = feeds(settings);
        append(ACME, 20);
        List<Counter> storm = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            storm.add(join(feeds, ACME, StartPosition.oldest()));
        }
        time.settle();

        time.advance(Duration.ofSeconds(2));
        assertThat(total(storm)).isBetween(15, 35);
        time.advance(Duration.ofSeconds(60));
        assertThat(storm).allSatisfy(reader -> assertThat(reader.frames).isEqualTo(framesUpTo(20)));
    }

    @Test
    void newEventsForFollowersAreNotReplay() {
        Feeds<String> feeds =
                feeds(FeedSettings.builder().replayBytesPerSecond(50 * PAYLOAD).build());
        Counter follower = new Counter();
        joined.add(follower);
        var _ = feeds.follow(ACME, StartPosition.now(), event -> true, follower);
        time.settle();
        for (int i = 0; i < 20; i++) {
            append(ACME, 1);
            time.settle();
        }
        assertThat(follower.frames).isEqualTo(framesUpTo(20));

        Counter late = join(feeds, ACME, StartPosition.oldest());
        time.settle();

        assertThat(late.frames).isEqualTo(framesUpTo(20));
    }

    @Test
    void whatASubscriberThatWasAheadOfTheFeedGetsIsReplay() {
        Feeds<String> feeds =
                feeds(FeedSettings.builder().replayBytesPerSecond(50 * PAYLOAD).build());
        append(ACME, 1);
        join(feeds, ACME, StartPosition.now());
        time.settle();
        bus.lose = true;
        append(ACME, 6);
        Counter ahead = join(
                feeds,
                ACME,
                StartPosition.after(log.after(ACME, 2, 1).getFirst().cursor()));
        time.settle();
        assertThat(ahead.frames).hasSize(4);

        Counter next = join(feeds, ACME, StartPosition.oldest());
        time.settle();

        assertThat(next.frames).isEmpty();
        time.advance(Duration.ofSeconds(1));
        assertThat(next.frames).isEqualTo(framesUpTo(7));
    }

    @Test
    void aReaderThatHasEverythingDoesNotWaitForTheStorm() {
        Feeds<String> feeds = feeds(FeedSettings.builder()
                .readsPerWorkspace(4)
                .readsPerNode(8)
                .replayBytesPerSecond(PAYLOAD)
                .build());
        append(ACME, 50);
        for (int i = 0; i < 10; i++) {
            join(feeds, ACME, StartPosition.oldest());
        }
        time.settle();

        Counter current = join(feeds, ACME, StartPosition.after(log.open(ACME).cursor()));
        time.settle();

        assertThat(current.attached).isTrue();
    }

    @Test
    void aStormInOneWorkspaceLeavesReadsForAnother() {
        FeedSettings settings = FeedSettings.builder()
                .preload(0)
                .memoryPerWorkspace(0)
                .memoryPerNode(0)
                .pageEvents(1)
                .pageBytes(100_000)
                .readsPerWorkspace(2)
                .readsPerNode(2)
                .replayBytesPerSecond(100_000_000)
                .build();
        Feeds<String> feeds = feeds(settings);
        append(ACME, 50);
        append(OTHER, 3);
        for (int i = 0; i < 200; i++) {
            join(feeds, ACME, StartPosition.oldest());
        }
        runSome(2_000);
        int before = log.pageReads;

        Counter other = join(feeds, OTHER, StartPosition.oldest());
        while (!other.attached) {
            runSome(1);
        }

        // Three pages of its own, each behind at most the two reads and the two waiting ones of the storm.
        assertThat(log.pageReads - before).isLessThan(25);
    }

    private static List<String> framesUpTo(int last) {
        return IntStream.rangeClosed(1, last)
                .mapToObj(offset -> ACME + "/" + offset)
                .toList();
    }

    private void runSome(int steps) {
        for (int i = 0; i < steps; i++) {
            time.step(0);
        }
    }

    private static int total(List<Counter> readers) {
        return readers.stream().mapToInt(reader -> reader.frames.size()).sum();
    }
}
