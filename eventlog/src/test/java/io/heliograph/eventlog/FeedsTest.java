package io.heliograph.eventlog;

import static io.heliograph.eventlog.Samples.ACME;
import static io.heliograph.eventlog.Samples.OTHER;
import static io.heliograph.eventlog.Samples.draft;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class FeedsTest {
    private static final Duration HEAD_CHECK = FeedSettings.defaults().headCheck();

    private final ManualTime time = new ManualTime();
    private final FlakyBus bus = new FlakyBus();
    private final MemoryLog log = new MemoryLog(time::now, bus);
    private final List<String> outlet = new ArrayList<>();
    private Feeds<Event> feeds = feeds(FeedSettings.defaults());

    private Feeds<Event> feeds(FeedSettings settings) {
        return Feeds.on(log, bus)
                .settings(settings)
                .scheduler(time)
                .executors(time, time)
                .build(
                        EventEncoder.identity(),
                        (workspace, batch) -> outlet.add(workspace.value()
                                + batch.stream().map(Event::offset).toList()));
    }

    private RecordingSubscriber join(StartPosition start) {
        return join(start, FeedsTest::all, false);
    }

    private RecordingSubscriber join(StartPosition start, Predicate<Event> visible, boolean slow) {
        RecordingSubscriber recorder = new RecordingSubscriber(slow);
        var _ = feeds.join(ACME, start, visible, recorder);
        time.settle();
        return recorder;
    }

    private void append(int count) {
        append(ACME, count);
    }

    private void append(WorkspaceId workspace, int count) {
        log.write(workspace, transaction -> {
            for (int i = 0; i < count; i++) {
                transaction.append(draft("evt_" + Samples.nextId()));
            }
            return 0;
        });
    }

    private Cursor cursor(long offset) {
        return offset == 0
                ? Cursor.beforeFirst(log.open(ACME).cursor().epoch())
                : log.after(ACME, offset - 1, 1).getFirst().cursor();
    }

    private static boolean all(Event event) {
        return true;
    }

    @Test
    void aReaderWithoutACursorIsAttachedAtTheHead() {
        append(3);

        RecordingSubscriber reader = join(StartPosition.now());
        append(1);
        time.settle();

        assertThat(reader.seen).containsExactly("attached 3");
        assertThat(outlet).containsExactly("ws_acme[4]");
    }

    @Test
    void aReaderCatchesUpPageByPageAndIsAttachedAtTheSeam() {
        feeds = feeds(FeedSettings.builder().pageEvents(2).pageBytes(1_000_000).build());
        append(5);

        RecordingSubscriber reader = join(StartPosition.after(cursor(1)));
        append(1);
        time.settle();

        assertThat(reader.seen).containsExactly("page[2, 3]", "page[4, 5]", "attached 5");
        assertThat(outlet).containsExactly("ws_acme[6]");
    }

    @Test
    void theNextPageWaitsForTheReaderWhileOthersStayLive() {
        feeds = feeds(FeedSettings.builder().pageEvents(2).pageBytes(1_000_000).build());
        append(4);
        join(StartPosition.now());

        RecordingSubscriber slow = join(StartPosition.after(cursor(0)), FeedsTest::all, true);
        append(1);
        time.settle();

        assertThat(slow.seen).containsExactly("page[1, 2]");
        assertThat(outlet).containsExactly("ws_acme[5]");
        slow.ready.complete(true);
        time.settle();
        slow.ready.complete(true);
        time.settle();
        assertThat(slow.seen).containsExactly("page[1, 2]", "page[3, 4]", "page[5]", "attached 5");
    }

    @Test
    void eventsThatAreNotForTheReaderCountAsPassed() {
        append(1);
        log.write(ACME, transaction -> {
            transaction.append(draft("evt_secret", Audience.member("mem_2")));
            return 0;
        });
        append(1);

        RecordingSubscriber reader =
                join(StartPosition.oldest(), event -> event.audience() instanceof Audience.Everyone, false);

        assertThat(reader.seen).containsExactly("page[1, 3]", "attached 3");
    }

    @Test
    void aLostHintIsRepairedByTheNextOne() {
        join(StartPosition.now());
        bus.lose = true;
        append(2);
        bus.lose = false;
        append(1);
        time.settle();

        assertThat(outlet).containsExactly("ws_acme[1, 2, 3]");
    }

    @Test
    void aLostHintIsRepairedByTheHeadCheck() {
        join(StartPosition.now());
        bus.lose = true;
        append(2);
        time.settle();
        assertThat(outlet).isEmpty();

        time.advance(HEAD_CHECK);

        assertThat(outlet).containsExactly("ws_acme[1, 2]");
    }

    @Test
    void aBusThatIsBackMakesTheFeedsLookAtOnce() {
        join(StartPosition.now());
        bus.lose = true;
        append(2);

        bus.reconnect();
        time.settle();

        assertThat(outlet).containsExactly("ws_acme[1, 2]");
    }

    @Test
    void doubledAndLateHintsAreDropped() {
        join(StartPosition.now());
        append(1);
        append(1);
        time.settle();

        bus.repeat();
        time.settle();

        assertThat(outlet).containsExactly("ws_acme[1, 2]");
    }

    @Test
    void hintsInTheWrongOrderGoOutInTheRightOne() {
        join(StartPosition.now());
        bus.hold = true;
        append(1);
        append(1);
        append(1);
        bus.releaseReversed();
        time.settle();

        assertThat(outlet).containsExactly("ws_acme[1, 2, 3]");
    }

    @Test
    void aCursorOfAnEarlierEpochIsReset() {
        append(2);
        Cursor old = cursor(2);
        log.newEpoch(ACME);

        assertThat(join(StartPosition.after(old)).seen).containsExactly("reset epoch-changed 2", "attached 2");
    }

    @Test
    void aCursorOfAnotherWorkspaceIsReset() {
        append(2);
        append(OTHER, 1);

        RecordingSubscriber reader = join(StartPosition.after(log.open(OTHER).cursor()));

        assertThat(reader.seen).containsExactly("reset other-workspace 2", "attached 2");
    }

    @Test
    void aCursorPastTheHeadIsReset() {
        append(2);

        RecordingSubscriber reader =
                join(StartPosition.after(new Cursor(log.open(ACME).cursor().epoch(), 9, "abc")));

        assertThat(reader.seen).containsExactly("reset ahead-of-head 2", "attached 2");
    }

    @Test
    void aForgedCheckIsReset() {
        feeds = feeds(FeedSettings.builder()
                .preload(0)
                .memoryPerWorkspace(0)
                .memoryPerNode(0)
                .build());
        append(3);
        String epoch = log.open(ACME).cursor().epoch();

        for (int offset = 0; offset <= 3; offset++) {
            assertThat(join(StartPosition.after(new Cursor(epoch, offset, "forged"))).seen)
                    .containsExactly("reset mismatch 3", "attached 3");
        }
    }

    @Test
    void aCursorOlderThanRetentionIsReset() {
        append(5);
        Cursor old = cursor(1);
        Cursor unprovable = cursor(3);
        Cursor kept = cursor(4);
        log.dropBefore(ACME, 4);

        assertThat(join(StartPosition.after(old)).seen).containsExactly("reset too-old 5", "attached 5");
        assertThat(join(StartPosition.after(unprovable)).seen).containsExactly("reset too-old 5", "attached 5");
        assertThat(join(StartPosition.after(kept)).seen).containsExactly("page[5]", "attached 5");
    }

    @Test
    void aCursorAheadOfAFeedThatLagsWaitsForIt() {
        append(1);
        join(StartPosition.now());
        bus.lose = true;
        append(3);

        RecordingSubscriber reader = join(StartPosition.after(cursor(3)));

        assertThat(reader.seen).containsExactly("page[4]", "attached 4");
        assertThat(outlet).containsExactly("ws_acme[2, 3, 4]");
    }

    @Test
    void aNewEpochResetsThoseWhoAreAttached() {
        append(2);
        RecordingSubscriber reader = join(StartPosition.now());
        log.reset(ACME);
        append(1);

        time.advance(HEAD_CHECK);
        append(1);
        time.settle();

        assertThat(reader.seen).containsExactly("attached 2", "reset epoch-changed 1");
        assertThat(outlet).containsExactly("ws_acme[2]");
    }

    @Test
    void aLogThatWasRestoredUnderTheFeedIsNoticed() {
        append(4);
        RecordingSubscriber reader = join(StartPosition.now());
        log.restore(ACME, 2);
        time.advance(HEAD_CHECK);

        assertThat(reader.seen).containsExactly("attached 4", "reset ahead-of-head 2");

        bus.lose = true;
        append(1);
        time.advance(HEAD_CHECK);
        log.restore(ACME, 2);
        append(2);
        time.advance(HEAD_CHECK);
        assertThat(outlet).containsExactly("ws_acme[3]");
        assertThat(reader.seen).endsWith("reset mismatch 4");
    }

    @Test
    void aReaderThatLeftHearsNothing() {
        feeds = feeds(FeedSettings.builder().pageEvents(1).pageBytes(1_000_000).build());
        append(3);
        RecordingSubscriber reader = new RecordingSubscriber(true);
        Subscription subscription = feeds.join(ACME, StartPosition.oldest(), FeedsTest::all, reader);
        time.settle();

        subscription.close();
        reader.ready.complete(true);
        time.settle();

        assertThat(reader.seen).containsExactly("page[1]");
    }

    @Test
    void aReaderThatThrowsIsDroppedAndTheOthersGoOn() {
        RecordingSubscriber broken = new RecordingSubscriber(false) {
            @Override
            public CompletionStage<?> page(List<Event> page) {
                throw new IllegalStateException("broken");
            }
        };
        append(1);
        var _ = feeds.join(ACME, StartPosition.oldest(), FeedsTest::all, broken);
        RecordingSubscriber good = join(StartPosition.oldest());

        assertThat(good.seen).containsExactly("page[1]", "attached 1");
    }

    @Test
    void aReaderWhoseFilterThrowsIsToldThatItIsDropped() {
        append(1);

        RecordingSubscriber reader = join(
                StartPosition.oldest(),
                event -> {
                    throw new IllegalStateException("broken filter");
                },
                false);

        assertThat(reader.seen).containsExactly("dropped");
    }

    @Test
    void anOutletThatThrowsLeadsToAResetAndNotToAHole() {
        boolean[] broken = {true};
        feeds = Feeds.on(log, bus)
                .scheduler(time)
                .executors(time, time)
                .build(EventEncoder.identity(), (workspace, batch) -> {
                    if (broken[0]) {
                        throw new IllegalStateException("broken outlet");
                    }
                    outlet.add("after " + batch.getFirst().offset());
                });
        RecordingSubscriber reader = join(StartPosition.now());
        append(2);
        time.settle();
        broken[0] = false;
        append(1);
        time.settle();

        assertThat(reader.seen).containsExactly("attached 0", "reset delivery-failed 2");
        assertThat(outlet).containsExactly("after 3");
    }

    @Test
    void aReconnectionStormReadsNoSql() {
        append(200);
        join(StartPosition.now());
        int before = log.pageReads;

        for (int i = 0; i < 500; i++) {
            assertThat(join(StartPosition.after(cursorWithoutRead(100))).seen).endsWith("attached 200");
        }

        assertThat(log.pageReads - before).isEqualTo(500);
    }

    /** Costs exactly one page read of its own. */
    private Cursor cursorWithoutRead(long offset) {
        return cursor(offset);
    }

    @Test
    void aFollowerGetsPagesForEver() {
        append(2);
        RecordingSubscriber reader = new RecordingSubscriber(false);
        var _ = feeds.follow(ACME, StartPosition.after(cursor(1)), FeedsTest::all, reader);
        time.settle();
        append(1);
        time.settle();

        assertThat(reader.seen).containsExactly("page[2]", "attached 2", "page[3]");
        assertThat(outlet).isEmpty();
    }

    @Test
    void aSlowFollowerGetsWhatPiledUpInOnePage() {
        RecordingSubscriber reader = new RecordingSubscriber(true);
        var _ = feeds.follow(ACME, StartPosition.now(), FeedsTest::all, reader);
        time.settle();
        append(1);
        time.settle();
        append(2);
        append(3);
        time.settle();
        assertThat(reader.seen).containsExactly("attached 0", "page[1]");

        reader.ready.complete(true);
        time.settle();

        assertThat(reader.seen).endsWith("page[2, 3, 4, 5, 6]");
    }

    @Test
    void aWaitEndsWithTheFirstVisibleEvent() {
        append(1);
        CompletableFuture<PollResult> answer = feeds.poll(
                ACME,
                StartPosition.now(),
                event -> event.audience() instanceof Audience.Everyone,
                10,
                Duration.ofSeconds(25));
        time.settle();
        log.write(ACME, transaction -> {
            transaction.append(draft("evt_secret", Audience.member("mem_2")));
            return 0;
        });
        time.settle();
        assertThat(answer).isNotDone();

        append(1);
        time.settle();

        assertThat(answer.join()).isInstanceOfSatisfying(PollResult.Page.class, page -> {
            assertThat(page.events()).extracting(Event::offset).containsExactly(3L);
            assertThat(page.cursor()).isEqualTo(cursor(3));
        });
    }

    @Test
    void aWaitThatRunsOutSaysWhereToGoOn() {
        append(1);
        CompletableFuture<PollResult> answer =
                feeds.poll(ACME, StartPosition.now(), event -> false, 10, Duration.ofSeconds(25));
        time.settle();
        append(1);

        time.advance(Duration.ofSeconds(25));

        assertThat(answer.join()).isEqualTo(new PollResult.Page(List.of(), cursor(2)));
    }

    @Test
    void aWaitWithoutPatienceAnswersAtOnce() {
        append(3);
        CompletableFuture<PollResult> some =
                feeds.poll(ACME, StartPosition.after(cursor(1)), FeedsTest::all, 1, Duration.ZERO);
        CompletableFuture<PollResult> none = feeds.poll(ACME, StartPosition.now(), FeedsTest::all, 1, Duration.ZERO);
        CompletableFuture<PollResult> wrong = feeds.poll(
                ACME,
                StartPosition.after(new Cursor(cursor(1).epoch(), 1, "forged")),
                FeedsTest::all,
                1,
                Duration.ZERO);
        time.settle();

        assertThat(some.join()).isInstanceOfSatisfying(PollResult.Page.class, page -> {
            assertThat(page.events()).extracting(Event::offset).containsExactly(2L);
            assertThat(page.cursor()).isEqualTo(cursor(2));
        });
        assertThat(none.join()).isEqualTo(new PollResult.Page(List.of(), cursor(3)));
        assertThat(wrong.join()).isEqualTo(new PollResult.Reset(ResetReason.MISMATCH, cursor(3)));
    }

    @Test
    void anUnreachableDatabaseIsTriedAgain() {
        log.breakReads(true);
        RecordingSubscriber reader = join(StartPosition.now());
        CompletableFuture<PollResult> wait =
                feeds.poll(ACME, StartPosition.now(), FeedsTest::all, 1, Duration.ofSeconds(1));
        time.advance(Duration.ofSeconds(3));
        assertThat(reader.seen).isEmpty();
        assertThatThrownBy(wait::join).hasCauseInstanceOf(EventLogException.class);

        log.breakReads(false);
        time.advance(Duration.ofSeconds(1));

        assertThat(reader.seen).containsExactly("attached 0");
    }

    @Test
    void aFeedWithoutReadersIsDroppedAfterAWhile() {
        Subscription subscription =
                feeds.join(ACME, StartPosition.now(), FeedsTest::all, new RecordingSubscriber(false));
        append(1);
        time.settle();
        subscription.close();
        time.advance(Duration.ofSeconds(50));
        assertThat(feeds.active()).isEqualTo(1);

        time.advance(Duration.ofSeconds(20));

        assertThat(feeds.active()).isZero();
        assertThat(feeds.memoryBytes()).isZero();
        assertThat(bus.followed).isEmpty();
    }

    @Test
    void closingAnswersThoseWhoWait() {
        append(1);
        CompletableFuture<PollResult> answer =
                feeds.poll(ACME, StartPosition.now(), FeedsTest::all, 1, Duration.ofSeconds(25));
        time.settle();

        feeds.close();
        time.settle();

        assertThat(answer.join()).isEqualTo(new PollResult.Page(List.of(), cursor(1)));
    }
}
