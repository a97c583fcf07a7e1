package io.heliograph.server.web;

import io.netty.channel.Channel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.AbstractServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/** The connection on which a response is sent, for handlers that write it in parts. Safe from any thread. */
public final class ResponseConnection {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private final @Nullable Channel channel;

    private ResponseConnection(@Nullable Channel channel) {
        this.channel = channel;
    }

    public static ResponseConnection of(ServerHttpResponse response) {
        AtomicReference<@Nullable Channel> channel = new AtomicReference<>();
        ServerHttpResponse inner = response;
        while (inner instanceof ServerHttpResponseDecorator decorator) {
            inner = decorator.getDelegate();
        }
        if (inner instanceof AbstractServerHttpResponse plain
                && plain.getNativeResponse() instanceof HttpServerResponse reactor) {
            reactor.withConnection(connection -> channel.set(connection.channel()));
        }
        return new ResponseConnection(channel.get());
    }

    /** Completes when the connection is writable. */
    public Mono<Void> writable() {
        Channel open = channel;
        return open == null
                ? Mono.empty()
                : Mono.defer(() -> open.isWritable() ? Mono.just(true) : Mono.<Boolean>empty())
                        .repeatWhenEmpty(none -> none.delayElements(LOOK_AGAIN))
                        .then();
    }

    /** Closes the connection; a response that is not complete is seen as such by the client. */
    public void close() {
        if (channel != null) {
            var _ = channel.close();
        }
    }
}
