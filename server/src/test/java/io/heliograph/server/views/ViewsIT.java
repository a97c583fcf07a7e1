package io.heliograph.server.views;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.workspaces.Role;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Saved views: whose they are, who sees them, and what they may hold. */
@SuppressWarnings("NullAway.Init") // JUnit sets them
final class ViewsIT {
    @TempDir
    static Path folder;

    static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(
                folder, "heliograph.limits.max-views-per-member=4", "heliograph.limits.max-shared-views=3");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aViewIsItsMembersUntilItIsShared() {
        TestClient ada = member("own", "ada", Role.OPERATOR);
        TestClient bob = member("own", "bob", Role.OPERATOR);
        TestClient admin = member("own", "admin", Role.ADMIN);
        TestClient eve = member("elsewhere", "eve", Role.OWNER);
        TestClient.Answer made = save(ada, "Mine", false);
        String path = "/v1/views/" + made.json().path("id").asString();

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.header("etag")).hasValue("\"1\"");
        assertThat(made.header("location")).hasValue(path);
        assertThat(made.json().at("/owner/name").asString()).isEqualTo("ada");
        assertThat(names(ada)).containsExactly("Mine");
        for (TestClient other : List.of(bob, admin, eve)) {
            assertThat(names(other)).isEmpty();
            assertThat(other.patch(path, Map.of("name", "x")).code()).isEqualTo("not_found");
            assertThat(other.delete(path).code()).isEqualTo("not_found");
        }

        TestClient.Answer shared = ada.patch(path, Map.of("shared", true));

