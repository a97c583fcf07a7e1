package io.heliograph.server.publishing;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.identity.Scope;
import io.heliograph.server.workspaces.Role;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Schemas of the events of other services. */
@SuppressWarnings("NullAway.Init") // JUnit sets them
final class EventTypesIT {
    private static final String ORDER =
            "{\"type\":\"object\",\"required\":[\"id\"],\"properties\":{\"id\":{\"type\":\"integer\"}}}";

    @TempDir
    static Path folder;

    static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(folder, "heliograph.limits.max-event-types=2");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void dataOfADescribedTypeMustFitItsSchema() {
        TestClient shop = publisher("fit");
        assertThat(put(shop, "order:shipped", ORDER, "").status()).isEqualTo(201);

        TestClient.Answer bad = publish(shop, "{\"id\":1}", "{\"id\":\"x\"}");
        TestClient.Answer badVolatile =
                shop.post("/v1/events/volatile", "{\"events\":[{\"type\":\"order:shipped\",\"data\":{}}]}");

        assertThat(bad.status()).isEqualTo(400);
        assertThat(bad.json().at("/errors/0/field").asString()).isEqualTo("events[1].data");
        assertThat(bad.json().at("/errors/0/detail").asString()).contains("/id", "order:shipped");
        assertThat(badVolatile.status()).isEqualTo(400);
        assertThat(publish(shop, "{\"id\":1}").status()).isEqualTo(201);
        assertThat(shop.delete("/v1/event-types/order:shipped").status()).isEqualTo(204);
        assertThat(publish(shop, "{}").status()).isEqualTo(201);
    }

    @Test
    void aSchemaGrowsByOptionalPropertiesAndIsReplacedByForce() {
        TestClient shop = publisher("grow");
        put(shop, "order:shipped", ORDER, "");
        String wider = ORDER.replace("\"integer\"}}", "\"integer\"},\"note\":{\"type\":\"string\"}}");

        TestClient.Answer narrower = put(shop, "order:shipped", ORDER.replace("[\"id\"]", "[\"id\",\"note\"]"), "");
        TestClient.Answer added = put(shop, "order:shipped", wider, "");
        TestClient.Answer forced = put(shop, "order:shipped", "{\"type\":\"string\"}", "?force=true");

        assertThat(narrower.status()).isEqualTo(409);
        assertThat(narrower.body()).contains("conflict", "force=true");
        assertThat(added.status()).isEqualTo(200);
        assertThat(added.json().path("version").asInt()).isEqualTo(2);
        assertThat(forced.json().path("version").asInt()).isEqualTo(3);
        JsonNode got = shop.get("/v1/event-types/order:shipped").json();
        assertThat(got.path("schema")).hasToString("{\"type\":\"string\"}");
        assertThat(got.path("description").asString()).isEqualTo("An order");
    }

    @Test
    void typesAreListedByNameAndBounded() {
        TestClient shop = publisher("list");
        put(shop, "order:b", "{}", "");
        put(shop, "order:a", "{}", "");

        TestClient.Answer third = put(shop, "order:c", "{}", "");

        assertThat(third.status()).isEqualTo(409);
        assertThat(third.body()).contains("limit_reached", "heliograph.limits.max-event-types");
        assertThat(shop.get("/v1/event-types")
                        .json()
                        .path("data")
                        .valueStream()
                        .map(type -> type.path("type").asString()))
                .containsExactly("order:a", "order:b");
        assertThat(shop.get("/v1/event-types/order:none").status()).isEqualTo(404);
        assertThat(shop.delete("/v1/event-types/order:none").status()).isEqualTo(404);
        TestClient owner = server.as(server.token("list", "owner", Role.OWNER));
        assertThat(owner.get("/v1/audit?action=event_type.described").json().path("data"))
                .hasSize(2);
    }

    @Test
    void whatIsNoSchemaOrNoTypeIsRefused() {
        TestClient shop = publisher("refused");

        for (String schema : List.of("[]", "{\"type\":\"nonsense\"}", "{\"$ref\":\"https://example.com/x\"}")) {
            TestClient.Answer answer = put(shop, "order:x", schema, "");
            assertThat(answer.json().at("/errors/0/field").asString())
                    .as(answer.body())
                    .isEqualTo("schema");
        }
        assertThat(put(shop, "approval:x", "{}", "").status()).isEqualTo(400);
        assertThat(put(shop, "order:x", "{}", "?force=yes").status()).isEqualTo(400);
    }

    private static TestClient publisher(String slug) {
        return server.as(server.key(slug, "shop", Scope.EVENTS_PUBLISH));
    }

    private static TestClient.Answer put(TestClient shop, String type, String schema, String query) {
        return shop.put("/v1/event-types/" + type + query, "{\"schema\":" + schema + ",\"description\":\"An order\"}");
    }

    private static TestClient.Answer publish(TestClient shop, String... data) {
        return shop.post(
                "/v1/events",
                "{\"events\":["
                        + String.join(
                                ",",
                                List.of(data).stream()
                                        .map(each -> "{\"type\":\"order:shipped\",\"data\":" + each + "}")
                                        .toList())
                        + "]}");
    }
}
