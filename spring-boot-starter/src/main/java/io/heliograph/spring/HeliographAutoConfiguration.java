package io.heliograph.spring;

import io.heliograph.engineio.EngineIoSettings;
import io.heliograph.eventlog.Bus;
import io.heliograph.eventlog.FeedSettings;
import io.heliograph.eventlog.LocalBus;
import io.heliograph.eventlog.SqlEventLog;
import io.heliograph.gateway.Authenticator;
import io.heliograph.gateway.CredentialGuard;
import io.heliograph.gateway.CredentialWatch;
import io.heliograph.gateway.EventsGateway;
import io.heliograph.socketio.SocketIoServer;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.persistence.EntityManagerFactory;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import tools.jackson.databind.json.JsonMapper;

/** Wires the log, the gateway and what joins them to Spring. Beans of the application replace the bus and the authenticator. */
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
            "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration",
            "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration"
        })
@ConditionalOnProperty(name = "heliograph.enabled", matchIfMissing = true)
@EnableConfigurationProperties(HeliographProperties.class)
final class HeliographAutoConfiguration {
    private static final String PATH = "/socket.io/";

    @Bean
    GatewayCounters heliographCounters() {
        return new GatewayCounters();
    }

    @Bean
    @ConditionalOnMissingBean
    Bus heliographBus() {
        return new LocalBus();
    }

    @Bean
    SqlEventLog heliographLog(
            ObjectProvider<DataSource> dataSources,
            Bus bus,
            GatewayCounters counters,
            HeliographProperties properties) {
        DataSource dataSource = dataSource(dataSources);
        LogSchema.Database database = LogSchema.databaseOf(dataSource);
        if (properties.log().migrate()) {
            LogSchema.migrate(dataSource);
        }
        SqlEventLog.Builder log = switch (database) {
            case SQLITE -> SqlEventLog.sqlite(dataSource, dataSource);
            case POSTGRESQL -> SqlEventLog.postgresql(dataSource);
        };
        return log.bus(bus)
                .metrics(counters)
                .tablePrefix(LogSchema.TABLE_PREFIX)
                .callerTransactions(() -> TransactionEvents.inTransaction(dataSource))
                .build();
    }

    /** As transaction managers know it: they bind connections to what a transaction-aware proxy stands for. */
    private static DataSource dataSource(ObjectProvider<DataSource> dataSources) {
        DataSource dataSource = dataSources.getIfUnique();
        if (dataSource == null) {
            throw new HeliographStartException(
                    "the log is kept in the application's DataSource, and there is none, or several without a primary one",
                    "Set spring.datasource.url to a PostgreSQL or SQLite database, or mark one DataSource with @Primary.");
        }
        DataSource target = dataSource instanceof TransactionAwareDataSourceProxy proxy
                ? ((DelegatingDataSource) proxy).getTargetDataSource()
                : dataSource;
        return target == null ? dataSource : target;
    }

    @Bean
    EventPublisher heliographEventPublisher(
            SqlEventLog log,
            ObjectProvider<DataSource> dataSources,
            ObjectProvider<JsonMapper> json,
            ObjectProvider<PendingRows> rows,
            HeliographProperties properties,
            ConfigurableEnvironment environment) {
        EventEnvelopes envelopes = new EventEnvelopes(
                mapper(json),
                environment.getProperty("spring.application.name", "application"),
                properties.maxEventData().toBytes());
        return new TransactionEvents(
                log,
                dataSource(dataSources),
                envelopes,
                () -> rows.forEach(PendingRows::flush),
                properties.maxEventsPerTransaction());
    }

    private static JsonMapper mapper(ObjectProvider<JsonMapper> json) {
        return json.getIfAvailable(() -> JsonMapper.builder().build());
    }

    @Bean
    @ConditionalOnProperty("heliograph.tickets.enabled")
    SocketTickets heliographTickets(HeliographProperties properties) {
        return new SocketTickets(properties.tickets(), InstantSource.system());
    }

    @Bean
    @ConditionalOnMissingBean
    Authenticator heliographAuthenticator(ObjectProvider<TokenVerifier> jwts, ObjectProvider<SocketTickets> tickets) {
        return new TokenAuthenticator(
                jwts.stream()
                        .filter(verifier -> !(verifier instanceof SocketTickets))
                        .findFirst(),
                Optional.ofNullable(tickets.getIfAvailable()));
    }

