package io.heliograph.server.gateway;

import io.heliograph.socketio.SocketIoServer;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Runs the sockets' deadlines; tells the clients to come back, and closes them, before the port is closed under them. */
final class GatewayLifecycle implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayLifecycle.class);
    private static final long TICK_MILLIS = 200;
    private static final Duration FAREWELL = Duration.ofSeconds(3);

    private final EventsGateway gateway;
    private final SocketIoServer sockets;
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("socket-deadlines").daemon().factory());
    private volatile boolean running;

    GatewayLifecycle(EventsGateway gateway, SocketIoServer sockets) {
        this.gateway = gateway;
        this.sockets = sockets;
    }

    @Override
    public void start() {
        running = true;
        var _ = ticker.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        try {
            gateway.runDue();
        } catch (RuntimeException | Error failure) {
            // The next tick must come: without it no token would end any socket.
            LOG.error("a deadline of a socket failed", failure);
        }
    }

    @Override
    public void stop(Runnable callback) {
        running = false;
        ticker.shutdownNow();
        gateway.drain();
        var _ = sockets.close(FAREWELL).whenComplete((_, _) -> callback.run());
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
