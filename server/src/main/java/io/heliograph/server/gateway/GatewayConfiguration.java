package io.heliograph.server.gateway;

import io.heliograph.engineio.BoundedAdmission;
import io.heliograph.engineio.EngineIoSettings;
import io.heliograph.engineio.OriginPolicy;
import io.heliograph.engineio.StickyCookie;
import io.heliograph.engineio.StickyCookie.SameSite;
import io.heliograph.eventlog.Bus;
import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.FeedSettings;
import io.heliograph.eventlog.LocalBus;
import io.heliograph.gateway.Authenticator;
import io.heliograph.gateway.CredentialGuard;
import io.heliograph.gateway.EventReads;
import io.heliograph.gateway.EventsGateway;
import io.heliograph.gateway.Limit;
import io.heliograph.server.events.AgentId;
import io.heliograph.server.events.Traces;
import io.heliograph.server.json.Json;
import io.heliograph.server.presence.Presence;
import io.heliograph.server.readers.ReaderSettings;
import io.heliograph.server.usage.LimitUse;
import io.heliograph.server.usage.UsageSource;
import io.heliograph.server.web.Origins;
import io.heliograph.server.web.PeerSettings;
import io.heliograph.server.web.PublicUrl;
import io.heliograph.server.web.ServerSettings;
import io.heliograph.socketio.Parser;
import io.heliograph.socketio.ParserLimits;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.NettyPipeline;
import tools.jackson.databind.json.JsonMapper;

/** Wires the gateway, and adds its handler to the pipeline of the server's port. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GatewayProperties.class)
class GatewayConfiguration {
    private static final String COOKIE = "heliograph_node";
    private static final String UNKNOWN_SESSION_HINT = "This node does not have the session: it has ended, or a proxy"
            + " sent the request to another node (docs/OPERATIONS.md, Behind a proxy)";

    @Bean
    GatewayMetrics gatewayMetrics(MeterRegistry registry, Clock clock, Traces traces) {
        return new GatewayMetrics(registry, clock, traces);
    }

    @Bean
    MeteredFeeds feedMetrics(MeterRegistry registry, GatewayMetrics metrics) {
        return new MeteredFeeds(registry, metrics);
    }

    @Bean
    FinalMessages finalMessages(JsonMapper json) {
        return new FinalMessages(json);
    }

    /** One for all readers of the log on this node: sockets, streams, long polls. */
    @Bean
    EventsGateway eventsGateway(
            EventLog log,
            Bus bus,
            Authenticator authenticator,
            CredentialGuard credentials,
            GatewayProperties properties,
            ReaderSettings readers,
            EngineIoSettings engine,
            GatewayMetrics metrics,
            MeteredFeeds feeds,
            FinalMessages finals,
            Presence presence,
            ServerLoops loops) {
        ParserLimits defaults = ParserLimits.defaults();
        FeedSettings feedSettings = FeedSettings.builder()
                .headCheck(properties.headCheck())
                .replayBytesPerSecond(properties.maxReplayPerSecond().toBytes())
                .build();
        EventsGateway gateway = EventsGateway.builder(
                        log, bus, authenticator, credentials, properties.toSettings(readers.keepAlive()))
                .engine(engine)
                .parser(Parser.json(new ParserLimits(defaults.maxDepth(), defaults.maxAttachments(), Json.mapper())))
                .feeds(feedSettings, feeds)
                .observer(metrics)
                .topicFamily(AgentId.TOPIC_FAMILY)
                .beforeDelivery(finals::watch)
                .command(WatchCommand.NAME, new WatchCommand(properties.maxWatchedTopics(), metrics))
                .command(Presence.SET, presence.command())
                .clients(presence)
                .timer(onVirtualThreads(loops))
                .sessionLoops(loops.sockets())
                .build();
        feeds.watch(gateway);
        metrics.watch(gateway);
        presence.start(gateway::sendVolatileToGroup, properties.pingInterval());
        return gateway;
    }

    /** The sockets of the workspace and of the caller on this node. */
    @Bean
    UsageSource socketUsage(EventsGateway gateway, GatewayProperties properties) {
        return (_, caller) -> List.of(
                LimitUse.onNode(
                        "sockets",
                        gateway.socketsOf(caller.workspace()),
                        properties.maxSocketsPerWorkspace(),
                        "sockets",
                        LimitUse.Scope.WORKSPACE,
                        Limit.MAX_SOCKETS_PER_WORKSPACE.setting()),
                LimitUse.onNode(
                        "sockets",
                        gateway.socketsOf(caller.workspace(), caller.id()),
                        properties.maxSocketsPerMember(),
                        "sockets",
                        LimitUse.Scope.CALLER,
                        Limit.MAX_SOCKETS_PER_MEMBER.setting()));
    }

    @Bean
    EventReads eventReads(EventsGateway gateway) {
        return gateway.reads();
    }

    @Bean
    EngineIoSettings engineIoSettings(
            GatewayProperties properties,
            ServerSettings server,
            PeerSettings peers,
            Origins pages,
            PublicUrl publicUrl,
            Bus bus) {
        String node = properties.nodeId().isEmpty() ? randomId() : properties.nodeId();
        boolean sticky = switch (properties.stickyCookie()) {
            case AUTO -> !(bus instanceof LocalBus);
            case ON -> true;
            case OFF -> false;
        };
        EngineIoSettings.Builder builder = EngineIoSettings.builder()
                .path("/socket.io/")
                .pingInterval(properties.pingInterval())
                .pingTimeout(properties.pingTimeout())
                .maxPayload((int) properties.maxInbound().toBytes())
                .maxOutboundBytes((int) properties.maxOutbound().toBytes())
                .maxSessions(properties.maxSockets())
                .origins(pages.any() ? OriginPolicy.allowAny() : OriginPolicy.decidedBy(pages::admit))
                .allowedHosts(peers.servedHosts(server))
                .unknownSessionHint(UNKNOWN_SESSION_HINT);
        if (sticky || !properties.nodeId().isEmpty()) {
            builder.sessionIdPrefix(node + ".");
        }
        if (sticky) {
            builder.cookie(new StickyCookie(COOKIE, "/", true, publicUrl.secure(), SameSite.LAX, Optional.of(node)));
        }
        return builder.build();
    }

    private static String randomId() {
        byte[] id = new byte[8];
        new SecureRandom().nextBytes(id);
        return HexFormat.of().formatHex(id);
    }

    /** Tasks still queued when the server stops are discarded. */
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
            Bus bus, EventsGateway gateway, FinalMessages finals, JsonMapper json, GatewayMetrics metrics) {
        return new VolatileEvents(bus, gateway, finals, json, metrics);
    }

    @Bean
    GatewayLifecycle gatewayLifecycle(EventsGateway gateway, CredentialGuard credentials) {
        return new GatewayLifecycle(gateway, credentials);
    }

    /** Event loops of this server only: they end with it, and not with another server of the same process. */
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

    /** After the HTTP codec and before Reactor Netty's handlers: it handles /socket.io/ and passes on the rest. */
    @Bean
    @Order(0)
    NettyServerCustomizer socketIoHandler(EventsGateway gateway) {
        return http -> http.doOnChannelInit((observer, channel, address) ->
                channel.pipeline().addAfter(NettyPipeline.HttpCodec, "socketio", gateway.newChannelHandler()));
    }
}