    @Bean
    CredentialGuard heliographCredentials(ObjectProvider<CredentialWatch> watch) {
        return new CredentialGuard(watch.getIfAvailable(() -> CredentialWatch.NONE), Clock.systemUTC());
    }

    @Bean
    EventsGateway heliographGateway(
            SqlEventLog log,
            Bus bus,
            Authenticator authenticator,
            CredentialGuard credentials,
            GatewayCounters counters,
            HeliographProperties properties,
            ObjectProvider<JsonMapper> json,
            ConfigurableListableBeanFactory beans) {
        HeliographProperties.Gateway limits = properties.gateway();
        EngineIoSettings engine = EngineIoSettings.builder()
                .path(PATH)
                .pingInterval(limits.pingInterval())
                .pingTimeout(limits.pingTimeout())
                .maxPayload((int) limits.maxInbound().toBytes())
                .maxOutboundBytes((int) limits.maxOutbound().toBytes())
                .maxSessions(limits.maxSockets())
                .origins(Origins.policy(properties.origins(), properties.port() != null || !sharesPort(beans)))
                .build();
        FeedSettings feeds = FeedSettings.builder()
                .headCheck(limits.headCheck())
                .replayBytesPerSecond(limits.maxReplayPerSecond().toBytes())
                .build();
        EventsGateway.Builder gateway = EventsGateway.builder(log, bus, authenticator, credentials, limits.toSettings())
                .engine(engine)
                .feeds(feeds, counters)
                .observer(counters);
        SocketEventMethods.find(beans, mapper(json)).forEach(gateway::command);
        return gateway.build();
    }

    private static boolean sharesPort(ConfigurableListableBeanFactory beans) {
        return beans.containsBeanDefinition("heliographSharedPort");
    }

    /** The Socket.IO server, for the application's own namespaces; {@code /} is the gateway's. */
    @Bean
    SocketIoServer heliographSocketIoServer(EventsGateway gateway) {
        return gateway.sockets();
    }

    @Bean
    GatewayServer heliographServer(
            EventsGateway gateway,
            CredentialGuard credentials,
            SqlEventLog log,
            HeliographProperties properties,
            GatewayCounters counters,
            Authenticator authenticator,
            ObjectProvider<PortSharing> sharing,
            ConfigurableEnvironment environment) {
        return new GatewayServer(
                gateway,
                credentials,
                log,
                properties,
                counters,
                authenticator,
                sharing.getIfAvailable(() -> () -> false),
                environment);
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(NettyServerCustomizer.class)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
    static class ReactorNettyPort {
        @Bean
        SharedPort heliographSharedPort(EventsGateway gateway, HeliographProperties properties) {
            return new SharedPort(gateway, properties.port() != null);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(JwtDecoder.class)
    static class Jwts {
        /** Null when the application has no decoder. */
        @Bean
        @ConditionalOnMissingBean(Authenticator.class)
        @Nullable
        TokenVerifier heliographJwts(
                ObjectProvider<JwtDecoder> decoders,
                ObjectProvider<ReactiveJwtDecoder> reactive,
                HeliographProperties properties) {
            JwtDecoder decoder = decoders.getIfUnique();
            if (decoder != null) {
                return new JwtVerifier(decoder::decode, properties.jwt());
            }
            ReactiveJwtDecoder other = reactive.getIfUnique();
            return other == null
                    ? null
                    : new JwtVerifier(
                            token -> other.decode(token).blockOptional().orElseThrow(), properties.jwt());
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({EntityManagerFactory.class, EntityManagerHolder.class})
    static class Jpa {
        @Bean
        PendingRows heliographJpaRows(ObjectProvider<EntityManagerFactory> factories) {
            return () -> new JpaRows(factories.stream().toList()).flush();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterBinder.class)
    static class Metrics {
        @Bean
        HeliographMeterBinder heliographMeters(GatewayCounters counters, EventsGateway gateway) {
            return new HeliographMeterBinder(counters, gateway);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(HealthIndicator.class)
    static class Healths {
        @Bean
        @ConditionalOnMissingBean(name = "heliographHealthIndicator")
        HeliographHealthIndicator heliographHealthIndicator(SqlEventLog log, GatewayServer server) {
            return new HeliographHealthIndicator(log, server);
        }
    }
}
