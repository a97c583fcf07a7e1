package io.heliograph.server.readers;

import io.heliograph.eventlog.Audience;
import io.heliograph.eventlog.Cursor;
import io.heliograph.eventlog.Event;
import io.heliograph.eventlog.Feeds;
import io.heliograph.eventlog.PollResult;
import io.heliograph.eventlog.StartPosition;
import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.identity.CredentialWatch;
import io.heliograph.server.identity.Scope;
import io.heliograph.server.identity.Shares;
import io.heliograph.server.identity.Verification.Verified;
import io.heliograph.server.web.QueryValues;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/**
 * The log over plain HTTP. What a caller sees are the events of its workspace that are for everyone, and, as a member,
 * those that are for it alone.
 */
@RestController
final class EventsController {
    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1_000;
    private static final int MAX_WAIT_SECONDS = 25;

    private final Feeds<?> feeds;
    private final CredentialWatch watch;
    private final Places places;
    private final EventStreams streams;

    EventsController(Feeds<?> feeds, CredentialWatch watch, Places places, EventStreams streams) {
        this.feeds = feeds;
        this.watch = watch;
        this.places = places;
        this.streams = streams;
    }

    /**
     * The events after a cursor, or from the oldest on; with {@code wait}, it answers as soon as there are any.
     * {@code nextCursor} is always there: it is where to go on, whether there was anything to see or not.
     */
    @GetMapping("/v1/events")
    Mono<ResponseEntity<byte[]>> read(
            Verified verified,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(name = "wait", required = false) @Nullable String wait,
            HttpMethod method) {
        Caller caller = verified.caller();
        caller.require(Scope.READ);
        int most = QueryValues.wholeNumber("limit", limit, 1, MAX_LIMIT, DEFAULT_LIMIT);
        int seconds = QueryValues.wholeNumber("wait", wait, 0, MAX_WAIT_SECONDS, 0);
        Duration patience = method.equals(HttpMethod.HEAD) ? Duration.ZERO : Duration.ofSeconds(seconds);
        StartPosition start = after == null ? StartPosition.oldest() : StartPosition.after(parse(after));
        Mono<PollResult> answer =
                Mono.fromFuture(() -> feeds.poll(caller.workspace(), start, visibleTo(caller), most, patience));
        return (patience.isZero() ? answer : whileItHolds(verified, answer)).map(EventsController::respond);
    }

    /**
     * Events as they happen, as server-sent events. A reader that comes back sends the last id it had; one that comes
     * for the first time begins with what happens from now on, or after the {@code after} of a list.
     */
    @GetMapping(path = "/v1/events/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    Mono<Void> stream(
            Verified verified,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
            @RequestParam(required = false) @Nullable String after,
            HttpMethod method,
            ServerHttpResponse response) {
        Caller caller = verified.caller();
        caller.require(Scope.READ);
        StartPosition from = after == null ? StartPosition.now() : StartPosition.after(parse(after));
        StartPosition start =
                lastEventId == null || lastEventId.isEmpty() ? from : StartPosition.after(parse(lastEventId));
        if (method.equals(HttpMethod.HEAD)) {
            EventStreams.addHeaders(response);
            return response.setComplete();
        }
        return Mono.using(
                () -> places.take(caller),
                _ -> streams.write(response, verified, start, visibleTo(caller)),
                Shares.Place::close);
    }

    private Mono<PollResult> whileItHolds(Verified verified, Mono<PollResult> answer) {
        return Mono.using(
                () -> places.take(verified.caller()), _ -> watch.whileHeld(verified, answer), Shares.Place::close);
    }

    private static ResponseEntity<byte[]> respond(PollResult waited) {
        return switch (waited) {
            case PollResult.Page(var events, Cursor cursor) ->
                ResponseEntity.ok()
                        .contentType(MediaType.APPLICATION_JSON)
                        .header("Cache-Control", "no-store")
                        .header("Heliograph-Cursor", cursor.toString())
                        .body(Wire.page(events, cursor));
            case PollResult.Reset(var reason, Cursor head) ->
                throw new ProblemException(
                        ErrorCode.CURSOR_GONE,
                        "The log cannot go on from this cursor (" + reason.code()
                                + "); load your lists anew and go on after their asOf, or after the cursor given here",
                        Map.of("reason", reason.code(), "cursor", head.toString()));
        };
    }

    private static Cursor parse(String text) {
        return Cursor.parse(text)
                .filter(EventsController::whole)
                .orElseThrow(() -> new ProblemException(
                        ErrorCode.CURSOR_INVALID,
                        "\"" + shortened(text) + "\" is no cursor; give back one that this server gave you"));
    }

    /** Event ids end in more letters than a check has, so one that is shorter was cut. */
    private static boolean whole(Cursor cursor) {
        return cursor.check().length() == (cursor.offset() == 0 ? 0 : Cursor.CHECK_LENGTH);
    }

    private static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }

    static Predicate<Event> visibleTo(Caller caller) {
        return event -> switch (event.audience()) {
            case Audience.Everyone _ -> true;
            case Audience.Member(String memberId) ->
                caller instanceof Caller.Member member && member.memberId().equals(memberId);
        };
    }
}
