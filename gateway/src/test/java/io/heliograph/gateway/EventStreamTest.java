package io.heliograph.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliograph.eventlog.Audience;
import io.heliograph.eventlog.Bus;
import io.heliograph.eventlog.Cursor;
import io.heliograph.eventlog.Event;
import io.heliograph.eventlog.EventEncoder;
import io.heliograph.eventlog.EventLogException;
import io.heliograph.eventlog.Feeds;
import io.heliograph.eventlog.Hint;
import io.heliograph.eventlog.LocalBus;
import io.heliograph.eventlog.PollResult;
import io.heliograph.eventlog.ResetReason;
import io.heliograph.eventlog.Signal;
import io.heliograph.eventlog.StartPosition;
import io.heliograph.eventlog.Subscription;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.gateway.Authentication.Accepted;
import io.heliograph.gateway.Authentication.Rejected;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Streams and polls on a manual clock, whose credentials are checked when the test says so. */
class EventStreamTest {
    private static final Audience EVERYONE = new Audience.Everyone();
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Authentication REVOKED = new Rejected("token_invalid", "It was revoked");

    private final ManualTime time = new ManualTime();
    private final LocalBus bus = new LocalBus();
    private final MemoryLog log = new MemoryLog(bus);
    private final ManualWatch watch = new ManualWatch();
    private final Queue<Runnable> checks = new ArrayDeque<>();
    private final CredentialGuard guard = new CredentialGuard(watch, time, checks::add);
    private final Feeds<Event> feeds =
            Feeds.on(log, bus).scheduler(time).executors(time, time).build(EventEncoder.identity(), (_, _) -> {});
    private final EventReads reads = new EventReads(feeds, guard, KEEP_ALIVE);
    private final Principal ada =
            Principals.token("acme", "ada", "tok_1", Optional.of(ManualTime.NOON.plusSeconds(60)));

    @AfterEach
    void close() {
        feeds.close();
        bus.close();
    }

    // --- what a stream sends -----------------------------------------------------------------------------------------

    @Test
    void aStreamThatBeginsNowSaysWhereItIsAndGoesOnFromThere() {
        Cursor before = log.append("acme", "before", EVERYONE);
        EventStream stream = open(StartPosition.now());

        assertThat(next(stream)).isEqualTo("id: " + before + "\n\n");
        CompletableFuture<Optional<byte[]>> next = stream.next();
        settle();
        assertThat(next).isNotDone();
        Cursor one = log.append("acme", "one", EVERYONE);
        settle();

        assertThat(text(next)).isEqualTo("id: " + one + "\nevent: test:one\ndata: {\"n\":\"one\"}\n\n");
    }

    @Test
    void theRetryTimeOfAStreamIsBetweenOneAndTwoSeconds() {
        for (int stream = 0; stream < 50; stream++) {
            String retry = next(reads.stream(new EventReads.Reader(ada), this::accepted, StartPosition.now()));

            assertThat(retry).matches("retry: 1\\d{3}\n\n");
        }
    }

    @Test
    void aLongLogIsStreamedPageAfterPageInOrderWithoutARepeat() {
        Cursor begin = log.append("acme", "0", EVERYONE);
        StringBuilder expected = new StringBuilder();
        for (int event = 1; event <= 600; event++) {
            Cursor cursor = log.append("acme", String.valueOf(event), EVERYONE);
            expected.append("id: " + cursor + "\nevent: test:" + event + "\ndata: {\"n\":\"" + event + "\"}\n\n");
        }
        EventStream stream = open(StartPosition.after(begin));

        StringBuilder streamed = new StringBuilder();
        int chunks = 0;
        while (streamed.length() < expected.length() && chunks++ < 10) {
            streamed.append(next(stream));
        }

        assertThat(streamed).hasToString(expected.toString());
        assertThat(chunks).isEqualTo(3);
    }

    // --- volatile events ---------------------------------------------------------------------------------------------

