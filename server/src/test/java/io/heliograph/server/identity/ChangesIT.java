package io.heliograph.server.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.workspaces.Role;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Every change of members, keys, tokens and sessions leaves an entry in the audit trail. */
@SuppressWarnings("NullAway.Init") // JUnit sets it
final class ChangesIT {
    @TempDir
    Path folder;

    @Test
    void everyChangeLeavesAnEntryThatSaysWhoDidWhat() {
        try (TestServer server = TestServer.start(folder)) {
            TestClient owner = server.as(server.token("acme", "olga", Role.OWNER));
            String ownerId = owner.get("/v1/whoami").json().at("/member/id").asString();
            String bob = owner.post("/v1/members", Map.of("handle", "bob", "role", "viewer"))
                    .json()
                    .path("id")
                    .asString();
            owner.patch("/v1/members/" + bob, Map.of("role", "operator"));
            owner.patch("/v1/members/" + bob, Map.of("role", "operator"));
            String link = owner.post("/v1/members/" + bob + "/sign-in-link", Map.of())
                    .json()
                    .path("url")
                    .asString();
            String code = link.substring(link.indexOf("code=") + 5);
            TestClient.Answer signedIn = server.anonymous()
                    .post("/v1/sign-in", Map.of("code", code), "Origin", server.url(), "Sec-Fetch-Site", "same-origin");
            String cookie = signedIn.header("set-cookie").orElseThrow().split(";", -1)[0];
            server.anonymous()
                    .delete("/v1/session", "Cookie", cookie, "Origin", server.url(), "Sec-Fetch-Site", "same-origin");
            owner.delete("/v1/members/" + bob);
            JsonNode key = owner.post("/v1/api-keys", Map.of("name", "robot", "scopes", List.of("read")))
                    .json();
            String keyId = key.at("/key/id").asString();
            owner.delete("/v1/api-keys/" + keyId);
            owner.delete("/v1/api-keys/" + keyId);
            String tokenId = owner.get("/v1/whoami").json().path("credentialId").asString();
            TestClient second = server.as(server.token("acme", "olga", Role.OWNER));
            owner.delete("/v1/tokens/" + tokenId);

            TestClient.Answer audit = second.get("/v1/audit?limit=100");
            List<String> entries = audit.json()
                    .path("data")
                    .valueStream()
                    .map(entry -> entry.path("action").asString() + " "
                            + entry.at("/subject/id").asString() + " by "
                            + entry.at("/actor/id")
                                    .asString(entry.at("/actor/type").asString()))
                    .toList()
                    .reversed();

            assertThat(entries)
                    .containsSubsequence(
                            "member.added " + ownerId + " by system",
                            "member.added " + bob + " by " + ownerId,
                            "member.role_changed " + bob + " by " + ownerId,
                            "member.sign_in_link_made " + bob + " by " + ownerId,
                            "member.removed " + bob + " by " + ownerId,
                            "key.issued " + keyId + " by " + ownerId,
                            "key.revoked " + keyId + " by " + ownerId,
                            "token.revoked " + tokenId + " by " + ownerId);
            assertThat(entries)
                    .filteredOn(entry -> entry.startsWith("session.opened"))
                    .hasSize(1);
            assertThat(entries)
                    .filteredOn(entry -> entry.startsWith("session.ended"))
                    .hasSize(1);
            assertThat(entries)
                    .filteredOn(entry -> entry.startsWith("member.role_changed"))
                    .hasSize(1);
            assertThat(entries)
                    .filteredOn(entry -> entry.startsWith("key.revoked"))
                    .hasSize(1);
            assertThat(audit.body())
                    .contains("\"from\":\"viewer\"", "\"to\":\"operator\"")
                    .doesNotContain(code, key.path("secret").asString(), cookie);
        }
    }
}
