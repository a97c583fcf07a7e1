package io.heliograph.server.readers;

import io.heliograph.gateway.EventStream;
import io.heliograph.server.web.ResponseConnection;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Writes streams of server-sent events. The next chunk is requested when the connection is writable, so a slow reader
 * holds at most one page. A stream whose reader takes nothing for {@code heliograph.readers.slow-after} is closed; the
 * client reconnects with its last id and misses nothing.
 */
final class StreamWriter {
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
        Mono<Void> ready = Mono.firstWithSignal(writable(ResponseConnection.of(response)), ended);
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

    /** Completes when the connection is writable; closes it after a timeout. */
    private Mono<Void> writable(ResponseConnection connection) {
        return connection.writable().timeout(slowAfter).onErrorResume(TimeoutException.class, _ -> {
            slowCloses.increment();
            connection.close();
            return Mono.never();
        });
    }

    private static DataBuffer wrap(ServerHttpResponse response, byte[] bytes) {
        return response.bufferFactory().wrap(bytes);
    }
}