    @Test
    void aVolatileEventReachesTheStreamsThatMaySeeItAndChooseIt() {
        EventStream all = following(ada);
        EventStream chosen = following(new EventReads.Reader(ada, Optional.of(TopicPatterns.of(List.of("orders/*")))));
        EventStream other = following(new EventReads.Reader(ada, Optional.of(TopicPatterns.of(List.of("bills/*")))));
        EventStream limited = following(Principals.limited("acme", "ada", "bills/*"));
        EventStream foreign = following(Principals.member("other", "ada"));

        List<CompletableFuture<Optional<byte[]>>> chunks = new ArrayList<>();
        for (EventStream stream : List.of(all, chosen, other, limited, foreign)) {
            chunks.add(stream.next());
        }
        settle();
        sendVolatile(EVERYONE, Optional.of("orders/1"), "1");
        settle();

        assertThat(chunks.stream().map(CompletableFuture::isDone)).containsExactly(true, true, false, false, false);
        assertThat(text(chunks.getFirst())).isEqualTo("event: test:volatile\ndata: {\"n\":1}\n\n");
        sendVolatile(new Audience.Member("bob"), Optional.empty(), "2");
        CompletableFuture<Optional<byte[]>> next = all.next();
        settle();
        assertThat(next).isNotDone();
    }

    @Test
    void logAndVolatileEventsTakeTurns() {
        EventStream stream = following(ada);
        sendVolatile(EVERYONE, Optional.empty(), "1");
        Cursor one = log.append("acme", "one", EVERYONE);
        settle();

        assertThat(next(stream)).isEqualTo("id: " + one + "\nevent: test:one\ndata: {\"n\":\"one\"}\n\n");
        assertThat(next(stream)).isEqualTo("event: test:volatile\ndata: {\"n\":1}\n\n");
        CompletableFuture<Optional<byte[]>> waiting = stream.next();
        settle();
        assertThat(waiting).isNotDone();
        Cursor two = log.append("acme", "two", EVERYONE);
        settle();
        assertThat(text(waiting)).isEqualTo("id: " + two + "\nevent: test:two\ndata: {\"n\":\"two\"}\n\n");
    }

    @Test
    void aStreamThatIsBehindOrFullOrClosedDropsVolatileEvents() {
        log.append("acme", "one", EVERYONE);
        EventStream behind = reads.stream(new EventReads.Reader(ada), this::accepted, StartPosition.oldest());
        sendVolatile(EVERYONE, Optional.empty(), "1");
        assertThat(next(behind)).startsWith("retry: ");
        assertThat(next(behind)).contains("test:one").doesNotContain("volatile");
        for (int event = 0; event < 5_000; event++) {
            sendVolatile(EVERYONE, Optional.empty(), String.valueOf(event));
        }
        String taken = next(behind);
        assertThat(taken).hasSizeBetween(100 * 1024, 128 * 1024).doesNotContain("{\"n\":4999}");
        behind.close();
        sendVolatile(EVERYONE, Optional.empty(), "1");
        assertThat(behind.next()).isCompletedWithValue(Optional.empty());
    }

    private EventStream following(Principal principal) {
        return following(new EventReads.Reader(principal));
    }

    private EventStream following(EventReads.Reader reader) {
        EventStream stream = reads.stream(reader, () -> new Accepted(reader.principal()), StartPosition.now());
        assertThat(next(stream)).startsWith("retry: ");
        assertThat(next(stream)).startsWith("id: ");
        return stream;
    }

    private void sendVolatile(Audience audience, Optional<String> topic, String n) {
        JsonNode argument = JsonNodeFactory.instance.objectNode();
        reads.sendVolatile(
                new VolatileMessage(new WorkspaceId("acme"), audience, topic, "test:volatile", argument),
                ("{\"n\":" + n + "}").getBytes(UTF_8));
    }

    @Test
    void aStreamIsKeptAliveAfterEachIntervalWithoutAnEventAndNotBefore() {
        EventStream stream = open(StartPosition.now());
        next(stream);

        for (int interval = 0; interval < 3; interval++) {
            CompletableFuture<Optional<byte[]>> next = stream.next();
            advance(KEEP_ALIVE.minusMillis(1));
            assertThat(next).isNotDone();
            advance(Duration.ofMillis(1));
            assertThat(text(next)).isEqualTo(":\n\n");
        }
    }

