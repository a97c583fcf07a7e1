package io.heliograph.server.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.heliograph.server.events.MemberId;
import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.workspaces.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Who is let in, who is not, and how fast that changes. */
@SuppressWarnings("NullAway.Init") // JUnit sets them
final class IdentityIT {
    @TempDir
    static Path folder;

    static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(folder);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aTokenSaysWhoItsMemberIs() {
        String token = server.token("acme", "Ada@Example.com", Role.OPERATOR);

        JsonNode who = server.as(token).get("/v1/whoami").json();

        assertThat(who.at("/workspace/slug").asString()).isEqualTo("acme");
        assertThat(who.at("/member/name").asString()).isEqualTo("Ada@Example.com");
        assertThat(who.at("/member/role").asString()).isEqualTo("operator");
        assertThat(who.at("/expiresAt").asString()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(who.has("key")).isFalse();
    }

    @Test
    void aKeySaysWhatItMayDo() {
        String key = server.key("acme", "robot", Scope.READ, Scope.AGENTS_WRITE);

        JsonNode who = server.as(key).get("/v1/whoami").json();

        assertThat(who.at("/key/name").asString()).isEqualTo("robot");
        assertThat(who.at("/key/scopes").toString()).isEqualTo("[\"agents:write\",\"read\"]");
        assertThat(who.has("member")).isFalse();
        assertThat(who.has("expiresAt")).isFalse();
    }

    @Test
    void noCredentialIsTokenMissing() {
        TestClient.Answer answer = server.anonymous().get("/v1/whoami");

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.code()).isEqualTo("token_missing");
        assertThat(answer.header("content-type")).hasValue("application/problem+json");
        assertThat(answer.header("www-authenticate")).hasValue("Bearer");
        assertThat(server.as("").get("/v1/whoami").code()).isEqualTo("token_missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "a.b", "a.b.c", "hk_short", "hk_", "....", "eyJhbGciOiJIUzI1NiJ9..x"})
    void whatIsNoCredentialIsTokenMalformed(String credential) {
        TestClient.Answer answer = server.as(credential).get("/v1/whoami");

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.code()).isEqualTo("token_malformed");
    }

    @Test
    void anExpiredTokenSaysSo() {
        String token = server.token("acme", "ada", Role.OPERATOR, Duration.ofSeconds(-5));

        assertThat(server.as(token).get("/v1/whoami").code()).isEqualTo("token_expired");
    }

    @Test
    void aForgedTokenIsInvalid() {
        String token = server.token("acme", "ada", Role.VIEWER);
        String[] parts = token.split("\\.", -1);
        String claims = new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8).replace("viewer", "owner");
        String forged = parts[0] + "." + base64(claims) + "." + parts[2];
        String unsigned = base64("{\"alg\":\"none\"}") + "." + parts[1] + ".";
        String otherAlgorithm = base64("{\"alg\":\"HS512\"}") + "." + parts[1] + "." + parts[2];

        assertThat(server.as(forged).get("/v1/whoami").code()).isEqualTo("token_invalid");
        assertThat(server.as(unsigned).get("/v1/whoami").status()).isEqualTo(401);
        assertThat(server.as(otherAlgorithm).get("/v1/whoami").code()).isEqualTo("token_invalid");
    }

    @Test
    void aKeyWithAnotherSecretIsInvalid() {
        String key = server.key("acme", "robot");
        String other = key.substring(0, key.length() - 4) + (key.endsWith("0000") ? "1111" : "0000");

        assertThat(server.as(other).get("/v1/whoami").code()).isEqualTo("token_invalid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/whoami", "/%761/whoami", "/v1/whoami/", "/v1/nothing", "/v1", "/v1//whoami"})
    void noSpellingOfAPathGoesRoundTheCredential(String path) {
        assertThat(server.anonymous().get(path).status()).isEqualTo(401);
    }

