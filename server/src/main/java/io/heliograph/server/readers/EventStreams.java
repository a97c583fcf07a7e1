package io.heliograph.server.readers;

import io.heliograph.eventlog.Event;
import io.heliograph.eventlog.Feeds;
import io.heliograph.eventlog.PollResult;
import io.heliograph.eventlog.StartPosition;
import io.heliograph.server.identity.CredentialWatch;
import io.heliograph.server.identity.Verification.Verified;
import io.micrometer.core.instrument.Counter;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.AbstractServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Writes streams of server-sent events. A stream is a chain of waits on the feed: the next wait begins when the
 * connection has taken what the last one gave, so a reader that is slow holds one page and no more; one that takes
 * nothing for {@code heliograph.readers.slow-after} is ended, comes back with its last id and has lost nothing.
 */
final class EventStreams {
    private static final int PAGE = 256;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
    private static final long RETRY_MILLIS = 1_000;

    private final Feeds<?> feeds;
    private final CredentialWatch watch;
    private final ReaderSettings settings;
    private final Counter slowCloses;

    EventStreams(Feeds<?> feeds, CredentialWatch watch, ReaderSettings settings, Counter slowCloses) {
        this.feeds = feeds;
        this.watch = watch;
        this.settings = settings;
        this.slowCloses = slowCloses;
    }

    /** Completes when the stream has ended, for whatever reason. */
    Mono<Void> write(ServerHttpResponse response, Verified verified, StartPosition start, Predicate<Event> visible) {
        addHeaders(response);
        Mono<Void> writable = writable(channel(response));
        Source source = new Source(verified, visible, settings.keepAlive());
        Flux<Step> steps = first(source, start).expand(step -> writable.then(next(source, step)));
        Mono<Step> end = watch.ended(verified).map(code -> new Step(Wire.end(code.code()), Optional.empty()));
        Flux<byte[]> stream = Flux.merge(steps, end)
                .takeUntil(Step::last)
                .map(Step::bytes)
                .startWith(Wire.retry(RETRY_MILLIS + ThreadLocalRandom.current().nextLong(RETRY_MILLIS)));
        return response.writeAndFlushWith(stream.map(bytes -> Mono.fromSupplier(() -> wrap(response, bytes))));
    }

    /** What a stream's answer says before its first event. */
    static void addHeaders(ServerHttpResponse response) {
        response.getHeaders().setContentType(MediaType.TEXT_EVENT_STREAM);
        response.getHeaders().setCacheControl("no-store, no-transform");
        response.getHeaders().set("X-Accel-Buffering", "no"); // nginx would hold the stream back
    }

    private record Source(Verified verified, Predicate<Event> visible, Duration patience) {}

    /** What to write, and where to go on; the last one goes nowhere. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    private record Step(byte[] bytes, Optional<StartPosition> next) {
        boolean last() {
            return next.isEmpty();
        }
    }

    /** The first step does not wait: a reader gets its position at once. */
    private Mono<Step> first(Source source, StartPosition start) {
        return step(new Source(source.verified, source.visible, Duration.ZERO), start, false);
    }

    private Mono<Step> next(Source source, Step last) {
        return last.next.map(start -> step(source, start, true)).orElseGet(Mono::empty);
    }

    private Mono<Step> step(Source source, StartPosition start, boolean keepAlive) {
        return Mono.fromFuture(() ->
                        feeds.poll(source.verified.caller().workspace(), start, source.visible, PAGE, source.patience))
                .map(waited -> switch (waited) {
                    case PollResult.Page(var events, var cursor) -> {
                        boolean moved = !(start instanceof StartPosition.After after
                                && after.cursor().equals(cursor));
                        byte[] bytes = moved || !keepAlive ? Wire.messages(events, cursor) : Wire.keepAlive();
                        yield new Step(bytes, Optional.of(StartPosition.after(cursor)));
                    }
                    case PollResult.Reset(var reason, var head) ->
                        new Step(Wire.reset(reason.code(), head), Optional.of(StartPosition.after(head)));
                });
    }

    /** Completes when the connection takes more; fails when it has not for too long. */
    private Mono<Void> writable(@Nullable Channel channel) {
        if (channel == null) {
            return Mono.empty();
        }
        return Mono.defer(() -> channel.isWritable() ? Mono.just(true) : Mono.<Boolean>empty())
                .repeatWhenEmpty(none -> none.delayElements(LOOK_AGAIN))
                .timeout(settings.slowAfter())
                .onErrorResume(TimeoutException.class, _ -> {
                    slowCloses.increment();
                    var _ = channel.close();
                    return Mono.never();
                })
                .then();
    }

    private static @Nullable Channel channel(ServerHttpResponse response) {
        AtomicReference<@Nullable Channel> channel = new AtomicReference<>();
        ServerHttpResponse inner = response;
        while (inner instanceof ServerHttpResponseDecorator decorator) {
            inner = decorator.getDelegate();
        }
        if (inner instanceof AbstractServerHttpResponse plain
                && plain.getNativeResponse() instanceof HttpServerResponse reactor) {
            reactor.withConnection(connection -> channel.set(connection.channel()));
        }
        return channel.get();
    }

    private static DataBuffer wrap(ServerHttpResponse response, byte[] bytes) {
        return response.bufferFactory().wrap(bytes);
    }
}