    @Test
    void aStreamThatPassesWhatIsForOthersMovesItsPosition() {
        EventStream stream = open(StartPosition.now());
        next(stream);
        CompletableFuture<Optional<byte[]>> next = stream.next();
        settle();

        Cursor hidden = log.append("acme", "bobs", new Audience.Member("bob"));
        settle();
        assertThat(next).isNotDone();
        advance(KEEP_ALIVE);

        assertThat(text(next)).isEqualTo("id: " + hidden + "\n\n");
    }

    @Test
    void aStreamIsResetWhenTheLogBeginsAnewAndGoesOn() {
        log.append("acme", "one", EVERYONE);
        EventStream stream = open(StartPosition.now());
        next(stream);
        CompletableFuture<Optional<byte[]>> next = stream.next();
        settle();

        log.restart("acme", "enew");
        Cursor head = log.append("acme", "new", EVERYONE);
        settle();

        assertThat(text(next))
                .isEqualTo("id: " + head + "\nevent: reset\ndata: {\"reason\":\"epoch-changed\",\"cursor\":\"" + head
                        + "\"}\n\n");
        CompletableFuture<Optional<byte[]>> after = stream.next();
        log.append("acme", "later", EVERYONE);
        settle();
        assertThat(text(after)).contains("event: test:later");
    }

    // --- its credential ----------------------------------------------------------------------------------------------

    @Test
    void aStreamWhoseCredentialWasRevokedBeforeItBeganSendsNoEvent() {
        Cursor begin = log.append("acme", "begin", EVERYONE);
        log.append("acme", "secret", EVERYONE);
        EventStream stream = reads.stream(new EventReads.Reader(ada), () -> REVOKED, StartPosition.after(begin));

        checks.remove().run();

        assertThat(next(stream)).startsWith("retry: ");
        assertThat(next(stream)).isEqualTo("event: end\ndata: {\"code\":\"token_invalid\"}\n\n");
        assertThat(stream.next().join()).isEmpty();
    }

    @Test
    void aStreamWhoseCredentialIsRevokedWhileItIsCheckedIsCheckedAgain() {
        EventStream stream = reads.stream(
                new EventReads.Reader(ada),
                () -> {
                    if (watch.revocations() > 0) {
                        return REVOKED;
                    }
                    watch.revoke("acme", "token:tok_1");
                    return new Accepted(ada);
                },
                StartPosition.now());

        checks.remove().run();

        assertThat(stream.credentialEnd()).isCompletedWithValue(CredentialEnd.REVOKED);
    }

    @Test
    void eventsThatAreReadyWhenTheCredentialEndsAreNotSent() {
        EventStream stream = open(StartPosition.now());
        next(stream);
        CompletableFuture<Optional<byte[]>> next = stream.next();
        settle();

        log.append("acme", "late", EVERYONE);
        watch.revoke("acme", "member:ada");
        settle();

        assertThat(text(next)).isEqualTo("event: end\ndata: {\"code\":\"token_invalid\"}\n\n");
        assertThat(stream.next().join()).isEmpty();
    }

    @Test
    void aStreamEndsAtTheEndOfItsToken() {
        EventStream stream = open(StartPosition.now());
        next(stream);
        CompletableFuture<Optional<byte[]>> next = stream.next();

        advance(Duration.ofSeconds(14));
        guard.runDue();
        assertThat(next).isNotDone();
        time.moveTo(Duration.ofMinutes(1).toNanos());
        guard.runDue();

        assertThat(text(next)).isEqualTo("event: end\ndata: {\"code\":\"token_expired\"}\n\n");
    }