    @Test
    void theStoredRoleCountsAndChangesAtOnce() {
        String token = server.token("roles", "ada", Role.OPERATOR);
        server.member("roles", "ada", Role.VIEWER);

        assertThat(server.as(token).get("/v1/whoami").json().at("/member/role").asString())
                .isEqualTo("viewer");
    }

    @Test
    void aRemovedMemberIsOutAtOnce() {
        TestClient owner = server.as(server.token("leavers", "owner", Role.OWNER));
        TestClient leaver = server.as(server.token("leavers", "leaver", Role.OPERATOR));
        String id = leaver.get("/v1/whoami").json().at("/member/id").asString();

        assertThat(owner.delete("/v1/members/" + id).status()).isEqualTo(204);

        assertThat(leaver.get("/v1/whoami").code()).isEqualTo("token_invalid");
        assertThat(owner.get("/v1/members").body()).doesNotContain(id);
        assertThat(owner.delete("/v1/members/" + id).status()).isEqualTo(404);
    }

    @Test
    void aRemovedMembersHandleCanBeGivenAgain() {
        TestClient owner = server.as(server.token("again", "owner", Role.OWNER));
        String first = server.member("again", "ada", Role.VIEWER);
        owner.delete("/v1/members/" + first);

        TestClient.Answer added = owner.post("/v1/members", Map.of("handle", "ada", "role", "viewer"));

        assertThat(added.status()).isEqualTo(201);
        assertThat(added.json().path("id").asString()).isNotEqualTo(first);
    }

