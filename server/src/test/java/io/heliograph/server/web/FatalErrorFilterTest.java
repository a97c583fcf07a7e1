package io.heliograph.server.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliograph.server.storage.Blocking;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class FatalErrorFilterTest {
    private static final Duration TIME = Duration.ofSeconds(20);
    private final FatalErrorFilter filter = new FatalErrorFilter();

    /** Where in a request the stack may overflow. */
    static List<WebFilterChain> overflows() {
        return List.of(
                _ -> {
                    throw new StackOverflowError();
                },
                _ -> Mono.fromRunnable(FatalErrorFilterTest::overflow),
                _ -> Mono.just(1).flatMap(_ -> Mono.error(new StackOverflowError())),
                _ -> Blocking.call(() -> 1).map(_ -> {
                    throw new StackOverflowError();
                }),
                _ -> Blocking.call(() -> {
                            throw new StackOverflowError();
                        })
                        .then(),
                exchange -> exchange.getRequest()
                        .getBody()
                        .doOnNext(_ -> overflow())
                        .then(),
                exchange -> exchange.getRequest()
                        .getBody()
                        .flatMap(_ -> Blocking.call(() -> {
                            overflow();
                            return 1;
                        }))
                        .then());
    }

    @ParameterizedTest
    @MethodSource("overflows")
    void aRequestWhoseStackOverflowsIsAnswered(WebFilterChain chain) {
        assertThatThrownBy(() -> run(chain))
                .isInstanceOf(FatalErrorFilter.FatalErrorException.class)
                .hasMessage("java.lang.StackOverflowError")
                .satisfies(failure -> assertThat(failure.getStackTrace()).hasSizeLessThanOrEqualTo(20));
    }

    @Test
    void otherRequestsGoOn() {
        run(exchange -> exchange.getRequest().getBody().then());

        assertThatThrownBy(() -> run(_ -> Mono.error(new IllegalStateException("own"))))
                .hasMessage("own");
    }

    /** As the server runs it: from its first step on a virtual thread, with a body that comes later. */
    private void run(WebFilterChain chain) {
        Flux<org.springframework.core.io.buffer.DataBuffer> body = Blocking.continued(Mono.delay(Duration.ofMillis(20))
                .map(_ -> (org.springframework.core.io.buffer.DataBuffer)
                        DefaultDataBufferFactory.sharedInstance.wrap("{}".getBytes(StandardCharsets.UTF_8)))
                .flux());
        MockServerWebExchange exchange =
                MockServerWebExchange.from(MockServerHttpRequest.post("/").body(body));
        Blocking.defer(() -> filter.filter(exchange, chain)).block(TIME);
    }

    private static int overflow() {
        return overflow(0);
    }

    /** Deeper than any stack: it overflows long before the number does. */
    private static int overflow(int depth) {
        return depth == Integer.MAX_VALUE ? 0 : overflow(depth + 1) + 1;
    }
}