    /** The check may fail while no chunk is asked for; the stream must not go on with a credential that nobody watches. */
    @Test
    void aStreamWhoseCredentialCouldNotBeReadFailsWheneverThatHappens() {
        Cursor begin = log.append("acme", "begin", EVERYONE);
        log.append("acme", "secret", EVERYONE);
        for (int chunks = 0; chunks < 3; chunks++) {
            EventStream stream = reads.stream(
                    new EventReads.Reader(ada),
                    () -> {
                        throw new IllegalStateException("no database");
                    },
                    StartPosition.after(begin));
            for (int chunk = 0; chunk < chunks; chunk++) {
                next(stream);
            }

            checks.remove().run();

            CompletableFuture<Optional<byte[]>> next = stream.next();
            settle();
            assertThat(next).as("after " + chunks + " chunks").isCompletedExceptionally();
            stream.close();
        }
        assertThat(guard.size()).isZero();
    }

    @Test
    void aStreamThatWaitsFailsWhenItsCredentialCannotBeRead() {
        EventStream stream = reads.stream(
                new EventReads.Reader(ada),
                () -> {
                    throw new IllegalStateException("no database");
                },
                StartPosition.now());
        next(stream);
        next(stream);
        CompletableFuture<Optional<byte[]>> next = stream.next();
        settle();

        checks.remove().run();

        assertThatThrownBy(next::join).hasRootCauseMessage("no database");
    }

    // --- its end -----------------------------------------------------------------------------------------------------

    @Test
    void aStreamThatIsClosedWhileItWaitsLeavesNothing() {
        EventStream stream = open(StartPosition.now());
        next(stream);
        CompletableFuture<Optional<byte[]>> next = stream.next();
        settle();

        stream.close();

        assertThat(next).isCompletedExceptionally();
        assertThat(stream.next().join()).isEmpty();
        assertThat(guard.size()).isZero();
        advance(Duration.ofMinutes(2));
        assertThat(feeds.active()).isZero();
    }

    @Test
    void aStreamWhoseLogCannotBeReadFailsAndMayBeClosed() {
        log.failing(true);
        EventStream stream = open(StartPosition.now());
        CompletableFuture<Optional<byte[]>> next = stream.next();

        advance(Duration.ofSeconds(3));

        assertThatThrownBy(next::join).hasRootCauseInstanceOf(EventLogException.class);
        stream.close();
        assertThat(guard.size()).isZero();
    }

    /** A poll that has passed the check for closed feeds opens its feed when all others are closed already. */
    @Test
    void aPollThatBeginsWhileTheFeedsCloseIsAnswered() {
        List<Feeds<Event>> closing = new ArrayList<>();
        ClosingBus closingBus = new ClosingBus(bus, () -> closing.forEach(Feeds::close));
        closing.add(Feeds.on(log, closingBus)
                .scheduler(time)
                .executors(time, time)
                .build(EventEncoder.identity(), (_, _) -> {}));

        CompletableFuture<PollResult> poll = new EventReads(closing.getFirst(), guard, KEEP_ALIVE)
                .await(
                        new EventReads.Reader(ada),
                        this::accepted,
                        StartPosition.after(new Cursor("eacme", 0, "")),
                        10,
                        LONG);
        settle();

        assertThat(poll).isDone();
        assertThat(guard.size()).isZero();
        assertThat(closing.getFirst().active()).isZero();
    }

    /** Does something when a workspace is followed. */
    private record ClosingBus(LocalBus bus, Runnable onFollow) implements Bus {
        @Override
        public void follow(WorkspaceId workspace) {
            onFollow.run();
            bus.follow(workspace);
        }

        @Override
        public void publish(Hint hint) {
            bus.publish(hint);
        }

