package io.heliograph.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.heliograph.eventlog.SqlEventLog;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.socketio.SocketIoServer;
import io.heliograph.spring.test.SocketClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.persistence.EntityManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Applications with the starter, as their clients see them. */
@ExtendWith(OutputCaptureExtension.class)
class StarterIT {
    private static final String TOKEN = TestTokens.token("acme", "ada");
    private static final String JPA = "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration";

    @TempDir
    private Path folder;

    private String sqlite() {
        return "jdbc:sqlite:" + folder.resolve("shop.db") + "?journal_mode=WAL&busy_timeout=20000";
    }

    private static ConfigurableApplicationContext start(WebApplicationType web, String url, String... more) {
        return start(ShopApplication.class, web, url, more);
    }

    private static ConfigurableApplicationContext start(
            Class<?> application, WebApplicationType web, String url, String... more) {
        List<String> settings = new ArrayList<>(List.of(
                "spring.datasource.url=" + url,
                "spring.application.name=shop",
                "heliograph.jwt.workspace-claim=tenant",
                "server.port=0",
                "server.address=127.0.0.1",
                "heliograph.address=127.0.0.1"));
        if (application == ShopApplication.class) {
            settings.add("spring.autoconfigure.exclude=" + JPA);
            settings.add("spring.data.jpa.repositories.enabled=false");
        }
        settings.addAll(List.of(more));
        ConfigurableApplicationContext context = new SpringApplicationBuilder(application)
                .web(web)
                .properties(settings.toArray(String[]::new))
                .run();
        if (application == ShopApplication.class) {
            context.getBean(JdbcClient.class)
                    .sql("create table if not exists shop_order (id varchar(20) primary key, total_cents integer)")
                    .update();
        }
        return context;
    }

    private static int port(ConfigurableApplicationContext context) {
        return context.getEnvironment().getRequiredProperty("local.heliograph.port", Integer.class);
    }

    @Test
    void rowAndEventAreCommittedTogetherAndReachEveryClientOfTheTenant(CapturedOutput output) {
        try (ConfigurableApplicationContext context = start(WebApplicationType.NONE, sqlite(), "heliograph.port=0");
                SocketClient ada = SocketClient.connect(port(context), TOKEN);
                SocketClient other = SocketClient.connect(port(context), TestTokens.token("other", "eve"))) {
            ShopApplication.Shop shop = context.getBean(ShopApplication.Shop.class);

            shop.ship("acme", new ShopApplication.Order("42", 1999), false);
            assertThatThrownBy(() -> shop.ship("acme", new ShopApplication.Order("43", 1), true))
                    .hasMessage("a fault");
            shop.ship("acme", new ShopApplication.Order("44", 5), false);

            JsonNode first = ada.next("order:shipped");
            assertThat(first.at("/data").toString()).isEqualTo("{\"id\":\"42\",\"totalCents\":1999}");
            assertThat(first.at("/actor/name").asString()).isEqualTo("shop");
            assertThat(first.at("/offset").asLong()).isEqualTo(1);
            String cursor = ada.cursor();
            assertThat(ada.next("order:shipped").at("/data/id").asString()).isEqualTo("44");
            shop.ship("other", new ShopApplication.Order("45", 5), false);
            assertThat(other.next("order:shipped").at("/data/id").asString()).isEqualTo("45");
            assertThat(other.waiting("order:shipped")).isZero();
            assertThat(context.getBean(JdbcClient.class)
                            .sql("select id from shop_order order by id")
                            .query(String.class)
                            .list())
                    .containsExactly("42", "44", "45");

            try (SocketClient later = SocketClient.connectAfter(port(context), TOKEN, cursor)) {
                assertThat(later.next("order:shipped").at("/data/id").asString())
                        .isEqualTo("44");
            }
        }
        assertThat(output).contains("serves /socket.io/ on port", "its own");
    }