        assertThat(shared.header("etag")).hasValue("\"2\"");
        assertThat(names(bob)).containsExactly("Mine");
        assertThat(names(eve)).isEmpty();
        assertThat(bob.patch(path, Map.of("name", "x")).code()).isEqualTo("forbidden");
        assertThat(bob.delete(path).code()).isEqualTo("forbidden");
        assertThat(eve.patch(path, Map.of("name", "x")).code()).isEqualTo("not_found");
        assertThat(admin.patch(path, Map.of("name", "Ours"))
                        .json()
                        .path("version")
                        .asInt())
                .isEqualTo(3);
        assertThat(names(ada)).containsExactly("Ours");
        assertThat(admin.delete(path).status()).isEqualTo(204);
        assertThat(names(ada)).isEmpty();
    }

    @Test
    void aViewerKeepsViewsAndSharesNone() {
        TestClient vera = member("viewers", "vera", Role.VIEWER);
        String path = "/v1/views/" + save(vera, "Mine", false).json().path("id").asString();

        assertThat(save(vera, "Ours", true).code()).isEqualTo("forbidden");
        assertThat(vera.patch(path, Map.of("shared", true)).code()).isEqualTo("forbidden");
        assertThat(vera.patch(path, Map.of("query", "?a=1"))
                        .json()
                        .path("query")
                        .asString())
                .isEqualTo("?a=1");
        assertThat(server.as(server.key("viewers", "robot")).get("/v1/views").code())
                .isEqualTo("forbidden");
    }

    @Test
    void aNameIsOneMembersOnceWhateverItsCase() {
        TestClient ada = member("names", "ada", Role.OPERATOR);
        TestClient bob = member("names", "bob", Role.OPERATOR);
        save(ada, "Été", false);
        String other = save(ada, "Other", false).json().path("id").asString();

        TestClient.Answer again = save(ada, "ÉTÉ", false);
        TestClient.Answer renamed = ada.patch("/v1/views/" + other, Map.of("name", "été"));

        assertThat(again.code()).isEqualTo("conflict");
        assertThat(again.json().path("detail").asString()).contains("\"Été\"");
        assertThat(renamed.code()).isEqualTo("conflict");
        assertThat(ada.patch("/v1/views/" + other, Map.of("name", "OTHER")).status())
                .isEqualTo(200);
        assertThat(save(bob, "été", false).status()).isEqualTo(201);
    }

    @Test
    void limitsAreOfAMemberAndOfTheWorkspace() {
        TestClient ada = member("limits", "ada", Role.OPERATOR);
        TestClient bob = member("limits", "bob", Role.OPERATOR);
        for (int number = 0; number < 3; number++) {
            assertThat(save(ada, "shared " + number, true).status()).isEqualTo(201);
        }
        String own = save(ada, "own", false).json().path("id").asString();

        TestClient.Answer fifth = save(ada, "fifth", false);
        TestClient.Answer shared = save(bob, "shared", true);
        TestClient.Answer turned = ada.patch("/v1/views/" + own, Map.of("shared", true));

        assertThat(fifth.code()).isEqualTo("limit_reached");
        assertThat(fifth.json().path("detail").asString()).contains("heliograph.limits.max-views-per-member");
        assertThat(shared.code()).isEqualTo("limit_reached");
        assertThat(shared.json().path("detail").asString()).contains("heliograph.limits.max-shared-views");
        assertThat(turned.code()).isEqualTo("limit_reached");
        assertThat(save(bob, "own", false).status()).isEqualTo(201);
    }

    @Test
    void aChangeNeedsTheVersionThatItNamesAndIsRepeatedByItsKey() {
        TestClient ada = member("versions", "ada", Role.OPERATOR);
        TestClient.Answer made = ada.post("/v1/views", body("Mine", false), "Idempotency-Key", "k1");
        TestClient.Answer again = ada.post("/v1/views", body("Mine", false), "Idempotency-Key", "k1");
        String path = "/v1/views/" + made.json().path("id").asString();

        assertThat(again.json()).isEqualTo(made.json());
        assertThat(names(ada)).containsExactly("Mine");
        assertThat(ada.patch(path, Map.of("name", "New"), "If-Match", "\"2\"").code())
                .isEqualTo("version_mismatch");
        assertThat(ada.patch(path, Map.of("name", "New"), "If-Match", "\"1\"").status())
                .isEqualTo(200);
        assertThat(ada.delete(path, "If-Match", "\"1\"").code()).isEqualTo("version_mismatch");
        assertThat(ada.patch(path, Map.of()).json().path("version").asInt()).isEqualTo(2);
        assertThat(ada.delete(path, "If-Match", "\"2\"").status()).isEqualTo(204);
    }

    @Test
    void viewsEndWithTheirMemberAndChangesAreInTheTrail() {
        TestClient owner = member("ends", "olga", Role.OWNER);
        TestClient ada = member("ends", "ada", Role.OPERATOR);
        String id = save(ada, "Ours", true).json().path("id").asString();
        ada.patch("/v1/views/" + id, Map.of("query", "?b"));
        assertThat(names(owner)).containsExactly("Ours");

        owner.delete("/v1/members/" + server.member("ends", "ada", Role.OPERATOR));

        assertThat(names(owner)).isEmpty();
        JsonNode entries = owner.get("/v1/audit?subject=" + id).json().path("data");
        assertThat(entries.valueStream().map(entry -> entry.path("action").asString()))
                .containsExactly("view.changed", "view.created");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\":\" x\"}",
                "{\"name\":\"x \"}",
                "{\"name\":\"\"}",
                "{\"name\":\"   \"}",
                "{\"name\":\"a\\u202eb\"}",
                "{\"name\":\"a\\nb\"}",
                "{\"name\":\"a\\u2028b\"}",
                "{\"name\":\"a\\u0000b\"}",
                "{\"name\":7}",
                "{\"query\":\"?a\\u0007\"}",
                "{\"query\":\"?a\\u0085\"}",
                "{\"query\":\"?a\\ud800\"}",
                "{\"query\":null}",
                "{\"shared\":\"true\"}"
            })
    void whatAViewMayNotHoldIsRefusedByItsName(String change) {
        TestClient ada = member("values", "ada", Role.OPERATOR);
        String id = names(ada).isEmpty()
                ? save(ada, "Mine", false).json().path("id").asString()
                : ada.get("/v1/views").json().at("/data/0/id").asString();

        TestClient.Answer answer = ada.patch("/v1/views/" + id, change);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/errors/0/field").asString())
                .isEqualTo(change.substring(2, change.indexOf('"', 2)));
    }

    @Test
    void aQueryIsKeptAsItIsUpToItsLength() {
        TestClient ada = member("queries", "ada", Role.OPERATOR);
        String odd = "?q=%E2%80%AE'\"<>&\\ \u202e\ud83d\ude00" + "x".repeat(1_970);

        TestClient.Answer made =
                ada.post("/v1/views", Map.of("name", "😀".repeat(60), "screen", "activity", "query", odd));

        assertThat(made.json().path("query").asString()).isEqualTo(odd);
        assertThat(ada.get("/v1/views").json().at("/data/0/query").asString()).isEqualTo(odd);
        assertThat(ada.patch("/v1/views/" + made.json().path("id").asString(), Map.of("query", "x".repeat(2_001)))
                        .status())
                .isEqualTo(400);
        assertThat(ada.patch("/v1/views/" + "x".repeat(500), Map.of()).code()).isEqualTo("not_found");
    }

    private static TestClient member(String slug, String handle, Role role) {
        return server.as(server.token(slug, handle, role));
    }

    private static TestClient.Answer save(TestClient client, String name, boolean shared) {
        return client.post("/v1/views", body(name, shared));
    }

    private static Map<String, Object> body(String name, boolean shared) {
        return Map.of("name", name, "screen", "approvals", "query", "?tab=all", "shared", shared);
    }

    private static List<String> names(TestClient client) {
        return client.get("/v1/views")
                .json()
                .path("data")
                .valueStream()
                .map(view -> view.path("name").asString())
                .toList();
    }
}
