package io.heliograph.server.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.eventlog.EventLog;
import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.sql.Sql;
import io.heliograph.server.workspaces.Role;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a one-time link to a session, to tokens, and out again. */
@SuppressWarnings("NullAway.Init") // JUnit sets them
final class SignInIT {
    @TempDir
    static Path folder;

    static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(folder, "heliograph.allowed-origins=https://app.example.com");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aCodeSignsInOnce() {
        String code = server.signInCode("acme");

        TestClient.Answer first = signIn(code);
        TestClient.Answer second = signIn(code);

        assertThat(first.status()).isEqualTo(200);
        assertThat(first.json().at("/member/role").asString()).isEqualTo("owner");
        assertThat(first.json().at("/workspace/slug").asString()).isEqualTo("acme");
        assertThat(first.json().at("/expiresAt").asString()).isNotEmpty();
        assertThat(first.header("set-cookie").orElseThrow())
                .contains("HttpOnly", "SameSite=Strict", "Max-Age=2592000")
                .doesNotContain("Secure");
        assertThat(server.as(first.json().path("token").asString())
                        .get("/v1/whoami")
                        .status())
                .isEqualTo(200);
        assertThat(second.status()).isEqualTo(401);
        assertThat(second.code()).isEqualTo("sign_in_code_invalid");
    }

    @Test
    void aSessionGivesFreshTokensUntilItIsEnded() {
        TestClient.Answer signedIn = signIn(server.signInCode("acme"));
        String cookie = cookie(signedIn);

        TestClient.Answer refreshed = server.anonymous().post("/v1/session/token", "", "Cookie", cookie);
        String token = refreshed.json().path("token").asString();
        TestClient.Answer ended = server.anonymous().delete("/v1/session", "Cookie", cookie);

        assertThat(refreshed.status()).isEqualTo(200);
        assertThat(refreshed.json().propertyNames())
                .containsExactlyInAnyOrder("token", "expiresAt", "member", "workspace", "session");
        assertThat(ended.status()).isEqualTo(204);
        assertThat(ended.header("set-cookie").orElseThrow()).contains("Max-Age=0");
        assertThat(server.as(token).get("/v1/whoami").code()).isEqualTo("token_invalid");
        assertThat(server.anonymous()
                        .post("/v1/session/token", "", "Cookie", cookie)
                        .code())
                .isEqualTo("token_missing");
    }

    @Test
    void noSessionNoToken() {
        assertThat(server.anonymous().post("/v1/session/token", "").code()).isEqualTo("token_missing");
        assertThat(server.anonymous()
                        .post("/v1/session/token", "", "Cookie", "heliograph-" + server.port() + "=ses_x.y")
                        .code())
                .isEqualTo("token_missing");
        assertThat(server.anonymous().delete("/v1/session").status()).isEqualTo(204);
    }

    @Test
    void onlyTheServersOwnPagesUseTheSession() {
        String cookie = cookie(signIn(server.signInCode("acme")));
        TestClient browser = server.anonymous();

        assertThat(browser.post("/v1/session/token", "", "Cookie", cookie, "Origin", "https://evil.example")
                        .code())
                .isEqualTo("origin_not_allowed");
        // An origin that may call the API is still not the server's own.
        assertThat(browser.post("/v1/session/token", "", "Cookie", cookie, "Origin", "https://app.example.com")
                        .code())
                .isEqualTo("origin_not_allowed");
        assertThat(browser.post("/v1/session/token", "", "Cookie", cookie, "Sec-Fetch-Site", "cross-site")
                        .code())
                .isEqualTo("origin_not_allowed");
        assertThat(browser.post("/v1/session/token", "", "Cookie", cookie, "Origin", server.url())
                        .status())
                .isEqualTo(200);
    }

    @Test
    void anAdminMakesALinkForAMember() {
        TestClient owner = server.as(server.token("acme", "owner", Role.OWNER));
        String member = server.member("acme", "ada", Role.OPERATOR);

        TestClient.Answer link = owner.post("/v1/members/" + member + "/sign-in-link", "{}");
        String url = link.json().path("url").asString();
        TestClient.Answer signedIn = signIn(url.substring(url.indexOf("code=") + 5));

        assertThat(link.status()).isEqualTo(201);
        assertThat(url).startsWith(server.url() + "/sign-in#code=");
        assertThat(signedIn.json().at("/member/name").asString()).isEqualTo("ada");
    }

    @Test
    void aRemovedMembersSessionGivesNoToken() {
        TestClient owner = server.as(server.token("acme", "owner", Role.OWNER));
        String member = server.member("acme", "bo", Role.OPERATOR);
        String url = owner.post("/v1/members/" + member + "/sign-in-link", "{}")
                .json()
                .path("url")
                .asString();
        String cookie = cookie(signIn(url.substring(url.indexOf("code=") + 5)));

        owner.delete("/v1/members/" + member);

        assertThat(server.anonymous()
                        .post("/v1/session/token", "", "Cookie", cookie)
                        .status())
                .isEqualTo(401);
    }

