package io.heliograph.server.readers;

import io.heliograph.eventlog.Cursor;
import io.heliograph.eventlog.PollResult;
import io.heliograph.eventlog.StartPosition;
import io.heliograph.gateway.CredentialEndedException;
import io.heliograph.gateway.EventReads;
import io.heliograph.gateway.EventReads.Reader;
import io.heliograph.gateway.EventStream;
import io.heliograph.gateway.SseEncoder;
import io.heliograph.gateway.TopicPatterns;
import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.errors.Fields;
import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.identity.ConcurrencyLimiter;
import io.heliograph.server.identity.IdentityAuthenticator;
import io.heliograph.server.identity.OpenRequests;
import io.heliograph.server.identity.Scope;
import io.heliograph.server.identity.Verification.Verified;
import io.heliograph.server.web.QueryValues;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * The log over plain HTTP. A caller sees the events of its workspace that are for everyone and, if it is a member,
 * those for it alone; with the parameter {@code topic}, only those of matching topics.
 */
@RestController
final class EventsController {
    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1_000;
    private static final int MAX_WAIT_SECONDS = 25;
    private static final int MAX_TOPICS = 100;

    private final EventReads reads;
    private final IdentityAuthenticator authenticator;
    private final LongPollLimiter limiter;
    private final StreamWriter writer;

    EventsController(
            EventReads reads, IdentityAuthenticator authenticator, LongPollLimiter limiter, StreamWriter writer) {
        this.reads = reads;
        this.authenticator = authenticator;
        this.limiter = limiter;
        this.writer = writer;
    }

    /**
     * The events after a cursor, or from the oldest on; with {@code wait}, it answers as soon as there are any. {@code
     * nextCursor} is always present, also when no event was visible.
     */
    @GetMapping("/v1/events")
    Mono<ResponseEntity<byte[]>> read(
            Verified verified,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(name = "wait", required = false) @Nullable String wait,
            @RequestParam(required = false) @Nullable String topic,
            HttpMethod method) {
        Caller caller = verified.caller();
        caller.require(Scope.READ);
        int maxEvents = QueryValues.wholeNumber("limit", limit, 1, MAX_LIMIT, DEFAULT_LIMIT);
        int seconds = QueryValues.wholeNumber("wait", wait, 0, MAX_WAIT_SECONDS, 0);
        Duration timeout = method.equals(HttpMethod.HEAD) ? Duration.ZERO : Duration.ofSeconds(seconds);
        StartPosition start = after == null ? StartPosition.oldest() : StartPosition.after(parse(after));
        Reader reader = reader(verified, topic);
        Mono<PollResult> answer = timeout.isZero()
                ? Mono.fromFuture(() -> reads.read(reader, start, maxEvents))
                : Mono.using(
                        () -> limiter.take(caller),
                        permit -> await(reader, verified, start, maxEvents, timeout),
                        ConcurrencyLimiter.Permit::close);
        return answer.map(EventsController::respond);
    }

    private Mono<PollResult> await(
            Reader reader, Verified verified, StartPosition start, int maxEvents, Duration timeout) {
        return Mono.fromFuture(() -> reads.await(reader, authenticator.recheck(verified), start, maxEvents, timeout))
                .onErrorMap(CredentialEndedException.class, ended -> OpenRequests.ended(ended.reason()));
    }

    /**
     * Events as they happen, as server-sent events. A returning reader sends its last event id; a new one begins with
     * new events, or after the cursor {@code after} of a list.
     */
    @GetMapping(path = "/v1/events/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    Mono<Void> stream(
            Verified verified,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(required = false) @Nullable String topic,
            HttpMethod method,
            ServerHttpResponse response) {
        Caller caller = verified.caller();
        caller.require(Scope.READ);
        StartPosition from = after == null ? StartPosition.now() : StartPosition.after(parse(after));
        StartPosition start =
                lastEventId == null || lastEventId.isEmpty() ? from : StartPosition.after(parse(lastEventId));
        Reader reader = reader(verified, topic);
        if (method.equals(HttpMethod.HEAD)) {
            StreamWriter.addHeaders(response);
            return response.setComplete();
        }
        return Mono.using(
                () -> limiter.take(caller),
                permit -> Mono.using(
                        () -> reads.stream(reader, authenticator.recheck(verified), start),
                        stream -> writer.write(response, stream),
                        EventStream::close),
                ConcurrencyLimiter.Permit::close);
    }

    private static Reader reader(Verified verified, @Nullable String topic) {
        List<String> topics = QueryValues.texts("topic", topic, MAX_TOPICS, TopicPatterns.MAX_LENGTH);
        Fields.check(
                topics.stream().allMatch(TopicPatterns::isPattern),
                "topic",
                "must be topics and patterns separated by commas, such as orders/42,bills/*");
        return new Reader(
                IdentityAuthenticator.principal(verified),
                Optional.ofNullable(topic).map(_ -> TopicPatterns.of(topics)));
    }

    private static ResponseEntity<byte[]> respond(PollResult waited) {
        return switch (waited) {
            case PollResult.Page(var events, Cursor cursor) ->
                ResponseEntity.ok()
                        .contentType(MediaType.APPLICATION_JSON)
                        .header("Cache-Control", "no-store")
                        .header("Heliograph-Cursor", cursor.toString())
                        .body(SseEncoder.page(events, cursor));
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

    /** A cursor ends in check characters, so a shorter one was truncated. */
    private static boolean whole(Cursor cursor) {
        return cursor.check().length() == (cursor.offset() == 0 ? 0 : Cursor.CHECK_LENGTH);
    }

    private static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
