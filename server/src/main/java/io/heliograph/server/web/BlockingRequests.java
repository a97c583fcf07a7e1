package io.heliograph.server.web;

import io.heliograph.server.storage.Blocking;
import java.util.Set;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Keeps everything that handles requests off the event loops: filters, controllers, decoders, encoders and exception
 * handlers run on virtual threads, also what goes on when a body arrives in a later packet, because the body itself
 * changes the thread. So any of them may block.
 *
 * <p>Health checks begin on the loop, and must not block there: they answer even while nothing else does.
 */
@Component
final class BlockingRequests implements HttpHandlerDecoratorFactory {
    private static final Set<String> NEVER_BLOCKING = Set.of("/health/live", "/health/ready");

    @Override
    public HttpHandler apply(HttpHandler handler) {
        return new HttpHandler() {
            @Override
            public Mono<Void> handle(ServerHttpRequest request, ServerHttpResponse response) {
                return NEVER_BLOCKING.contains(request.getPath().value())
                        ? handler.handle(request, response)
                        : Blocking.defer(() -> handler.handle(new BlockingBody(request), response));
            }
        };
    }

    private static final class BlockingBody extends ServerHttpRequestDecorator {
        BlockingBody(ServerHttpRequest request) {
            super(request);
        }

        @Override
        public Flux<DataBuffer> getBody() {
            return Blocking.continued(super.getBody());
        }
    }
}
