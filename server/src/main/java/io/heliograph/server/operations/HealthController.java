package io.heliograph.server.operations;

import io.heliograph.eventlog.Bus;
import io.heliograph.server.storage.Blocking;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Liveness and readiness checks. */
@RestController
final class HealthController {
    private static final Logger LOG = LoggerFactory.getLogger(HealthController.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final DatabaseProbe database;
    private final Bus bus;
    /** The running query; at most one, so that probes of a hanging database do not pile up. */
    private final AtomicReference<@Nullable CompletableFuture<String>> query = new AtomicReference<>();

    private volatile boolean stopping;

    HealthController(DatabaseProbe database, Bus bus) {
        this.database = database;
        this.bus = bus;
    }

    record Health(String status, Map<String, String> checks) {
        static Health of(boolean up, Map<String, String> checks) {
            return new Health(up ? "up" : "down", checks);
        }
    }

    @EventListener(ContextClosedEvent.class)
    void stop() {
        stopping = true;
    }

    /** Up as long as the process answers: a restart would not help when the database is unavailable. */
    @GetMapping("/health/live")
    Mono<Health> live() {
        return Mono.just(Health.of(true, Map.of()));
    }

    /**
     * Up while the database answers and takes writes and the process is not about to end; 503 otherwise. Without the
     * bus, events of other nodes are late on every node, so the status is degraded, not down.
     */
    @GetMapping("/health/ready")
    Mono<ResponseEntity<Health>> ready() {
        return Mono.fromFuture(this::query, true)
                .timeout(TIMEOUT)
                .onErrorResume(failure -> {
                    LOG.warn("Not ready: the database does not answer", failure);
                    return Mono.just("down");
                })
                .map(state -> {
                    boolean up = state.equals("up") && !stopping;
                    Map<String, String> checks = Map.of(
                            "database",
                            state,
                            "bus",
                            bus.connected() ? "up" : "degraded",
                            "server",
                            stopping ? "stopping" : "up");
                    return ResponseEntity.status(up ? 200 : 503).body(Health.of(up, checks));
                });
    }

    /** Joins the running query, or starts one on a virtual thread. */
    private CompletableFuture<String> query() {
        CompletableFuture<String> next = new CompletableFuture<>();
        CompletableFuture<String> current = query.compareAndExchange(null, next);
        if (current != null) {
            return current;
        }
        Blocking.call(() -> database.isWritable() ? "up" : "read-only")
                .doFinally(_ -> query.set(null))
                .subscribe(next::complete, next::completeExceptionally);
        return next;
    }
}
