package io.heliograph.eventlog;

import static io.heliograph.eventlog.Samples.ACME;
import static io.heliograph.eventlog.Samples.draft;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What a feed makes of hints, of what it reads of the log, and of answers that are out of date when they arrive. */
class FeedDeliveryTest {
    private static final Duration HEAD_CHECK = FeedSettings.defaults().headCheck();
    private static final int PAYLOAD = "evt_100001@1".length();

    private final ManualTime time = new ManualTime();
    private final FlakyBus bus = new FlakyBus();
    private final MemoryLog log = new MemoryLog(time::now, bus);
    private final List<Long> delivered = new ArrayList<>();
    private final List<Integer> batches = new ArrayList<>();
    private final Counts counts = new Counts();
    private boolean sinkFails;
    private Feeds<Event> feeds = feeds(FeedSettings.defaults());

    private static final class Counts implements FeedMetrics {
        final List<String> deliveries = new ArrayList<>();
        int gapFilled;
        int hintsDropped;
        int readsFailed;
        final List<Long> depths = new ArrayList<>();
        final List<ResetReason> resets = new ArrayList<>();

        @Override
        public void catchUp(long depth) {
            depths.add(depth);
        }

        @Override
        public void reset(ResetReason reason) {
            resets.add(reason);
        }

        @Override
        public void delivered(int events, Duration lag) {
            deliveries.add(events + " after " + lag.toMillis() + " ms");
        }

        @Override
        public void gapFilled(int events) {
            gapFilled += events;
        }

        @Override
        public void hintDropped() {
            hintsDropped++;
        }

        @Override
        public void readFailed() {
            readsFailed++;
        }
    }

    @Test
    void whatTheSinkDoesNotWantIsNotEncodedUntilASubscriberGetsIt() {
        List<Long> encoded = new ArrayList<>();
        EventEncoder<Event> encoder = new EventEncoder<>() {
            @Override
            public Event encode(Event event) {
                encoded.add(event.offset());
                return event;
            }

            @Override
            public int bytes(Event event) {
                return 0;
            }

            @Override
            public void release(Event event) {}
        };
        feeds.close();
        feeds = Feeds.on(log, bus).scheduler(time).executors(time, time).build(encoder, new LiveSink<>() {
            @Override
            public boolean wants(Event event) {
                return event.offset() % 3 == 0;
            }

            @Override
            public void deliver(WorkspaceId workspace, List<Event> batch) {
                FeedDeliveryTest.this.deliver(workspace, batch);
            }
        });
        join(StartPosition.now());

        append(7);
        append(1);
        time.settle();

        assertThat(delivered).containsExactly(3L, 6L);
        assertThat(batches).as("no batch is empty").containsExactly(2);
        assertThat(encoded).containsExactly(3L, 6L);
        RecordingSubscriber late = join(StartPosition.after(cursor(4)));
        assertThat(late.seen).contains("page[5, 6, 7, 8]");
        assertThat(encoded).containsExactly(3L, 6L, 5L, 7L, 8L);
    }

    private Feeds<Event> feeds(FeedSettings settings) {
        return Feeds.on(log, bus)
                .settings(settings)
                .metrics(counts)
                .scheduler(time)
                .executors(time, time)
                .build(EventEncoder.identity(), this::deliver);
    }

    private void deliver(WorkspaceId workspace, List<Event> batch) {
        batches.add(batch.size());
        if (sinkFails) {
            throw new IllegalStateException("broken sink");
        }
        batch.forEach(event -> delivered.add(event.offset()));
    }

    private RecordingSubscriber join(StartPosition start) {
        RecordingSubscriber subscriber = new RecordingSubscriber(false);
        var _ = feeds.join(ACME, start, event -> true, subscriber);
        time.settle();
        return subscriber;
    }

    private void append(int count) {
        log.write(ACME, transaction -> {
            for (int i = 0; i < count; i++) {
                transaction.append(draft("evt_" + Samples.nextId()));
            }
            return 0;
        });
    }

    private void appendOneByOne(int count) {
        for (int i = 0; i < count; i++) {
            append(1);
        }
    }

    private Cursor cursor(long offset) {
        return log.after(ACME, offset - 1, 1).getFirst().cursor();
    }

