package io.heliograph.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliograph.eventlog.Audience;
import io.heliograph.eventlog.Cursor;
import io.heliograph.eventlog.Event;
import io.heliograph.eventlog.EventEncoder;
import io.heliograph.eventlog.Feeds;
import io.heliograph.eventlog.LocalBus;
import io.heliograph.eventlog.PollResult;
import io.heliograph.eventlog.StartPosition;
import io.heliograph.gateway.Authentication.Accepted;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventReadsTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Audience EVERYONE = new Audience.Everyone();
    private static final Duration LONG = Duration.ofMinutes(5);

    private final LocalBus bus = new LocalBus();
    private final MemoryLog log = new MemoryLog(bus);
    private final ManualWatch watch = new ManualWatch();
    private final ManualClock clock = new ManualClock(NOON);
    private final CredentialGuard guard = new CredentialGuard(watch, clock, Runnable::run);
    private final Feeds<Event> feeds = Feeds.on(log, bus).build(EventEncoder.identity(), (_, _) -> {});
    private final EventReads reads = new EventReads(feeds, guard, LONG);

    private final Principal ada = Principals.token("acme", "ada", "tok_1", Optional.of(NOON.plusSeconds(60)));

    @AfterEach
    void close() {
        feeds.close();
        bus.close();
    }

    @Test
    void aPageHoldsWhatIsForEveryoneAndForTheReader() {
        log.append("acme", "one", EVERYONE);
        log.append("acme", "bobs", new Audience.Member("bob"));
        log.append("acme", "adas", new Audience.Member("ada"));

        PollResult page = get(reads.read(new EventReads.Reader(ada), StartPosition.oldest(), 10));

        assertThat(types(page)).containsExactly("test:one", "test:adas");
    }

    @Test
    void aPollIsAnsweredByWhatComesAndForgetsItsCredential() {
        CompletableFuture<PollResult> poll =
                reads.await(new EventReads.Reader(ada), this::accepted, StartPosition.oldest(), 10, LONG);

        log.append("acme", "one", EVERYONE);

        assertThat(types(get(poll))).containsExactly("test:one");
        assertThat(guard.size()).isZero();
    }

    @Test
    void aPollFailsWhenItsCredentialIsRevoked() {
        CompletableFuture<PollResult> poll =
                reads.await(new EventReads.Reader(ada), this::accepted, StartPosition.oldest(), 10, LONG);

        watch.revoke("acme", "token:tok_1");

        assertThatThrownBy(() -> get(poll)).hasCauseInstanceOf(CredentialEndedException.class);
        assertThat(guard.size()).isZero();
    }

    @Test
    void aCancelledPollForgetsItsCredential() {
        reads.await(new EventReads.Reader(ada), this::accepted, StartPosition.oldest(), 10, LONG)
                .cancel(false);

        assertThat(guard.size()).isZero();
    }

    @Test
    void aStreamBeginsWithItsPositionAndGoesOnWithWhatComes() {
        Cursor begin = log.append("acme", "before", EVERYONE);
        try (EventStream stream =
                reads.stream(new EventReads.Reader(ada), this::accepted, StartPosition.after(begin))) {
            assertThat(text(stream.next())).startsWith("retry: ");
            assertThat(text(stream.next())).isEqualTo("id: " + begin + "\n\n");
            CompletableFuture<Optional<byte[]>> next = stream.next();

            Cursor one = log.append("acme", "one", EVERYONE);

            assertThat(text(next)).isEqualTo("id: " + one + "\nevent: test:one\ndata: {\"n\":\"one\"}\n\n");
        }
        assertThat(guard.size()).isZero();
    }

    @Test
    void aStreamShowsNothingThatIsForAnotherMemberButMovesPastIt() {
        Cursor begin = log.append("acme", "before", EVERYONE);
        Cursor hidden = log.append("acme", "bobs", new Audience.Member("bob"));
        try (EventStream stream =
                reads.stream(new EventReads.Reader(ada), this::accepted, StartPosition.after(begin))) {
            assertThat(text(stream.next())).startsWith("retry: ");
            assertThat(text(stream.next())).isEqualTo("id: " + hidden + "\n\n");
        }
    }

    @Test
    void aStreamWithNothingToSayIsKeptAlive() {
        EventReads impatient = new EventReads(feeds, guard, Duration.ofMillis(20));
        try (EventStream stream = impatient.stream(new EventReads.Reader(ada), this::accepted, StartPosition.now())) {
            assertThat(text(stream.next())).startsWith("retry: ");
            assertThat(text(stream.next())).startsWith("id: ");
            assertThat(text(stream.next())).isEqualTo(":\n\n");
        }
    }

    @Test
    void aStreamWhoseCredentialIsRevokedWhileItWaitsSaysSoAndEnds() {
        try (EventStream stream = reads.stream(new EventReads.Reader(ada), this::accepted, StartPosition.now())) {
            assertThat(text(stream.next())).startsWith("retry: ");
            assertThat(text(stream.next())).startsWith("id: ");
            CompletableFuture<Optional<byte[]>> next = stream.next();

            watch.revoke("acme", "session:ses_1");

            assertThat(text(next)).isEqualTo("event: end\ndata: {\"code\":\"token_invalid\"}\n\n");
            assertThat(get(stream.next())).isEmpty();
        }
    }

    @Test
    void aStreamWhoseCredentialExpiresBetweenTwoChunksEnds() {
        try (EventStream stream = reads.stream(new EventReads.Reader(ada), this::accepted, StartPosition.now())) {
            assertThat(text(stream.next())).startsWith("retry: ");
            clock.advance(Duration.ofSeconds(60));
            guard.runDue();
            log.append("acme", "late", EVERYONE);

            assertThat(text(stream.next())).isEqualTo("event: end\ndata: {\"code\":\"token_expired\"}\n\n");
        }
    }

    @Test
    void aCursorThatTheLogCannotServeResetsTheStream() {
        Cursor head = log.append("acme", "one", EVERYONE);
        try (EventStream stream = reads.stream(
                new EventReads.Reader(ada), this::accepted, StartPosition.after(new Cursor("other", 1, "abcdef")))) {
            assertThat(text(stream.next())).startsWith("retry: ");
            assertThat(text(stream.next())).startsWith("id: " + head + "\nevent: reset\n");
        }
    }

    private Authentication accepted() {
        return new Accepted(ada);
    }

    private static List<String> types(PollResult waited) {
        return ((PollResult.Page) waited).events().stream().map(Event::type).toList();
    }

    private static String text(CompletableFuture<Optional<byte[]>> chunk) {
        return new String(get(chunk).orElseThrow(), UTF_8);
    }

    private static <T> T get(CompletableFuture<T> future) {
        return future.orTimeout(20, SECONDS).join();
    }
}
