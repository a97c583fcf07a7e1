package io.heliograph.server.operations;

import io.heliograph.server.storage.Blocking;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** The metrics, in Prometheus' text format. */
@RestController
final class MetricsController {
    private static final String TEXT = "text/plain;version=0.0.4;charset=utf-8";

    private final PrometheusMeterRegistry registry;

    MetricsController(PrometheusMeterRegistry registry) {
        this.registry = registry;
    }

    @GetMapping("/metrics")
    Mono<ResponseEntity<String>> metrics() {
        return Blocking.call(
                () -> ResponseEntity.ok().header("Content-Type", TEXT).body(registry.scrape(TEXT)));
    }
}