    @Test
    void methodsOfSocketEventsGetRecordsAndThePrincipal() {
        try (ConfigurableApplicationContext context = start(WebApplicationType.NONE, sqlite(), "heliograph.port=0");
                SocketClient ada = SocketClient.connect(port(context), TOKEN)) {
            assertThat(ada.emit("say", Map.of("text", "hello", "stars", List.of(1)))
                            .at("/length")
                            .asInt())
                    .isEqualTo(5);
            assertThat(ada.next("chat:said").at("/data").toString()).contains("\"by\":\"ada\"", "\"text\":\"hello\"");
            assertThat(ada.emit("ping", Map.of()).at("/ok").asBoolean()).isTrue();

            JsonNode malformed = ada.emit("say", Map.of("text", "hello", "stars", List.of(1, "x")));
            assertThat(malformed.at("/error/code").asString()).isEqualTo("invalid_request");
            assertThat(malformed.at("/error/errors/0/field").asString()).isEqualTo("stars[1]");
            assertThat(ada.emit("say", Map.of("text", " ")).at("/error/code").asString())
                    .isEqualTo("empty");
            assertThat(ada.emit("unknown", Map.of()).at("/error/known").toString())
                    .contains("say", "ping");
        }
    }

    @Test
    void tokensAreVerifiedByTheApplicationsDecoder() {
        try (ConfigurableApplicationContext context =
                start(WebApplicationType.NONE, sqlite(), "heliograph.port=0", "heliograph.tickets.enabled=true")) {
            int port = port(context);
            assertThat(refusal(port, "nonsense")).isEqualTo("token_invalid");
            assertThat(refusal(port, "")).isEqualTo("token_missing");
            assertThat(refusal(port, TestTokens.token("acme", "ada", Duration.ofMinutes(-10))))
                    .isEqualTo("token_expired");
            assertThat(refusal(port, TestTokens.token("not a workspace", "ada")))
                    .isEqualTo("token_invalid");
            assertThat(refusal(port, "ht1.x.y")).isEqualTo("token_invalid");
            String ticket = context.getBean(SocketTickets.class).issue("acme", "bob");
            try (SocketClient bob = SocketClient.connect(port, ticket)) {
                bob.emit("say", Map.of("text", "by ticket"));
                assertThat(bob.next("chat:said").at("/data/by").asString()).isEqualTo("bob");
            }
        }
    }

    private static String refusal(int port, String token) {
        try {
            SocketClient.connect(port, token).close();
            throw new AssertionError("connected");
        } catch (SocketClient.RefusedException refused) {
            return refused.code();
        }
    }

    @Test
    void socketsAreOnReactorNettysPort(CapturedOutput output) throws Exception {
        try (ConfigurableApplicationContext context = start(WebApplicationType.REACTIVE, sqlite());
                SocketClient ada = SocketClient.connect(port(context), TOKEN)) {
            int web = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
            assertThat(port(context)).isEqualTo(web);
            context.getBean(ShopApplication.Shop.class).ship("acme", new ShopApplication.Order("42", 1), false);
            assertThat(ada.next("order:shipped").at("/data/id").asString()).isEqualTo("42");

            HttpResponse<String> page = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + web + "/nothing"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(page.statusCode()).isIn(401, 404);
        }
        assertThat(output).contains("the web server's");
    }