        @Override
        public void signal(Signal signal) {
            bus.signal(signal);
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

    // --- polls -------------------------------------------------------------------------------------------------------

    @Test
    void aPollWhoseCredentialWasRevokedBeforeItBeganIsNotAnsweredWithEvents() {
        CompletableFuture<PollResult> poll =
                reads.await(new EventReads.Reader(ada), () -> REVOKED, StartPosition.now(), 10, LONG);
        settle();

        checks.remove().run();
        log.append("acme", "secret", EVERYONE);
        settle();

        assertThatThrownBy(poll::join).hasCauseInstanceOf(CredentialEndedException.class);
        assertThat(guard.size()).isZero();
    }

    @Test
    void aPollWhoseCredentialCannotBeReadFailsWithTheReason() {
        CompletableFuture<PollResult> poll = reads.await(
                new EventReads.Reader(ada),
                () -> {
                    throw new IllegalStateException("no database");
                },
                StartPosition.now(),
                10,
                LONG);

        checks.remove().run();

        assertThatThrownBy(poll::join).hasRootCauseMessage("no database");
        assertThat(guard.size()).isZero();
    }

    @Test
    void aPollIsAnsweredAtItsTimeoutWithWhereItIs() {
        Cursor head = log.append("acme", "before", EVERYONE);
        CompletableFuture<PollResult> poll = reads.await(
                new EventReads.Reader(ada), this::accepted, StartPosition.now(), 10, Duration.ofSeconds(20));
        checks.remove().run();

        advance(Duration.ofMillis(19_999));
        assertThat(poll).isNotDone();
        advance(Duration.ofMillis(1));

        assertThat(poll.join()).isEqualTo(new PollResult.Page(List.of(), head));
        assertThat(guard.size()).isZero();
    }

    @Test
    void aPollWaitsPastWhatIsForOthers() {
        CompletableFuture<PollResult> poll =
                reads.await(new EventReads.Reader(ada), this::accepted, StartPosition.now(), 10, LONG);
        settle();
        log.append("acme", "bobs", new Audience.Member("bob"));
        settle();
        assertThat(poll).isNotDone();

        Cursor mine = log.append("acme", "mine", new Audience.Member("ada"));
        settle();

        assertThat(((PollResult.Page) poll.join()).events())
                .singleElement()
                .satisfies(event -> assertThat(event.cursor()).isEqualTo(mine));
    }

    @Test
    void aPollAndAReadHoldAsManyEventsAsTheyMay() {
        for (int event = 0; event < 5; event++) {
            log.append("acme", String.valueOf(event), EVERYONE);
        }

        CompletableFuture<PollResult> read = reads.read(new EventReads.Reader(ada), StartPosition.oldest(), 3);
        CompletableFuture<PollResult> poll =
                reads.await(new EventReads.Reader(ada), this::accepted, StartPosition.oldest(), 4, LONG);
        settle();

        assertThat(((PollResult.Page) read.join()).events()).hasSize(3);
        assertThat(((PollResult.Page) poll.join()).events()).hasSize(4);
        assertThat(guard.size()).isZero();
    }

    @Test
    void aReadOfAnEmptyLogIsAnsweredAtOnce() {
        CompletableFuture<PollResult> read = reads.read(new EventReads.Reader(ada), StartPosition.oldest(), 3);
        settle();

        assertThat(read.join()).isEqualTo(new PollResult.Page(List.of(), new Cursor("eacme", 0, "")));
    }

    @Test
    void aPollIsResetByACursorThatTheLogCannotServe() {
        Cursor head = log.append("acme", "one", EVERYONE);
        CompletableFuture<PollResult> poll = reads.await(
                new EventReads.Reader(ada),
                this::accepted,
                StartPosition.after(new Cursor("eacme", 7, "abcdef")),
                10,
                LONG);
        settle();

        assertThat(poll.join()).isEqualTo(new PollResult.Reset(ResetReason.AHEAD_OF_HEAD, head));
        assertThat(guard.size()).isZero();
    }

    private EventStream open(StartPosition start) {
        EventStream stream = reads.stream(new EventReads.Reader(ada), this::accepted, start);
        checks.remove().run();
        assertThat(next(stream)).startsWith("retry: ");
        return stream;
    }

    private Authentication accepted() {
        return new Accepted(ada);
    }

    private String next(EventStream stream) {
        CompletableFuture<Optional<byte[]>> next = stream.next();
        settle();
        return text(next);
    }

    private static String text(CompletableFuture<Optional<byte[]>> chunk) {
        assertThat(chunk).isCompleted();
        return new String(chunk.join().orElseThrow(), UTF_8);
    }

    private void settle() {
        while (time.step(0)) {
            // Each step may lead to more.
        }
    }

    private void advance(Duration duration) {
        long until = time.nanoTime() + duration.toNanos();
        settle();
        while (time.stepTimer(until)) {
            settle();
        }
        time.moveTo(until);
    }
}
