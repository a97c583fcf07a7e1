package io.heliograph.spring;

import io.heliograph.eventlog.SqlEventLog;
import java.util.List;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Up while sockets are served and the log can be read. */
final class HeliographHealthIndicator extends AbstractHealthIndicator {
    private final SqlEventLog log;
    private final GatewayServer server;

    HeliographHealthIndicator(SqlEventLog log, GatewayServer server) {
        super("the log of Heliograph cannot be read");
        this.log = log;
        this.server = server;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        log.heads(List.of(GatewayServer.NO_WORKSPACE));
        builder.status(
                        server.isRunning()
                                ? org.springframework.boot.health.contributor.Status.UP
                                : org.springframework.boot.health.contributor.Status.OUT_OF_SERVICE)
                .withDetail("port", server.port())
                .withDetail("sockets", server.sockets());
    }
}
