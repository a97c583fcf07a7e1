package io.heliograph.server.gateway;

import io.heliograph.gateway.CredentialGuard;
import io.heliograph.gateway.EventsGateway;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Runs the deadlines of credentials. At shutdown, sends clients their reconnect delay and closes their sockets before
 * the port is closed.
 */
final class GatewayLifecycle implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayLifecycle.class);
    private static final long TICK_MILLIS = 200;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(3);

    private final EventsGateway gateway;
    private final CredentialGuard credentials;
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("credential-deadlines").daemon().factory());
    private volatile boolean running;

    GatewayLifecycle(EventsGateway gateway, CredentialGuard credentials) {
        this.gateway = gateway;
        this.credentials = credentials;
    }

    @Override
    public void start() {
        running = true;
        var _ = ticker.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        try {
            credentials.runDue();
        } catch (RuntimeException | Error failure) {
            // The schedule must continue: without it no token would expire.
            LOG.error("the deadlines of credentials failed", failure);
        }
    }

    @Override
    public void stop(Runnable callback) {
        running = false;
        ticker.shutdownNow();
        gateway.drain();
        var _ = gateway.closeSockets(CLOSE_TIMEOUT).whenComplete((_, _) -> callback.run());
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Stopped first: before the web server, which is at the default phase less some. */
    @Override
    public int getPhase() {
        return SmartLifecycle.DEFAULT_PHASE;
    }
}