    @Test
    void anOwnPortBesideReactorNettys() {
        try (ConfigurableApplicationContext context =
                        start(WebApplicationType.REACTIVE, sqlite(), "heliograph.port=0");
                SocketClient ada = SocketClient.connect(port(context), TOKEN)) {
            assertThat(port(context))
                    .isNotEqualTo(context.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
            assertThat(ada.emit("ping", Map.of()).at("/ok").asBoolean()).isTrue();
        }
    }

    @Test
    void pagesOfOtherOriginsAreRefusedUnlessTheyAreListed() throws Exception {
        try (ConfigurableApplicationContext own = start(
                        WebApplicationType.NONE,
                        sqlite(),
                        "heliograph.port=0",
                        "heliograph.origins=https://shop.example");
                ConfigurableApplicationContext shared = start(WebApplicationType.REACTIVE, sqlite())) {
            assertThat(handshake(port(own), "http://127.0.0.1:8080")).isEqualTo(200);
            assertThat(handshake(port(own), "https://Shop.example")).isEqualTo(200);
            assertThat(handshake(port(own), "https://evil.example")).isEqualTo(403);
            assertThat(handshake(port(own), "null")).isEqualTo(403);
            assertThat(handshake(port(shared), "http://127.0.0.1:" + port(shared)))
                    .isEqualTo(200);
            assertThat(handshake(port(shared), "http://127.0.0.1:1")).isEqualTo(403);
        }
    }

    private static int handshake(int port, String origin) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + port + "/socket.io/?EIO=4&transport=polling");
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(uri).header("Origin", origin).build(),
                        HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    @Test
    void healthMetricsAndTheSocketServerAreBeans() {
        try (ConfigurableApplicationContext context = start(WebApplicationType.NONE, sqlite(), "heliograph.port=0");
                SocketClient ada = SocketClient.connect(port(context), TOKEN)) {
            assertThat(ada.emit("ping", Map.of()).at("/ok").asBoolean()).isTrue();
            assertThat(context.getBean(SocketIoServer.class)).isNotNull();
            HeliographHealthIndicator health = context.getBean(HeliographHealthIndicator.class);
            assertThat(health.health().getStatus()).isEqualTo(Status.UP);
            assertThat(health.health().getDetails())
                    .containsEntry("sockets", 1L)
                    .containsEntry("port", port(context));

            SimpleMeterRegistry registry = new SimpleMeterRegistry();
            context.getBean(HeliographMeterBinder.class).bindTo(registry);
            assertThat(registry.get("heliograph.gateway.sockets").gauge().value())
                    .isEqualTo(1);
            assertThat(registry.find("heliograph.gateway.limits.met").meters()).hasSizeGreaterThan(3);
        }
    }

    @Test
    void clientsAreToldToReconnectBeforeTheApplicationStops() {
        SocketClient ada;
        try (ConfigurableApplicationContext context = start(WebApplicationType.NONE, sqlite(), "heliograph.port=0")) {
            ada = SocketClient.connect(port(context), TOKEN);
        }
        try (ada) {
            assertThat(ada.next("drain").has("delayMs")).isTrue();
            await().until(ada.closed()::isDone);
        }
    }

    @Test
    void oldEventsAreRemoved() {
        try (ConfigurableApplicationContext context = start(
                WebApplicationType.NONE,
                sqlite(),
                "heliograph.port=0",
                "heliograph.log.max-events=1",
                "heliograph.log.retention-interval=100ms")) {
            ShopApplication.Shop shop = context.getBean(ShopApplication.Shop.class);
            shop.ship("acme", new ShopApplication.Order("1", 1), false);
            shop.ship("acme", new ShopApplication.Order("2", 1), false);
            SqlEventLog log = context.getBean(SqlEventLog.class);
            await().until(() -> log.after(new WorkspaceId("acme"), 0, 10).size() == 1);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class JpaApplication extends ShopApplication {
        @Bean
        JpaShop jpaShop(EntityManager entities, EventPublisher events) {
            return new JpaShop(entities, events);
        }
    }

    @Test
    void theSameWithJpaOnPostgresql() {
        try (ConfigurableApplicationContext context = start(
                        JpaApplication.class,
                        WebApplicationType.NONE,
                        TestPostgres.newDatabase(),
                        "heliograph.port=0",
                        "spring.jpa.hibernate.ddl-auto=create");
                SocketClient ada = SocketClient.connect(port(context), TOKEN)) {
            ShopApplication.JpaShop shop = context.getBean(ShopApplication.JpaShop.class);
            shop.ship("acme", new ShopApplication.Order("42", 1999), false);
            assertThatThrownBy(() -> shop.ship("acme", new ShopApplication.Order("43", 1), true))
                    .hasMessage("a fault");
            // The row is written before the log's head is locked, so its failure comes first and leaves no event.
            assertThatThrownBy(() -> shop.ship("acme", new ShopApplication.Order("42", 2), false))
                    .isInstanceOf(Exception.class);
            shop.ship("acme", new ShopApplication.Order("44", 5), false);

            assertThat(ada.next("order:shipped").at("/data/id").asString()).isEqualTo("42");
            JsonNode second = ada.next("order:shipped");
            assertThat(second.at("/data/id").asString()).isEqualTo("44");
            assertThat(second.at("/offset").asLong()).isEqualTo(2);
            assertThat(context.getBean(JdbcClient.class)
                            .sql("select id from shop_order order by id")
                            .query(String.class)
                            .list())
                    .containsExactly("42", "44");
        }
    }
}
