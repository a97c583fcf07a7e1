package io.heliograph.server.web;

import io.heliograph.server.events.EventDrafts;
import org.springframework.boot.http.codec.CodecCustomizer;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import tools.jackson.databind.json.JsonMapper;

/** Wires what every endpoint shares. */
@Configuration(proxyBeanMethods = false)
class WebConfiguration {

    @Bean
    JsonMapper jsonMapper() {
        return Json.mapper();
    }

    @Bean
    EventDrafts eventDrafts(JsonMapper json) {
        return new EventDrafts(json);
    }

    @Bean
    Origins origins(ServerSettings settings) {
        return new Origins(settings);
    }

    @Bean
    PublicUrl publicUrl(ServerSettings settings, ReactiveWebServerApplicationContext context) {
        return new PublicUrl(settings, () -> {
            var server = context.getWebServer();
            return server == null ? settings.port() : server.getPort();
        });
    }

    @Bean
    CodecCustomizer bodyLimit(ServerSettings settings) {
        return codecs ->
                codecs.defaultCodecs().maxInMemorySize((int) settings.maxBody().toBytes());
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

    private static java.net.InetAddress address(ServerSettings settings) {
        try {
            return java.net.InetAddress.getByName(settings.host());
        } catch (java.net.UnknownHostException _) {
            throw new InvalidSettingException("heliograph.host", settings.host(), "an address of this machine");
        }
    }
}
