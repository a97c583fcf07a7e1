package io.heliograph.server.http;

import com.sun.management.UnixOperatingSystemMXBean;
import io.heliograph.eventlog.Ticker;
import io.heliograph.server.web.AcceptEncoding;
import io.heliograph.server.web.ClientAddresses;
import io.heliograph.server.web.Origins;
import io.heliograph.server.web.PeerSettings;
import io.heliograph.server.web.ServerSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.util.Locale;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import tools.jackson.databind.json.JsonMapper;

/** Adds the connection limits and request rules to the pipeline of the server's port. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(HttpSettings.class)
class HttpConfiguration {
    private static final int UNKNOWN_DESCRIPTORS = 10_000;
    private static final int MIN_COMPRESSED_BYTES = 2_048;

    @Bean
    ConnectionLimiter connectionLimiter(HttpSettings settings, ClientAddresses addresses, MeterRegistry registry) {
        int max = settings.maxConnections() == 0 ? maxByDescriptors() : settings.maxConnections();
        return new ConnectionLimiter(max, settings.maxConnectionsPerAddress(), addresses, registry);
    }

    /** Registered last, so that it is first in the pipeline. */
    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    NettyServerCustomizer boundConnections(ConnectionLimiter limiter) {
        return http -> http.doOnBound(bound -> bound.channel().pipeline().addFirst(limiter));
    }

    /** Registered before the Socket.IO handler, which is then inserted between the codec and this handler. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    NettyServerCustomizer requestHeads(
            ServerSettings server,
            PeerSettings peers,
            Origins origins,
            JsonMapper json,
            Clock clock,
            MeterRegistry registry) {
        RequestRules rules = new RequestRules(server, peers);
        HttpDate date = new HttpDate(clock);
        return http -> http.doOnChannelInit((observer, channel, address) -> channel.pipeline()
                .addAfter(
                        NettyPipeline.HttpCodec,
                        "requestHeads",
                        new RequestHeads(
                                rules,
                                origins,
                                json,
                                date,
                                refusal -> registry.counter(
                                                "heliograph.http.requests.refused",
                                                "code",
                                                refusal.code().code())
                                        .increment())));
    }

    /** Registered after the Socket.IO handler, so that this handler is before it. */
    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    NettyServerCustomizer requestTimeouts(HttpSettings settings, Ticker clock, MeterRegistry registry) {
        return http -> http.doOnChannelInit((observer, channel, address) -> channel.pipeline()
                .addAfter(
                        NettyPipeline.HttpCodec,
                        "requestTimeouts",
                        new RequestTimeouts(
                                settings,
                                clock,
                                phase -> registry.counter(
                                                "heliograph.http.timeouts",
                                                "phase",
                                                phase.name().toLowerCase(Locale.ROOT))
                                        .increment())));
    }

    /**
     * Compresses JSON for clients that accept gzip. Netty alone would read {@code xgzip} as gzip and ignore weights.
     */
    @Bean
    NettyServerCustomizer compression() {
        return http -> http.compress(MIN_COMPRESSED_BYTES).compress(HttpConfiguration::isCompressed);
    }

    /**
     * A response with an ETag is not compressed here: files are compressed already, and each encoding would need its
     * own tag.
     */
    private static boolean isCompressed(HttpServerRequest request, HttpServerResponse response) {
        String type = response.responseHeaders().get(HttpHeaderNames.CONTENT_TYPE, "");
        return (type.startsWith("application/json") || type.startsWith("application/problem+json"))
                && !response.responseHeaders().contains(HttpHeaderNames.ETAG)
                && AcceptEncoding.parse(request.requestHeaders().getAll(HttpHeaderNames.ACCEPT_ENCODING))
                        .prefersGzip();
    }

    /** The rest is for the database, log files and the JVM. */
    private static int maxByDescriptors() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? Math.clamp(unix.getMaxFileDescriptorCount() / 5 * 4, 64, Integer.MAX_VALUE)
                : UNKNOWN_DESCRIPTORS;
    }
}
