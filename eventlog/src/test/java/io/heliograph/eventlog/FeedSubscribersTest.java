package io.heliograph.eventlog;

import static io.heliograph.eventlog.Samples.ACME;
import static io.heliograph.eventlog.Samples.draft;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What single subscribers are told: pages and their bounds, failures, resets, and the ends of polls. */
class FeedSubscribersTest {
    private static final Duration HEAD_CHECK = FeedSettings.defaults().headCheck();
    private static final int PAYLOAD = "evt_100001@1".length();

    private final ManualTime time = new ManualTime();
    private final FlakyBus bus = new FlakyBus();
    private final MemoryLog log = new MemoryLog(time::now, bus);
    private final List<Long> delivered = new ArrayList<>();
    private Feeds<Event> feeds = feeds(FeedSettings.defaults());

    private Feeds<Event> feeds(FeedSettings settings) {
        return Feeds.on(log, bus)
                .settings(settings)
                .scheduler(time)
                .executors(time, time)
                .build(
                        EventEncoder.identity(),
                        (workspace, batch) -> batch.forEach(event -> delivered.add(event.offset())));
    }

    private Feeds<Event> withoutMemory() {
        return feeds(FeedSettings.builder()
                .preload(0)
                .memoryPerWorkspace(0)
                .memoryPerNode(0)
                .build());
    }

    private RecordingSubscriber join(StartPosition start, boolean slow) {
        RecordingSubscriber subscriber = new RecordingSubscriber(slow);
        var _ = feeds.join(ACME, start, event -> true, subscriber);
        time.settle();
        return subscriber;
    }

    private RecordingSubscriber follow(StartPosition start, boolean slow) {
        RecordingSubscriber subscriber = new RecordingSubscriber(slow);
        var _ = feeds.follow(ACME, start, event -> true, subscriber);
        time.settle();
        return subscriber;
    }

    private CompletableFuture<PollResult> poll(StartPosition start, int limit, Duration timeout) {
        return feeds.poll(ACME, start, event -> true, limit, timeout);
    }

    private void append(int count) {
        log.write(ACME, transaction -> {
            for (int i = 0; i < count; i++) {
                transaction.append(draft("evt_" + Samples.nextId()));
            }
            return 0;
        });
    }

    private Cursor cursor(long offset) {
        return log.after(ACME, offset - 1, 1).getFirst().cursor();
    }

    @Test
    void aPageEndsWithTheEventThatTakesItToItsBytes() {
        feeds = feeds(
                FeedSettings.builder().pageEvents(100).pageBytes(2 * PAYLOAD).build());
        append(5);

        assertThat(join(StartPosition.oldest(), false).seen)
                .containsExactly("page[1, 2]", "page[3, 4]", "page[5]", "attached 5");
    }

    @Test
    void oneStepServesABoundedNumberOfPages() {
        append(1);
        join(StartPosition.now(), false);
        List<RecordingSubscriber> storm = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            RecordingSubscriber subscriber = new RecordingSubscriber(false);
            var _ = feeds.join(ACME, StartPosition.oldest(), event -> true, subscriber);
            storm.add(subscriber);
        }

        time.step(0);

