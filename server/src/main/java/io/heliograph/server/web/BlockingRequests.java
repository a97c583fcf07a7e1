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
 * Runs all request handling on virtual threads instead of event loops: filters, controllers, decoders, encoders and
 * exception handlers. A body that arrives later continues on a virtual thread too. So all of them may block.
 *
 * <p>Health checks start on the event loop and must not block it, so that they answer even when virtual threads do not
 * run.
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
