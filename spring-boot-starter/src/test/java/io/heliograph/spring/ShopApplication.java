package io.heliograph.spring;

import io.heliograph.gateway.CommandRejectedException;
import io.heliograph.gateway.Principal;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.transaction.annotation.Transactional;

/** What tests start: a small shop with JDBC, or with JPA where there is a provider. */
@SpringBootConfiguration
@EnableAutoConfiguration
class ShopApplication {

    @Bean
    JwtDecoder decoder() {
        return TestTokens.decoder();
    }

    @Bean
    Shop shop(JdbcClient jdbc, EventPublisher events) {
        return new Shop(jdbc, events);
    }

    record Order(String id, int totalCents) {}

    static class Shop {
        private final JdbcClient jdbc;
        private final EventPublisher events;

        Shop(JdbcClient jdbc, EventPublisher events) {
            this.jdbc = jdbc;
            this.events = events;
        }

        @Transactional
        void ship(String tenant, Order order, boolean fails) {
            jdbc.sql("insert into shop_order (id, total_cents) values (?, ?)")
                    .params(order.id(), order.totalCents())
                    .update();
            events.append(tenant, "order:shipped", order);
            if (fails) {
                throw new IllegalArgumentException("a fault");
            }
        }

        record Say(String text, List<Integer> stars) {}

        @SocketEvent("say")
        @Transactional
        Map<String, Object> say(Principal principal, Say say) {
            if (say.text().isBlank()) {
                throw new CommandRejectedException("empty", "Say something");
            }
            events.append(
                    principal.workspace().value(),
                    "chat:said",
                    Map.of("by", principal.subject().id(), "text", say.text()));
            return Map.of("length", say.text().length());
        }

        @SocketEvent("ping")
        void ping() {}
    }

    /** A row of JPA's. */
    @Entity
    @Table(name = "shop_order")
    static class OrderRow {
        @Id
        String id = "";

        int totalCents;
    }

    /** The same with JPA. */
    static class JpaShop {
        private final EntityManager entities;
        private final EventPublisher events;

        JpaShop(EntityManager entities, EventPublisher events) {
            this.entities = entities;
            this.events = events;
        }

        @Transactional
        void ship(String tenant, Order order, boolean fails) {
            OrderRow row = new OrderRow();
            row.id = order.id();
            row.totalCents = order.totalCents();
            entities.persist(row);
            events.append(tenant, "order:shipped", order);
            if (fails) {
                throw new IllegalArgumentException("a fault");
            }
        }
    }
}
