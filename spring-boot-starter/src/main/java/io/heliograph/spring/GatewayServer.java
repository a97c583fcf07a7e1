package io.heliograph.spring;

import io.heliograph.engineio.ListeningServer;
import io.heliograph.eventlog.Retention;
import io.heliograph.eventlog.SqlEventLog;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.gateway.Authenticator;
import io.heliograph.gateway.CredentialGuard;
import io.heliograph.gateway.EventsGateway;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.ClassUtils;

/**
 * Serves sockets while the application runs: listens on the own port, ends expired credentials, removes old events. It is
 * stopped first: clients are sent their reconnect delay and their sockets are closed before the web server stops.
 *
 * <p>The port is {@code local.heliograph.port} in the environment from the start on. Safe from any thread.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what is scheduled catches its own failures
final class GatewayServer implements SmartLifecycle, DisposableBean {
    static final WorkspaceId NO_WORKSPACE = new WorkspaceId("heliograph-health");

    private static final Logger LOG = LoggerFactory.getLogger(GatewayServer.class);
    private static final int DEFAULT_PORT = 8090;
    private static final long TICK_MILLIS = 200;
    private static final int RETENTION_STEP = 500;
    private static final String[] SECURITY_CHAINS = {
        "org.springframework.security.web.FilterChainProxy",
        "org.springframework.security.web.server.WebFilterChainProxy"
    };

    private final EventsGateway gateway;
    private final CredentialGuard credentials;
    private final SqlEventLog log;
    private final HeliographProperties properties;
    private final GatewayCounters counters;
    private final Authenticator authenticator;
    private final PortSharing sharing;
    private final ConfigurableEnvironment environment;
    private final AtomicBoolean retaining = new AtomicBoolean();
    private @Nullable ScheduledExecutorService ticker;
    private volatile @Nullable ListeningServer ownPort;
    private volatile boolean running;

    GatewayServer(
            EventsGateway gateway,
            CredentialGuard credentials,
            SqlEventLog log,
            HeliographProperties properties,
            GatewayCounters counters,
            Authenticator authenticator,
            PortSharing sharing,
            ConfigurableEnvironment environment) {
        this.gateway = gateway;
        this.credentials = credentials;
        this.log = log;
        this.properties = properties;
        this.counters = counters;
        this.authenticator = authenticator;
        this.sharing = sharing;
        this.environment = environment;
    }

    @Override
    public synchronized void start() {
        if (!sharing.isShared()) {
            listen();
        }
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource("heliograph", Map.of("local.heliograph.port", port())));
        announce();
        ScheduledExecutorService schedule = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("heliograph-ticker").daemon().factory());
        schedule.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        long interval = properties.log().retentionInterval().toMillis();
        schedule.scheduleWithFixedDelay(this::startRetention, interval, interval, TimeUnit.MILLISECONDS);
        ticker = schedule;
        running = true;
    }

    private void listen() {
        Integer set = properties.port();
        int port = set == null ? DEFAULT_PORT : set;
        InetSocketAddress address = properties.address().isEmpty()
                ? new InetSocketAddress(port)
                : new InetSocketAddress(properties.address(), port);
        try {
            ownPort = gateway.bind(address);
        } catch (IllegalStateException failure) {
            throw new HeliographStartException(
                    "cannot listen on port " + port + ": " + failure.getCause(),
                    "Set heliograph.port to a free port (0 takes any).");
        }
    }

    private void announce() {
        LOG.info(
                "Heliograph serves /socket.io/ on port {} ({}); clients present {}",
                port(),
                sharing.isShared() ? "the web server's" : "its own",
                authenticator);
        for (String chain : SECURITY_CHAINS) {
            if (ClassUtils.isPresent(chain, getClass().getClassLoader())) {
                LOG.warn(
                        "Spring Security's filter chain is not applied to /socket.io/: its rules, CORS and CSRF settings do"
                                + " not hold there. Sockets are admitted by the Authenticator ({}) and heliograph.origins only",
                        authenticator);
                return;
            }
        }
    }

    private void tick() {
        try {
            credentials.runDue();
        } catch (RuntimeException | Error failure) {
            // The schedule must continue: without it no token would expire.
            LOG.error("the deadlines of credentials failed", failure);
        }
    }

    /** On a thread of its own: it waits for the database. */
    private void startRetention() {
        if (retaining.compareAndSet(false, true)) {
            Thread.ofVirtual().name("heliograph-retention").start(this::retain);
        }
    }

    private void retain() {
        try {
            log.retain(new Retention(properties.log().maxAge(), properties.log().maxEvents(), RETENTION_STEP));
        } catch (RuntimeException failure) {
            LOG.warn(
                    "old events were not removed; the next attempt is in {}",
                    properties.log().retentionInterval(),
                    failure);
        } finally {
            retaining.set(false);
        }
    }

    /** Where sockets are served; 0 when the web server has not told its port. */
    int port() {
        ListeningServer own = ownPort;
        return own == null
                ? environment.getProperty("local.server.port", Integer.class, 0)
                : own.address().getPort();
    }

    long sockets() {
        return counters.sockets.sum();
    }

    @Override
    public void stop(Runnable callback) {
        running = false;
        synchronized (this) {
            if (ticker != null) {
                ticker.shutdownNow();
            }
        }
        gateway.drain();
        Duration deadline = properties.drainTimeout();
        gateway.closeSockets(deadline).whenComplete((closed, failure) -> {
            ListeningServer own = ownPort;
            if (own == null) {
                callback.run();
            } else {
                // It waits for its event loops, so it must not run on one.
                Thread.ofVirtual().name("heliograph-stop").start(() -> {
                    own.close(deadline);
                    callback.run();
                });
            }
        });
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    /** Frees the port when the application failed to start after this was started, and is not stopped. */
    @Override
    public void destroy() {
        ListeningServer own = ownPort;
        if (own != null) {
            own.close(properties.drainTimeout());
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Stopped first, before the web server. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE;
    }
}