    @Test
    void membersAreMadeChangedAndListed() {
        TestClient owner = server.as(server.token("staff", "owner", Role.OWNER));

        TestClient.Answer added =
                owner.post("/v1/members", Map.of("handle", "Bo@Example.com", "name", "Bo", "role", "admin"));
        String id = added.json().path("id").asString();
        TestClient.Answer again = owner.post("/v1/members", Map.of("handle", "bo@example.com", "role", "admin"));
        TestClient.Answer changed = owner.patch("/v1/members/" + id, Map.of("role", "operator"));
        JsonNode list = owner.get("/v1/members").json();

        assertThat(added.status()).isEqualTo(201);
        assertThat(added.header("location")).hasValue("/v1/members/" + id);
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.code()).isEqualTo("conflict");
        assertThat(changed.json().path("role").asString()).isEqualTo("operator");
        assertThat(list.path("data")).hasSize(2);
        assertThat(list.path("asOf").asString()).isNotEmpty();
    }

    @Test
    void onlyOwnersAndAdminsChangeMembersAndOnlyOwnersOwners() {
        String owner = server.member("ranks", "owner", Role.OWNER);
        TestClient admin = server.as(server.token("ranks", "admin", Role.ADMIN));
        TestClient operator = server.as(server.token("ranks", "operator", Role.OPERATOR));
        TestClient key = server.as(server.key("ranks", "robot"));
        Map<String, String> newOwner = Map.of("handle", "x", "role", "owner");

        assertThat(operator.post("/v1/members", Map.of("handle", "x", "role", "viewer"))
                        .code())
                .isEqualTo("forbidden");
        assertThat(key.post("/v1/members", Map.of("handle", "x", "role", "viewer"))
                        .code())
                .isEqualTo("forbidden");
        assertThat(admin.post("/v1/members", newOwner).code()).isEqualTo("forbidden");
        assertThat(admin.patch("/v1/members/" + owner, Map.of("role", "viewer")).code())
                .isEqualTo("forbidden");
        assertThat(admin.delete("/v1/members/" + owner).code()).isEqualTo("forbidden");
        assertThat(operator.get("/v1/members").status()).isEqualTo(200);
    }

    @Test
    void theLastOwnerStays() {
        TestClient owner = server.as(server.token("last", "owner", Role.OWNER));
        String id = server.member("last", "owner", Role.OWNER);

        assertThat(owner.delete("/v1/members/" + id).code()).isEqualTo("conflict");
        assertThat(owner.patch("/v1/members/" + id, Map.of("role", "admin")).code())
                .isEqualTo("conflict");
    }

    @Test
    void aMemberOfAnotherWorkspaceIsNotThere() {
        TestClient owner = server.as(server.token("here", "owner", Role.OWNER));
        String elsewhere = server.member("elsewhere", "eve", Role.VIEWER);

        assertThat(owner.patch("/v1/members/" + elsewhere, Map.of("role", "admin"))
                        .status())
                .isEqualTo(404);
        assertThat(owner.delete("/v1/members/" + elsewhere).status()).isEqualTo(404);
        assertThat(owner.post("/v1/members/" + elsewhere + "/sign-in-link", Map.of())
                        .status())
                .isEqualTo(404);
    }

    @Test
    void aKeyIsShownOnceAndRevokedAtOnce() {
        TestClient owner = server.as(server.token("keys", "owner", Role.OWNER));

        JsonNode made = owner.post("/v1/api-keys", Map.of("name", "robot", "scopes", List.of("read")))
                .json();
        TestClient robot = server.as(made.path("secret").asString());
        String id = made.at("/key/id").asString();

        assertThat(robot.get("/v1/whoami").status()).isEqualTo(200);
        assertThat(owner.get("/v1/api-keys").body())
                .contains(id)
                .doesNotContain(made.path("secret").asString().substring(30));
        assertThat(owner.delete("/v1/api-keys/" + id).status()).isEqualTo(204);
        assertThat(robot.get("/v1/whoami").code()).isEqualTo("token_invalid");
        assertThat(owner.get("/v1/api-keys").json().at("/data/0/revokedAt").asString())
                .isNotEmpty();
        assertThat(owner.delete("/v1/api-keys/" + id).status()).isEqualTo(204);
    }

    @Test
    void aRepeatedRequestForAKeyMakesNoSecondOneAndTellsNoSecret() {
        TestClient owner = server.as(server.token("repeat", "owner", Role.OWNER));

        TestClient.Answer first = owner.post("/v1/api-keys", Map.of("name", "robot"), "Idempotency-Key", "k1");
        TestClient.Answer second = owner.post("/v1/api-keys", Map.of("name", "robot"), "Idempotency-Key", "k1");

        assertThat(first.json().has("secret")).isTrue();
        assertThat(second.status()).isEqualTo(201);
        assertThat(second.json().has("secret")).isFalse();
        assertThat(second.header("idempotency-replayed")).hasValue("true");
        assertThat(owner.get("/v1/api-keys").json().path("data")).hasSize(1);
    }

    @Test
    void aTokenCanBeRevoked() {
        String token = server.token("tokens", "ada", Role.VIEWER);
        TestClient ada = server.as(token);
        TestClient other = server.as(server.token("tokens", "ada", Role.VIEWER));
        String id = ada.get("/v1/whoami").json().path("credentialId").asString();

        assertThat(other.delete("/v1/tokens/" + id).code()).isEqualTo("forbidden");
        assertThat(ada.delete("/v1/tokens/" + id).status()).isEqualTo(204);
        assertThat(ada.get("/v1/whoami").code()).isEqualTo("token_invalid");
        assertThat(other.get("/v1/whoami").status()).isEqualTo(200);
    }

    @Test
    void revocationsAreReportedToListeners() {
        List<Revocation> told = new CopyOnWriteArrayList<>();
        TestClient owner = server.as(server.token("told", "owner", Role.OWNER));
        String member = server.member("told", "ada", Role.OPERATOR);
        Runnable undo = server.part(Revocations.class).listen(told::add);

        owner.patch("/v1/members/" + member, Map.of("role", "viewer"));
        owner.delete("/v1/members/" + member);

        await().until(() -> told.size() == 2);
        assertThat(told)
                .containsExactly(
                        new Revocation.RoleChanged(server.workspace("told"), new MemberId(member), Role.VIEWER),
                        new Revocation.MemberRemoved(server.workspace("told"), new MemberId(member)));
        undo.run();
    }

    @Test
    void theTokenSecretIsItsOwnersOnly() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("token-secret"))))
                .isEqualTo("rw-------");
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    }
}