    @Test
    void aPreviewSaysWhomACodeSignsInAndLeavesItGood() {
        TestClient owner = server.as(server.token("acme", "owner", Role.OWNER));
        String member = server.member("acme", "cleo", Role.OPERATOR);
        String url = owner.post("/v1/members/" + member + "/sign-in-link", "{}")
                .json()
                .path("url")
                .asString();
        String code = url.substring(url.indexOf("code=") + 5);

        TestClient.Answer first = preview(server, code);
        TestClient.Answer second = preview(server, code);

        assertThat(first.status()).as(first.body()).isEqualTo(200);
        assertThat(first.json().at("/member/handle").asString()).isEqualTo("cleo");
        assertThat(first.json().at("/member/role").asString()).isEqualTo("operator");
        assertThat(first.json().at("/workspace/slug").asString()).isEqualTo("acme");
        assertThat(first.json().at("/madeBy/0/name").asString()).isEqualTo("owner");
        assertThat(first.json().path("expiresAt").asString()).isNotEmpty();
        assertThat(first.header("set-cookie")).isEmpty();
        assertThat(first.header("cache-control").orElseThrow()).isEqualTo("no-store");
        assertThat(second.json()).isEqualTo(first.json());
        assertThat(preview(server, server.signInCode("acme")).body()).doesNotContain("madeBy");
        assertThat(first.json().has("signedInAs")).isFalse();
        assertThat(signIn(code).status()).isEqualTo(200);
    }

    @Test
    void aPreviewSaysWhoIsSignedInWithTheBrowserAndLeavesThatSession() {
        String cookie = cookie(signIn(server.signInCode("acme")));

        TestClient.Answer previewed = server.anonymous()
                .post("/v1/sign-in/preview", Map.of("code", server.signInCode("other")), "Cookie", cookie);

        assertThat(previewed.json().at("/workspace/slug").asString()).isEqualTo("other");
        assertThat(previewed.json().at("/signedInAs/workspace/slug").asString()).isEqualTo("acme");
        assertThat(previewed.json().at("/signedInAs/member/role").asString()).isEqualTo("owner");
        assertThat(server.anonymous()
                        .post("/v1/session/token", "", "Cookie", cookie)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aPreviewRefusesWhatSigningInRefuses() {
        String used = server.signInCode("acme");
        signIn(used);
        String expired = server.signInCode("acme");
        server.part(EventLog.class)
                .write(
                        server.workspace("acme"),
                        transaction -> Sql.in(transaction)
                                .sql("update sign_in_code set expires_at = 1 where code_hash = ?")
                                .param(Secrets.hash(expired))
                                .update());
        TestClient owner = server.as(server.token("acme", "owner", Role.OWNER));
        String gone = server.member("acme", "gone", Role.OPERATOR);
        String url = owner.post("/v1/members/" + gone + "/sign-in-link", "{}")
                .json()
                .path("url")
                .asString();
        owner.delete("/v1/members/" + gone);

        for (String code : List.of(used, expired, url.substring(url.indexOf("code=") + 5), "unknown-code")) {
            TestClient.Answer previewed = preview(server, code);
            TestClient.Answer signedIn = signIn(code);

            assertThat(previewed.status()).as(previewed.body()).isEqualTo(401);
            assertThat(previewed.code()).isEqualTo("sign_in_code_invalid");
            assertThat(signedIn.status()).isEqualTo(401);
            assertThat(signedIn.json().path("detail"))
                    .isEqualTo(previewed.json().path("detail"));
        }
        assertThat(server.anonymous()
                        .post(
                                "/v1/sign-in/preview",
                                Map.of("code", server.signInCode("acme")),
                                "Origin",
                                "https://app.example.com")
                        .code())
                .isEqualTo("origin_not_allowed");
    }

    @Test
    void signingInEndsTheSessionThatTheBrowserHad() {
        TestClient.Answer before = signIn(server.signInCode("acme"));
        String token = before.json().path("token").asString();
        String id = before.json().at("/session/id").asString();

        TestClient.Answer refused =
                server.anonymous().post("/v1/sign-in", Map.of("code", "not-a-code-at-all"), "Cookie", cookie(before));
        int held = server.as(token).get("/v1/whoami").status();
        // Into another workspace, so that neither sees the other's end.
        TestClient.Answer after = server.anonymous()
                .post("/v1/sign-in", Map.of("code", server.signInCode("other")), "Cookie", cookie(before));

        assertThat(refused.status()).isEqualTo(401);
        assertThat(held).isEqualTo(200);
        assertThat(after.status()).isEqualTo(200);
        assertThat(server.as(token).get("/v1/whoami").code()).isEqualTo("token_invalid");
        assertThat(server.anonymous()
                        .post("/v1/session/token", "", "Cookie", cookie(before))
                        .status())
                .isEqualTo(401);
        assertThat(server.as(after.json().path("token").asString())
                        .get("/v1/whoami")
                        .status())
                .isEqualTo(200);
        assertThat(server.as(server.token("acme", "owner", Role.OWNER))
                        .get("/v1/audit?limit=200")
                        .json()
                        .path("data")
                        .valueStream()
                        .filter(entry -> entry.at("/subject/id").asString().equals(id)
                                && entry.path("action").asString().equals("session.ended"))
                        .map(entry -> entry.at("/detail/reason").asString()))
                .containsExactly("replaced");
    }

    /** What a code would do. */
    static TestClient.Answer preview(TestServer server, String code) {
        return server.anonymous().post("/v1/sign-in/preview", Map.of("code", code));
    }

    private static TestClient.Answer signIn(String code) {
        return server.anonymous().post("/v1/sign-in", Map.of("code", code));
    }

    private static String cookie(TestClient.Answer answer) {
        String header = answer.header("set-cookie").orElseThrow();
        return header.substring(0, header.indexOf(';'));
    }
}
