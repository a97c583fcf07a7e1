package io.heliograph.server.demo;

import io.heliograph.server.identity.Administration;
import io.heliograph.server.web.PublicUrl;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DemoSettings.class)
@ConditionalOnProperty(name = "heliograph.demo", havingValue = "true")
class DemoConfiguration {

    @Bean
    Demo demo(DemoSettings settings, Administration administration, PublicUrl publicUrl, JsonMapper json) {
        return new Demo(settings, administration, publicUrl, json);
    }
}
