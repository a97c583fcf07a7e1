package io.heliograph.eventlog;

import static io.heliograph.eventlog.Samples.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Which events a client that resumes does not get, because newer ones with the same key lie before the head. */
class ConflationTest {
    private final ManualTime time = new ManualTime();
    private final FlakyBus bus = new FlakyBus();
    private final MemoryLog log = new MemoryLog(time::now, bus);
    private Feeds<Event> feeds = feeds(FeedSettings.defaults());

    @Test
    void aSubscriberGetsTheNewestOfEachKeyFromMemory() {
        append("a", "b", "a", "", "b", "a");

        RecordingSubscriber late = joinAfter(0);

        assertThat(late.seen).containsExactly("page[4, 5, 6]", "attached 6");
    }

    @Test
    void aSubscriberGetsTheNewestOfEachKeyFromTheLog() {
        feeds.close();
        feeds = feeds(FeedSettings.builder().preload(1).pageEvents(2).build());
        append("a", "b", "a", "", "b", "a");

        RecordingSubscriber late = joinAfter(0);

        assertThat(late.seen.toString()).doesNotContain("1", "2", "3").contains("4", "5", "6");
    }

    @Test
    void eventsAfterTheHeadAtTheTimeOfJoiningAreAllDelivered() {
        feeds.close();
        feeds = feeds(FeedSettings.builder().pageEvents(1).build());
        append("a", "a", "");
        RecordingSubscriber slow = new RecordingSubscriber(true);
        var _ = feeds.join(ACME, StartPosition.after(cursor(0)), event -> true, slow);
        time.settle();

        append("a", "a");
        for (int page = 0; page < 4; page++) {
            time.settle();
            slow.ready.complete(true);
        }
        time.settle();

        assertThat(slow.seen).containsExactly("page[2]", "page[3]", "page[4]", "page[5]", "attached 5");
    }

    @Test
    void otherTopicsTypesAndAudiencesAreOtherKeys() {
        write(draft("t:one", Optional.of("x"), Audience.EVERYONE, "a"));
        write(draft("t:two", Optional.of("x"), Audience.EVERYONE, "a"));
        write(draft("t:one", Optional.of("y"), Audience.EVERYONE, "a"));
        write(draft("t:one", Optional.empty(), Audience.EVERYONE, "a"));
        write(draft("t:one", Optional.of("x"), Audience.member("m"), "a"));

        assertThat(joinAfter(0).seen).startsWith("page[1, 2, 3, 4, 5]");
    }

    @Test
    void aPlainPollGetsEveryEventAndSeveralOfOneClientLeaveOutUpToItsFirstHead() {
        append("a", "a");
        assertThat(offsets(feeds.poll(ACME, StartPosition.after(cursor(0)), event -> true, 9, Duration.ZERO)))
                .containsExactly(1L, 2L);

        Conflation client = new Conflation();
        assertThat(offsets(feeds.poll(ACME, StartPosition.after(cursor(0)), event -> true, client, 9, Duration.ZERO)))
                .containsExactly(2L);
        append("a", "a");
        assertThat(offsets(feeds.poll(ACME, StartPosition.after(cursor(2)), event -> true, client, 9, Duration.ZERO)))
                .containsExactly(3L, 4L);
    }

    private List<Long> offsets(CompletableFuture<PollResult> answer) {
        time.settle();
        return switch (answer.join()) {
            case PollResult.Page(var events, Cursor _) ->
                events.stream().map(Event::offset).toList();
            case PollResult.Reset reset -> throw new AssertionError(reset);
        };
    }

    private Feeds<Event> feeds(FeedSettings settings) {
        return Feeds.on(log, bus)
                .settings(settings)
                .scheduler(time)
                .executors(time, time)
                .build(EventEncoder.identity(), (workspace, batch) -> {});
    }

    private RecordingSubscriber joinAfter(long offset) {
        RecordingSubscriber subscriber = new RecordingSubscriber(false);
        var _ = feeds.join(ACME, StartPosition.after(cursor(offset)), event -> true, subscriber);
        time.settle();
        return subscriber;
    }

    private Cursor cursor(long offset) {
        String epoch = log.open(ACME).cursor().epoch();
        return offset == 0
                ? Cursor.beforeFirst(epoch)
                : log.after(ACME, offset - 1, 1).getFirst().cursor();
    }

    /** One event for each key; none for the empty text. */
    private void append(String... keys) {
        for (String key : keys) {
            write(draft("order:moved", Optional.of("orders/1"), Audience.EVERYONE, key));
        }
    }

    private void write(Draft draft) {
        log.write(ACME, transaction -> transaction.append(draft));
    }

    private static Draft draft(String type, Optional<String> topic, Audience audience, String key) {
        String id = "evt_" + Samples.nextId();
        return new Draft(
                id,
                type,
                audience,
                topic,
                Optional.of(key).filter(text -> !text.isEmpty()),
                position -> Payload.of((id + "@" + position.offset()).getBytes(StandardCharsets.UTF_8)));
    }
}
