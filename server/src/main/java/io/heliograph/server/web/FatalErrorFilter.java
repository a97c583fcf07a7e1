package io.heliograph.server.web;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * Answers a request that ends in an error of the JVM, such as a stack overflow. Reactor rethrows such errors past every
 * handler up to the thread's task, so the request would never be answered. Here they are caught at the task; the
 * request then fails with an exception, which becomes a logged 500 like any other.
 *
 * <p>Each thread that works for a request has a reference to it: the filter sets it on the first thread, the body's
 * buffers on the threads that process them, and every task scheduled in between on its own thread.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class FatalErrorFilter implements WebFilter {
    private static final int MAX_FRAMES = 20;
    /** The completion of the request that this thread works for. */
    private static final ThreadLocal<Sinks.@Nullable One<Void>> CURRENT = new ThreadLocal<>();

    static {
        Schedulers.onScheduleHook(FatalErrorFilter.class.getName(), FatalErrorFilter::watched);
    }

    /** Represents an error of the JVM, with its kind and the top of its stack. */
    static final class FatalErrorException extends RuntimeException {
        FatalErrorException(Error error) {
            super(error.getClass().getName(), null, false, true);
            StackTraceElement[] frames = error.getStackTrace();
            setStackTrace(Arrays.copyOf(frames, Math.min(frames.length, MAX_FRAMES)));
        }
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        Sinks.One<Void> end = Sinks.one();
        ServerWebExchange watched = exchange.mutate()
                .request(new WatchedBody(exchange.getRequest(), end))
                .build();
        Mono<Void> work = Mono.defer(() -> {
            CURRENT.set(end);
            return chain.filter(watched);
        });
        // The completion is subscribed first, because the work may throw as soon as it is subscribed.
        return Mono.firstWithSignal(end.asMono(), work);
    }

    private static Runnable watched(Runnable task) {
        Sinks.One<Void> scheduledFor = CURRENT.get();
        return () -> {
            Sinks.One<Void> before = CURRENT.get();
            CURRENT.set(scheduledFor);
            try {
                task.run();
            } catch (VirtualMachineError | LinkageError error) {
                fail(error);
            } finally {
                CURRENT.set(before);
            }
        };
    }

    private static void fail(Error error) {
        Sinks.One<Void> end = CURRENT.get();
        if (end == null) {
            throw error;
        }
        end.tryEmitError(new FatalErrorException(error));
    }

    private static final class WatchedBody extends ServerHttpRequestDecorator {
        private final Sinks.One<Void> end;

        WatchedBody(ServerHttpRequest request, Sinks.One<Void> end) {
            super(request);
            this.end = end;
        }

        @Override
        public Flux<DataBuffer> getBody() {
            return super.getBody().doOnEach(_ -> CURRENT.set(end));
        }
    }
}