    private static List<Long> offsets(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    @Test
    void ofHintsThatPileUpBeyondTheirBoundOnlyTheHeadIsKept() {
        feeds = feeds(FeedSettings.builder().pendingBytes(4 * PAYLOAD).build());
        join(StartPosition.now());

        appendOneByOne(7);
        time.settle();

        assertThat(delivered).isEqualTo(offsets(1, 7));
        assertThat(counts.gapFilled).isEqualTo(3);
    }

    @Test
    void hintsThatWereTakenLeaveRoomForOthers() {
        feeds = feeds(FeedSettings.builder().pendingBytes(4 * PAYLOAD).build());
        join(StartPosition.now());

        for (int i = 0; i < 12; i++) {
            append(1);
            time.settle();
        }

        assertThat(delivered).isEqualTo(offsets(1, 12));
        assertThat(counts.gapFilled).isZero();
    }

    @Test
    void hintsThatComeBeforeAGapKeepToTheirBoundAndTheRestIsRead() {
        feeds = feeds(FeedSettings.builder().pendingBytes(3 * PAYLOAD).build());
        join(StartPosition.now());
        bus.lose = true;
        append(1);
        bus.lose = false;

        for (int i = 0; i < 5; i++) {
            append(1);
            // The mailbox runs, the read of the gap does not.
            time.step(1);
        }
        time.settle();

        assertThat(delivered).isEqualTo(offsets(1, 6));
    }

    @Test
    void whatIsAppendedWhileAFeedOpensIsDeliveredAtOnce() {
        log.duringNextRead(() -> append(2));

        RecordingSubscriber reader = join(StartPosition.now());

        assertThat(reader.seen).containsExactly("attached 0");
        assertThat(delivered).containsExactly(1L, 2L);
    }

    @Test
    void whatIsAppendedBetweenTheTwoReadsOfAnOpeningFeedIsDeliveredOnce() {
        append(3);
        log.duringNextRead(() -> log.duringNextRead(() -> append(2)));

        RecordingSubscriber reader = join(StartPosition.now());

        assertThat(reader.seen).containsExactly("attached 3");
        assertThat(delivered).containsExactly(4L, 5L);
    }

    @Test
    void anOpeningFeedKeepsTheNewestInMemory() {
        append(10);
        feeds = feeds(FeedSettings.builder()
                .preload(4)
                .memoryPerWorkspace(1 << 20)
                .memoryPerNode(1 << 20)
                .build());
        join(StartPosition.now());
        StartPosition atOldestInMemory = StartPosition.after(cursor(7));
        StartPosition before = StartPosition.after(cursor(6));
        int reads = log.pageReads;

        assertThat(join(atOldestInMemory).seen).containsExactly("page[8, 9, 10]", "attached 10");
        assertThat(log.pageReads).isEqualTo(reads);
        assertThat(join(before).seen).containsExactly("page[7, 8, 9, 10]", "attached 10");
        assertThat(log.pageReads).isEqualTo(reads + 1);
    }

    @Test
    void aHintOfAnotherEpochIsLookedIntoAtOnce() {
        append(2);
        RecordingSubscriber reader = join(StartPosition.now());
        log.reset(ACME);

        append(1);
        time.settle();

        assertThat(reader.seen).containsExactly("attached 2", "reset epoch-changed 1");
        assertThat(delivered).isEmpty();
    }

    @Test
    void aGapThatRetentionHasOvertakenIsAResetAsTooOld() {
        append(2);
        RecordingSubscriber reader = join(StartPosition.now());
        bus.lose = true;
        append(4);
        log.dropBefore(ACME, 5);

        time.advance(HEAD_CHECK);

        assertThat(reader.seen).containsExactly("attached 2", "reset too-old 6");
    }

    @Test
    void aGapThatRetentionReachesExactlyIsDelivered() {
        append(2);
        RecordingSubscriber reader = join(StartPosition.now());
        bus.lose = true;
        append(4);
        log.dropBefore(ACME, 3);

        time.advance(HEAD_CHECK);

        assertThat(reader.seen).containsExactly("attached 2");
        assertThat(delivered).isEqualTo(offsets(3, 6));
    }

    @Test
    void aGapInALogThatWasReplacedIsAResetAsMismatch() {
        append(4);
        RecordingSubscriber reader = join(StartPosition.now());
        bus.lose = true;
        log.restore(ACME, 2);
        append(5);

        time.advance(HEAD_CHECK);

        assertThat(reader.seen).containsExactly("attached 4", "reset mismatch 7");
        assertThat(delivered).isEmpty();
    }

    @Test
    void aGapReadInAnEarlierEpochCountsForNothing() {
        append(1);
        RecordingSubscriber reader = join(StartPosition.now());
        bus.lose = true;
        append(3);
        log.duringNextRead(() -> log.duringNextRead(() -> {
            // The gap is read, and before the feed has it, the log is another and the feed has noticed.
            log.reset(ACME);
            bus.lose = false;
            append(1);
            time.settle();
        }));

        time.advance(HEAD_CHECK);

        assertThat(reader.seen).containsExactly("attached 1", "reset epoch-changed 1");
        assertThat(delivered).isEmpty();
        append(1);
        time.settle();
        assertThat(delivered).containsExactly(2L);
    }

    @Test
    void hintsKeptForAnEarlierEpochAreForgotten() {
        append(1);
        join(StartPosition.now());
        bus.lose = true;
        append(1);
        bus.lose = false;
        append(1);
        // The mailbox keeps offset 3; before the gap is read, the log is another.
        time.step(0);
        log.reset(ACME);
        append(2);
        time.settle();
        delivered.clear();

        append(2);
        time.settle();

        assertThat(delivered).isEqualTo(offsets(3, 4));
        assertThat(log.after(ACME, 0, 10)).hasSize(4);
    }

    @Test
    void aLateHintDoesNotMakeTheFeedForgetHowFarTheLogReaches() {
        feeds = feeds(FeedSettings.builder().pageEvents(1).build());
        join(StartPosition.now());
        bus.lose = true;
        appendOneByOne(6);
        bus.lose = false;
        append(1);
        // The mailbox asks for the gap; before it is read, the first hint arrives.
        time.step(0);

        bus.deliver(bus.sent.getFirst());
        time.settle();

        assertThat(delivered).isEqualTo(offsets(1, 7));
    }

    @Test
    void anEventThatAHintBroughtIsNotReadAgainWithTheGapBeforeIt() {
        feeds = feeds(FeedSettings.builder().pageEvents(1).build());
        append(1);
        join(StartPosition.now());
        bus.lose = true;
        append(1);
        bus.lose = false;
        append(1);
        time.settle();

        assertThat(delivered).containsExactly(2L, 3L);
        assertThat(counts.gapFilled).isEqualTo(1);
    }

    @Test
    void anotherLogOfTheSameLengthIsNoticedByTheReadOfAGap() {
        feeds = feeds(FeedSettings.builder().pendingBytes(0).build());
        append(2);
        RecordingSubscriber reader = join(StartPosition.now());
        append(1);
        bus.lose = true;
        log.reset(ACME);
        append(2);

        time.settle();

        assertThat(reader.seen).containsExactly("attached 2", "reset epoch-changed 2");
    }

    @Test
    void aHeadThatWasReadBeforeTheFeedMovedOnIsNoStepBack() {
        append(1);
        RecordingSubscriber reader = join(StartPosition.now());
        log.duringNextRead(() -> append(2));

        time.advance(HEAD_CHECK);

        assertThat(reader.seen).containsExactly("attached 1");
        assertThat(delivered).containsExactly(2L, 3L);
    }

    @Test
    void aHeadThatWasReadInAnEarlierEpochCountsForNothing() {
        append(3);
        RecordingSubscriber reader = join(StartPosition.now());
        log.duringNextRead(() -> {
            log.reset(ACME);
            append(1);
            time.settle();
        });

        time.advance(HEAD_CHECK);

        assertThat(reader.seen).containsExactly("attached 3", "reset epoch-changed 1");
    }

    @Test
    void memoryDoesNotOutliveRetentionByMoreThanAHeadCheck() {
        append(6);
        join(StartPosition.now());
        StartPosition old = StartPosition.after(cursor(2));
        StartPosition kept = StartPosition.after(cursor(5));
        log.dropBefore(ACME, 5);

        time.advance(HEAD_CHECK);

        assertThat(join(old).seen).containsExactly("reset too-old 6", "attached 6");
        assertThat(join(kept).seen).containsExactly("page[6]", "attached 6");
    }

    @Test
    void theSinkGetsBatchesOfBoundedSize() {
        join(StartPosition.now());

        append(600);
        time.settle();

        assertThat(batches).containsExactly(256, 256, 88);
        assertThat(delivered).isEqualTo(offsets(1, 600));
    }

    @Test
    void aSinkThatFailedGetsNothingMoreOfThatDelivery() {
        RecordingSubscriber reader = join(StartPosition.now());
        sinkFails = true;

        append(600);
        time.settle();

        assertThat(batches).containsExactly(256);
        assertThat(reader.seen).containsExactly("attached 0", "reset delivery-failed 600");
    }

    @Test
    void theSinkIsNotCalledWhenNobodyIsAttached() {
        Subscription subscription =
                feeds.join(ACME, StartPosition.now(), event -> true, new RecordingSubscriber(false));
        time.settle();
        append(1);
        time.settle();
        subscription.close();

        append(1);
        time.settle();

        assertThat(delivered).containsExactly(1L);
    }

    @Test
    void theLagIsThatOfTheOldestEvent() {
        join(StartPosition.now());
        bus.lose = true;
        append(1);
        time.advance(Duration.ofMillis(500));
        bus.lose = false;
        append(1);
        time.settle();

        assertThat(counts.deliveries).containsExactly("2 after 500 ms");
    }

    @Test
    void aLagIsNeverNegative() {
        join(StartPosition.now());
        Hint fromAFastClock = new Hint(
                ACME,
                Cursor.at(log.open(ACME).cursor().epoch(), 1, "evt_100001"),
                List.of(new Event(
                        ACME,
                        new Position(
                                log.open(ACME).cursor().epoch(), 1, time.now().plusSeconds(5)),
                        "evt_100001",
                        "x",
                        Audience.EVERYONE,
                        Optional.empty(),
                        Payload.of(new byte[0]))));

        bus.deliver(fromAFastClock);
        time.settle();

        assertThat(counts.deliveries).containsExactly("1 after 0 ms");
    }

    @Test
    void catchingUpIsCountedByItsDepthAndResetsByTheirReason() {
        append(5);
        join(StartPosition.after(cursor(2)));
        join(StartPosition.now());
        join(StartPosition.after(new Cursor(cursor(1).epoch(), 9, "abc")));

        assertThat(counts.depths).containsExactly(3L, 0L);
        assertThat(counts.resets).containsExactly(ResetReason.AHEAD_OF_HEAD);
    }

    @Test
    void aConfirmedSubscriptionToTheBusMakesTheFeedLookAtOnce() {
        join(StartPosition.now());
        bus.lose = true;
        append(2);

        bus.confirm(ACME);
        time.settle();

        assertThat(delivered).containsExactly(1L, 2L);
    }

    @Test
    void aHintOfNothingNewIsCountedAsDropped() {
        join(StartPosition.now());
        append(1);
        time.settle();

        bus.repeat();
        time.settle();

        assertThat(counts.hintsDropped).isEqualTo(1);
    }

    @Test
    void aHeadCheckThatFailsIsCountedAndTheNextOneRepairs() {
        join(StartPosition.now());
        bus.lose = true;
        append(1);
        log.breakReads(true);
        time.advance(HEAD_CHECK);
        log.breakReads(false);

        time.advance(HEAD_CHECK);

        assertThat(counts.readsFailed).isEqualTo(1);
        assertThat(delivered).containsExactly(1L);
    }

    @Test
    void aGapThatCannotBeReadIsTriedAgain() {
        join(StartPosition.now());
        bus.lose = true;
        append(1);
        bus.lose = false;
        append(1);
        log.breakReads(true);
        time.settle();
        log.breakReads(false);
        assertThat(counts.readsFailed).isEqualTo(1);

        time.advance(FeedSettings.defaults().retry());

        assertThat(delivered).containsExactly(1L, 2L);
    }

    @Test
    void closedFeedsLeaveNoListenerAndNoTimer() {
        join(StartPosition.now());

        feeds.close();
        time.settle();

        assertThat(bus.listeners()).isZero();
        assertThat(bus.followed).isEmpty();
        assertThat(time.timers()).isZero();
    }
}