        assertThat(storm.stream().filter(subscriber -> !subscriber.seen.isEmpty()))
                .hasSizeBetween(1, 64);
        time.settle();
        assertThat(storm)
                .allSatisfy(subscriber -> assertThat(subscriber.seen).containsExactly("page[1]", "attached 1"));
    }

    @Test
    void aSubscriberWhosePageFailedLaterHasLeft() {
        feeds = feeds(FeedSettings.builder().pageEvents(1).pageBytes(1_000).build());
        append(3);
        RecordingSubscriber reader = join(StartPosition.oldest(), true);

        reader.ready.completeExceptionally(new IllegalStateException("gone"));
        time.settle();

        assertThat(reader.seen).containsExactly("page[1]");
        time.advance(FeedSettings.defaults().idleAfter().plus(HEAD_CHECK));
        assertThat(feeds.active()).as("feeds, as nobody is left").isZero();
    }

    @Test
    void anAttachedSubscriberWhoseLastPageFailedHasLeft() {
        append(1);
        RecordingSubscriber reader = join(StartPosition.oldest(), true);
        assertThat(reader.seen).containsExactly("page[1]", "attached 1");

        reader.ready.completeExceptionally(new IllegalStateException("gone"));
        time.settle();
        append(1);
        time.settle();

        assertThat(delivered).isEmpty();
    }

    @Test
    void aSubscriberThatThrewIsNeverCalledAgain() {
        append(2);
        int[] calls = {0};
        RecordingSubscriber broken = new RecordingSubscriber(false) {
            @Override
            public CompletionStage<?> page(List<Event> page) {
                calls[0]++;
                throw new IllegalStateException("broken");
            }
        };
        var _ = feeds.join(ACME, StartPosition.oldest(), event -> true, broken);
        time.settle();

        log.reset(ACME);
        append(2);
        time.advance(HEAD_CHECK);

        assertThat(calls[0]).isEqualTo(1);
        assertThat(broken.seen).containsExactly("dropped");
    }

    @Test
    void aSubscriberThatThrowsWhenItIsAttachedIsDropped() {
        RecordingSubscriber broken = new RecordingSubscriber(false) {
            @Override
            public void attached(Cursor cursor) {
                throw new IllegalStateException("broken");
            }
        };
        var _ = feeds.join(ACME, StartPosition.now(), event -> true, broken);
        time.settle();
        append(1);
        time.settle();

        assertThat(broken.seen).containsExactly("dropped");
        assertThat(delivered).isEmpty();
    }

    @Test
    void aFollowerThatIsResetWhileItHasAPageGetsTheNextWhenItIsReady() {
        append(1);
        RecordingSubscriber follower = follow(StartPosition.oldest(), true);
        log.reset(ACME);
        append(1);
        time.settle();
        append(1);
        time.settle();
        assertThat(follower.seen).containsExactly("page[1]", "reset epoch-changed 1");

        follower.ready.complete(true);
        time.settle();

        assertThat(follower.seen).endsWith("page[2]");
    }

    @Test
    void aFollowerIsToldOnceThatItHasEverything() {
        append(1);
        RecordingSubscriber follower = follow(StartPosition.oldest(), false);
        append(1);
        time.settle();
        append(1);
        time.settle();

        assertThat(follower.seen).containsExactly("page[1]", "attached 1", "page[2]", "page[3]");
    }

    @Test
    void aPageOfTheLogIsFullThoughItsReadBeganWithTheEventThatProvesTheCursor() {
        feeds = feeds(FeedSettings.builder()
                .preload(0)
                .memoryPerWorkspace(0)
                .pageEvents(2)
                .build());
        append(5);

        assertThat(join(StartPosition.after(cursor(1)), false).seen)
                .containsExactly("page[2, 3]", "page[4, 5]", "attached 5");
    }

    @Test
    void aPollOfTheLogKeepsToItsLimit() {
        feeds = withoutMemory();
        append(4);

        CompletableFuture<PollResult> answer = poll(StartPosition.oldest(), 2, Duration.ZERO);
        time.settle();

        assertThat(answer.join()).isInstanceOfSatisfying(PollResult.Page.class, page -> {
            assertThat(page.events()).extracting(Event::offset).containsExactly(1L, 2L);
            assertThat(page.cursor()).isEqualTo(cursor(2));
        });
    }

    @Test
    void aPollThatEndsBeforeTheLogCouldBeReadKeepsItsCursor() {
        append(1);
        Cursor cursor = cursor(1);
        log.breakReads(true);
        CompletableFuture<PollResult> answer = poll(StartPosition.after(cursor), 10, Duration.ofSeconds(1));

        time.advance(Duration.ofSeconds(1));

        assertThat(answer.join()).isEqualTo(new PollResult.Page(List.of(), cursor));
    }

    @Test
    void aPollWithoutATimeoutFailsWhenTheDatabaseDoesNotAnswer() {
        log.breakReads(true);
        CompletableFuture<PollResult> answer = poll(StartPosition.now(), 10, Duration.ZERO);

        time.advance(HEAD_CHECK);

        assertThatThrownBy(answer::join).hasCauseInstanceOf(EventLogException.class);
    }

    @Test
    void aPollNeedsALimitOfAtLeastOne() {
        assertThatThrownBy(() -> poll(StartPosition.now(), 0, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aCancelledPollLeavesItsFeed() {
        CompletableFuture<PollResult> answer = poll(StartPosition.now(), 10, Duration.ofHours(1));
        time.settle();

        answer.cancel(false);
        time.advance(FeedSettings.defaults().idleAfter().plus(HEAD_CHECK));

        assertThat(feeds.active()).isZero();
    }

    @Test
    void anAnsweredPollLeavesNoTimer() {
        append(1);
        int before = time.timers();

        CompletableFuture<PollResult> answer = poll(StartPosition.oldest(), 10, Duration.ofHours(1));
        time.settle();

        assertThat(answer).isCompleted();
        assertThat(time.timers()).isEqualTo(before);
    }

    @Test
    void aFeedIsKeptForItsWholeIdleTimeAfterTheLastSubscriberLeft() {
        Subscription subscription =
                feeds.join(ACME, StartPosition.now(), event -> true, new RecordingSubscriber(false));
        time.advance(Duration.ofMinutes(5));
        assertThat(feeds.active()).as("with a subscriber").isEqualTo(1);
        subscription.close();

        time.advance(Duration.ofSeconds(50));

        assertThat(feeds.active()).isEqualTo(1);
    }

    @Test
    void aCursorWhoseEventRetentionRemovedStaysGoodAtTheEndOfTheLog() {
        append(3);
        Cursor newest = cursor(3);
        log.dropBefore(ACME, 4);

        assertThat(join(StartPosition.after(newest), false).seen).containsExactly("attached 3");
    }

    @Test
    void theOldestOfALogOfWhichNothingIsKeptIsTheNextEvent() {
        append(3);
        log.dropBefore(ACME, 4);

        RecordingSubscriber reader = join(StartPosition.oldest(), false);
        append(1);
        time.settle();

        assertThat(reader.seen).containsExactly("attached 3");
        assertThat(delivered).containsExactly(4L);
    }

    @Test
    void aPageThatWasReadBeforeAResetIsNotHandedOver() {
        feeds = withoutMemory();
        append(3);
        join(StartPosition.now(), false);
        StartPosition start = StartPosition.after(cursor(1));
        log.duringNextRead(() -> {
            log.reset(ACME);
            append(1);
            time.settle();
        });

        RecordingSubscriber reader = join(start, false);

        assertThat(reader.seen).containsExactly("reset epoch-changed 1", "attached 1");
    }

    @Test
    void aSubscriberThatLeavesWhileItsCursorIsVerifiedHearsNothing() {
        append(2);
        join(StartPosition.now(), false);
        Cursor ahead = new Cursor(cursor(2).epoch(), 9, "abc");
        RecordingSubscriber leaving = new RecordingSubscriber(false);
        Subscription subscription = feeds.join(ACME, StartPosition.after(ahead), event -> true, leaving);
        log.duringNextRead(subscription::close);

        time.settle();

        assertThat(leaving.seen).isEmpty();
    }

    @Test
    void closedFeedsRefuseSubscribers() {
        feeds.close();

        assertThatThrownBy(() -> join(StartPosition.now(), false)).isInstanceOf(IllegalStateException.class);
    }
}
