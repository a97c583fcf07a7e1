package io.heliograph.server.readers;

import io.heliograph.gateway.EventStream;
import io.micrometer.core.instrument.Counter;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
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
 * Writes streams of server-sent events. The next chunk is requested when the connection is writable, so a slow reader
 * holds at most one page. A stream whose reader takes nothing for {@code heliograph.readers.slow-after} is closed; the
 * client reconnects with its last id and misses nothing.
 */
final class StreamWriter {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private final Duration slowAfter;
    private final Counter slowCloses;

    StreamWriter(Duration slowAfter, Counter slowCloses) {
        this.slowAfter = slowAfter;
        this.slowCloses = slowCloses;
    }

    /** Completes when the stream has ended, for any reason. */
    Mono<Void> write(ServerHttpResponse response, EventStream stream) {
        addHeaders(response);
        Mono<Void> ended = Mono.fromFuture(stream.credentialEnd()).then().cache();
        Mono<Void> ready = Mono.firstWithSignal(writable(channel(response)), ended);
        Flux<byte[]> chunks = ready.then(Mono.fromFuture(stream::next))
                .repeat()
                .takeWhile(Optional::isPresent)
                .map(Optional::orElseThrow);
        return response.writeAndFlushWith(chunks.map(bytes -> Mono.fromSupplier(() -> wrap(response, bytes))));
    }

    /** The headers of a stream's response. */
    static void addHeaders(ServerHttpResponse response) {
        response.getHeaders().setContentType(MediaType.TEXT_EVENT_STREAM);
        response.getHeaders().setCacheControl("no-store, no-transform");
        response.getHeaders().set("X-Accel-Buffering", "no"); // nginx would hold the stream back
    }

    /** Completes when the connection is writable; fails after a timeout. */
    private Mono<Void> writable(@Nullable Channel channel) {
        if (channel == null) {
            return Mono.empty();
        }
        return Mono.defer(() -> channel.isWritable() ? Mono.just(true) : Mono.<Boolean>empty())
                .repeatWhenEmpty(none -> none.delayElements(LOOK_AGAIN))
                .timeout(slowAfter)
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
