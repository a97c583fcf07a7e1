package io.heliograph.server.web;

import io.heliograph.server.errors.InvalidSettingException;
import io.heliograph.server.events.EventDrafts;
import io.heliograph.server.events.Traces;
import io.heliograph.server.json.Json;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import org.springframework.boot.http.codec.CodecCustomizer;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;
import org.springframework.boot.webflux.autoconfigure.WebFluxRegistrations;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.json.JsonMapper;

/** Wires what every endpoint shares. */
@Configuration(proxyBeanMethods = false)
class WebConfiguration {

    @Bean
    JsonMapper jsonMapper() {
        return Json.mapper();
    }

    @Bean
    EventDrafts eventDrafts(JsonMapper json, Traces traces) {
        return new EventDrafts(json, traces);
    }

    @Bean
    Origins origins(ServerSettings settings, MeterRegistry registry) {
        return new Origins(settings, registry);
    }

    @Bean
    ClientAddresses clientAddresses(PeerSettings settings) {
        return new ClientAddresses(settings);
    }

    @Bean
    PublicUrl publicUrl(ServerSettings settings, ReactiveWebServerApplicationContext context) {
        return new PublicUrl(settings, () -> {
            var server = context.getWebServer();
            return server == null ? settings.port() : server.getPort();
        });
    }

    @Bean
    WebFluxRegistrations queryMapping() {
        return new WebFluxRegistrations() {
            @Override
            public RequestMappingHandlerMapping getRequestMappingHandlerMapping() {
                return new QueryMapping();
            }
        };
    }

    /** After Spring Boot's own customizers, which register the decoder that this one replaces. */
    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    CodecCustomizer requestBodies(ServerSettings settings) {
        return codecs -> {
            codecs.defaultCodecs().maxInMemorySize((int) settings.maxBody().toBytes());
            codecs.defaultCodecs().jacksonJsonDecoder(new RequestBodyDecoder());
        };
    }

    /** After all other handlers: paths without a handler belong to the dashboard. */
    @Bean
    SimpleUrlHandlerMapping dashboard(ServerSettings settings) {
        return new SimpleUrlHandlerMapping(
                Map.of("/**", new Dashboard(Assets.of(settings.dashboard()))), Ordered.LOWEST_PRECEDENCE - 1);
    }

    /** After Spring Boot's own customizers: the address comes from our settings. */
    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> listen(ServerSettings settings) {
        return factory -> {
            factory.setPort(settings.port());
            factory.setAddress(address(settings));
        };
    }

    private static InetAddress address(ServerSettings settings) {
        try {
            return InetAddress.getByName(settings.host());
        } catch (UnknownHostException _) {
            throw new InvalidSettingException("heliograph.host", settings.host(), "an address of this machine");
        }
    }
}
