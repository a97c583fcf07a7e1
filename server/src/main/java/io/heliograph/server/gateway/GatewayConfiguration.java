package io.heliograph.server.gateway;

import io.heliograph.engineio.BoundedAdmission;
import io.heliograph.engineio.EngineIoSettings;
import io.heliograph.engineio.OriginPolicy;
import io.heliograph.engineio.StickyCookie;
import io.heliograph.engineio.StickyCookie.SameSite;
import io.heliograph.eventlog.Bus;
import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.FeedSettings;
import io.heliograph.eventlog.Feeds;
import io.heliograph.eventlog.LiveSink;
import io.heliograph.eventlog.LocalBus;
import io.heliograph.server.events.Traces;
import io.heliograph.server.identity.Credentials;
import io.heliograph.server.identity.Revocations;
import io.heliograph.server.json.Json;
import io.heliograph.server.web.Origins;
import io.heliograph.server.web.PeerSettings;
import io.heliograph.server.web.PublicUrl;
import io.heliograph.server.web.ServerSettings;
import io.heliograph.socketio.Callbacks;
import io.heliograph.socketio.Parser;
import io.heliograph.socketio.ParserLimits;
import io.heliograph.socketio.SocketIoServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.NettyPipeline;
import tools.jackson.databind.json.JsonMapper;

/** Wires sockets and log together, and puts the sockets' handler into the server's one port. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GatewaySettings.class)
class GatewayConfiguration {
    private static final String COOKIE = "heliograph_node";
    private static final String UNKNOWN_SESSION_HINT = "This node does not have the session: it has ended, or a proxy"
            + " sent the request to another node (docs/OPERATIONS.md, Behind a proxy)";

    @Bean
    GatewayMetrics gatewayMetrics(MeterRegistry registry, Clock clock) {
        return new GatewayMetrics(registry, clock);
    }

    @Bean
    MeteredFeeds feedMetrics(MeterRegistry registry, GatewayMetrics metrics) {
        return new MeteredFeeds(registry, metrics);
    }

    @Bean
    EventsGateway eventsGateway(
            Credentials credentials, GatewaySettings settings, Clock clock, GatewayMetrics metrics) {
        return new EventsGateway(credentials, settings, clock, metrics);
    }

    @Bean
    FinalMessages finalMessages(JsonMapper json) {
        return new FinalMessages(json);
    }

    /** One for all readers of the log on this node: sockets, streams, long polls. */
    @Bean
    Feeds<Outgoing> feeds(
            EventLog log,
            Bus bus,
            EventsGateway gateway,
            GatewaySettings settings,
            MeteredFeeds metrics,
            FinalMessages finals,
            Traces traces) {
        LiveSink<Outgoing> outlet = traces.on() ? new TracedOutlet(gateway, traces) : gateway;
        FeedSettings bounds = FeedSettings.builder()
                .headCheck(settings.headCheck())
                .replayBytesPerSecond(settings.maxReplayPerSecond().toBytes())
                .build();
        Feeds<Outgoing> feeds =
                Feeds.on(log, bus).settings(bounds).metrics(metrics).build(finals.ahead(gateway), outlet);
        metrics.watch(feeds);
        return feeds;
    }

    @Bean(destroyMethod = "") // the lifecycle's
    SocketIoServer socketIoServer(
            GatewaySettings settings,
            ServerSettings server,
            PeerSettings peers,
            Origins pages,
            EventsGateway gateway,
            GatewayMetrics metrics,
            Feeds<Outgoing> feeds,
            Revocations revocations,
            ServerLoops loops,
            PublicUrl publicUrl,
            Bus bus) {
        String node = settings.nodeId().isEmpty() ? randomId() : settings.nodeId();
        boolean sticky = switch (settings.stickyCookie()) {
            case AUTO -> !(bus instanceof LocalBus);
            case ON -> true;
            case OFF -> false;
        };
        EngineIoSettings.Builder builder = EngineIoSettings.builder()
                .path("/socket.io/")
                .pingInterval(settings.pingInterval())
                .pingTimeout(settings.pingTimeout())
                .maxPayload((int) settings.maxInbound().toBytes())
                .maxOutboundBytes((int) settings.maxOutbound().toBytes())
                .maxSessions(settings.maxSockets())
                .origins(pages.any() ? OriginPolicy.allowAny() : OriginPolicy.decidedBy(pages::admit))
                .allowedHosts(peers.servedHosts(server))
                .unknownSessionHint(UNKNOWN_SESSION_HINT);
        if (sticky || !settings.nodeId().isEmpty()) {
            builder.sessionIdPrefix(node + ".");
        }
        if (sticky) {
            builder.cookie(new StickyCookie(COOKIE, "/", true, publicUrl.secure(), SameSite.LAX, Optional.of(node)));
        }
        EngineIoSettings engine = builder.build();
        AtomicReference<SocketIoServer> built = new AtomicReference<>();
        Entrance entrance =
                new Entrance(settings, metrics, () -> built.get().engine().sessionCount(), onVirtualThreads(loops));
        ParserLimits defaults = ParserLimits.defaults();
        SocketIoServer sockets = SocketIoServer.builder()
                .engine(engine)
                .admission(entrance)
                .callbacks(Callbacks.VIRTUAL_THREADS)
                .parser(Parser.json(new ParserLimits(defaults.maxDepth(), defaults.maxAttachments(), Json.mapper())))
                .recovery(gateway)
                .observer(metrics)
                .sessionLoops(loops.sockets())
                .build();
        built.set(sockets);
        gateway.open(sockets.of("/"), feeds, entrance, revocations);
        return sockets;
    }

    private static String randomId() {
        byte[] id = new byte[8];
        new SecureRandom().nextBytes(id);
        return HexFormat.of().formatHex(id);
    }

    /** What waits when the server stops never runs. */
    private static BoundedAdmission.Timer onVirtualThreads(ServerLoops loops) {
        return (delayNanos, step) -> {
            EventLoop loop = loops.connections().next();
            if (!loop.isShuttingDown()) {
                var _ = loop.schedule(() -> Thread.startVirtualThread(step), delayNanos, TimeUnit.NANOSECONDS);
            }
        };
    }

    @Bean
    VolatileEvents volatileEvents(
            Bus bus, SocketIoServer sockets, FinalMessages finals, JsonMapper json, GatewayMetrics metrics) {
        return new VolatileEvents(bus, sockets.of("/"), finals, json, metrics);
    }

    @Bean
    GatewayLifecycle gatewayLifecycle(EventsGateway gateway, SocketIoServer sockets) {
        return new GatewayLifecycle(gateway, sockets);
    }

    /** Event loops of this server's own: they end with it at once, and with no other server of the same process. */
    @Bean(destroyMethod = "") // the web server's, below
    ServerLoops serverLoops(ServerSettings server) {
        return ServerLoops.ofEach(server.eventLoops());
    }

    @Bean
    ReactorResourceFactory eventLoops(ServerLoops loops) {
        ReactorResourceFactory resources = new ReactorResourceFactory();
        resources.setUseGlobalResources(false);
        resources.setLoopResourcesSupplier(() -> loops);
        resources.setShutdownQuietPeriod(Duration.ZERO);
        return resources;
    }

    /** Behind the HTTP codec and before all of Reactor Netty's own handlers: it keeps /socket.io/ for itself. */
    @Bean
    @Order(0)
    NettyServerCustomizer socketIoHandler(SocketIoServer sockets) {
        return http -> http.doOnChannelInit((observer, channel, address) ->
                channel.pipeline().addAfter(NettyPipeline.HttpCodec, "socketio", sockets.newChannelHandler()));
    }
}
