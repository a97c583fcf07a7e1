package io.heliograph.server.identity;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.eventlog.EventLog;
import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.fixtures.TestSocket;
import io.heliograph.server.sql.Sql;
import io.heliograph.server.workspaces.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Sessions that another member's link opened say so wherever they act, and sessions are seen and ended. */
@SuppressWarnings("NullAway.Init") // JUnit sets them
final class SessionsIT {
    private static final AtomicInteger WORLDS = new AtomicInteger();

    @TempDir
    static Path folder;

    static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(folder, "heliograph.approvals.prevent-self=true");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aSessionOfAnothersLinkIsMarkedWhereItIsShownAndInTheAudit() {
        World world = new World();
        Session alice = world.signedInByServer();
        Session bob = alice.link("bob", Role.ADMIN);

        bob.client.post("/v1/members", Map.of("handle", "carl", "role", "viewer"));

        assertThat(bob.makers()).containsExactly("owner");
        assertThat(bob.client.get("/v1/whoami").json().at("/session/id").asString())
                .isEqualTo(bob.id());
        assertThat(names(bob.signedIn.at("/session/signedInBy"))).containsExactly("owner");
        JsonNode listed =
                bob.client.get("/v1/sessions?memberId=" + bob.memberId()).json().at("/data/0");
        assertThat(names(listed.path("signedInBy"))).containsExactly("owner");
        assertThat(audited(world, "session.opened " + bob.id())).containsExactly("owner");
        assertThat(audited(world, "member.added by " + bob.memberId())).containsExactly("owner");
    }

    @Test
    void aSessionOfOnesOwnOrTheServersLinkIsNotMarked() {
        World world = new World();
        Session server = world.signedInByServer();
        Session own = server.link("owner", Role.OWNER);

        own.client.post("/v1/members", Map.of("handle", "carl", "role", "viewer"));

        assertThat(server.client.get("/v1/whoami").body()).doesNotContain("signedInBy");
        assertThat(own.client.get("/v1/whoami").body()).contains("\"session\"").doesNotContain("signedInBy");
        assertThat(world.owner.get("/v1/audit").body()).doesNotContain("signedInBy");
        assertThat(world.owner.get("/v1/whoami").body()).doesNotContain("\"session\"");
    }

    @Test
    void aDecisionInSuchASessionSaysSo() {
        World world = new World();
        Session bob = world.signedInByServer().link("bob", Role.OPERATOR);
        JsonNode approval = world.approval(server.key(world.slug, "robot"));

        TestClient.Answer decided = bob.decide(approval);

        String path = "/v1/approvals/" + approval.path("id").asString();
        assertThat(decided.status()).as(decided.body()).isEqualTo(200);
        for (JsonNode stored : List.of(decided.json(), world.owner.get(path).json())) {
            assertThat(stored.at("/resolution/by/id").asString()).isEqualTo(bob.memberId());
            assertThat(names(stored.at("/resolution/by/signedInBy"))).containsExactly("owner");
        }
        assertThat(names(world.owner.get(path + "/timeline").json().at("/data/1/actor/signedInBy")))
                .containsExactly("owner");
        assertThat(audited(world, "approval.resolved by " + bob.memberId())).containsExactly("owner");
        List<List<String>> events = world.owner
                .get("/v1/events?limit=1000")
                .json()
                .path("data")
                .valueStream()
                .filter(event -> event.path("type").asString().equals("approval:resolved"))
                .map(event -> names(event.at("/actor/signedInBy")))
                .toList();
        assertThat(events).containsExactly(List.of("owner"));
    }

    @Test
    void aClaimIsItsMembersInEverySession() {
        World world = new World();
        Session bob = world.signedInByServer().link("bob", Role.OPERATOR);
        TestClient tokenOfBob = server.as(server.token(world.slug, "bob", Role.OPERATOR));
        String claim = "/v1/approvals/"
                + world.approval(server.key(world.slug, "robot")).path("id").asString() + "/claim";

        tokenOfBob.put(claim, "");
        long version = bob.client.put(claim, "").json().path("version").asLong();
        JsonNode released = bob.client.delete(claim).json();

        assertThat(version).isEqualTo(3);
        assertThat(released.has("claim")).isFalse();
    }

    @Test
    void aLinkDoesNotLetTheOwnerOfTheRequestingKeyDecideAsAnother() {
        World world = new World();
        Session alice = world.admin("alice");
        JsonNode approval = world.approval(alice.key());
        Session asBob = alice.link("bob", Role.ADMIN);
        Session asCarl = asBob.link("carl", Role.OPERATOR);
        Session asBobAgain = asBob.link("bob", Role.ADMIN);
        Session byOwner = world.signedInByServer().link("carl", Role.OPERATOR);

        for (Session session : List.of(alice, asBob, asCarl, asBobAgain)) {
            TestClient.Answer refused = session.decide(approval);
            assertThat(refused.status()).as(session.makers() + refused.body()).isEqualTo(403);
            assertThat(refused.body()).contains("prevent-self");
        }
        assertThat(asCarl.makers()).containsExactly("alice", "bob");
        assertThat(asBobAgain.makers()).containsExactly("alice");
        // Members of the same names, in sessions of which alice knows nothing.
        assertThat(byOwner.decide(approval).status()).isEqualTo(200);
    }

    @Test
    void whatWasAskedInASessionOfOnesLinkIsOnesOwnRequest() {
        World world = new World();
        Session alice = world.admin("alice");
        Session asBob = alice.link("bob", Role.ADMIN);
        Session asCarl = alice.link("carl", Role.OPERATOR);
        Session asCarlByOwner = world.signedInByServer().link("carl", Role.OPERATOR);
        asBob.client.put("/v1/agents/agt_1", Map.of("name", "robot"));

        JsonNode approval = asBob.client
                .post(
                        "/v1/approvals",
                        Map.of("title", "Refund?", "action", Map.of("name", "refund"), "agentId", "agt_1"))
                .json();

        assertThat(alice.decide(approval).code()).isEqualTo("forbidden");
        assertThat(asCarl.decide(approval).code()).isEqualTo("forbidden");
        assertThat(asCarlByOwner.decide(approval).status()).isEqualTo(200);
    }

    @Test
    void whatAKeyAsksThatWasMadeInASessionOfOnesLinkIsOnesOwnRequest() {
        World world = new World();
        Session alice = world.admin("alice");
        Session asBob = alice.link("bob", Role.ADMIN);
        Session bobByOwner = world.signedInByServer().link("bob", Role.ADMIN);
        Session carl = world.signedInByServer().link("carl", Role.OPERATOR);
        String key = asBob.key();
        String keyId =
                server.as(key).get("/v1/whoami").json().path("credentialId").asString();

        JsonNode approval = world.approval(key);
        String successor = bobByOwner
                .client
                .post("/v1/api-keys/" + keyId + "/rotate", Map.of())
                .json()
                .path("secret")
                .asString();
        JsonNode later = world.approval(successor);

        for (Session own : List.of(alice, asBob, bobByOwner)) {
            assertThat(own.decide(approval).code()).as(own.makers().toString()).isEqualTo("forbidden");
            assertThat(own.decide(later).code()).as(own.makers().toString()).isEqualTo("forbidden");
        }
        assertThat(carl.decide(approval).status()).isEqualTo(200);
        assertThat(carl.decide(later).status()).isEqualTo(200);
    }

    @Test
    void aChainOfLinksHasAnEnd() {
        World world = new World();
        Session session = world.admin("admin0");
        for (int number = 1; number <= LinkMakers.MAX; number++) {
            session = session.link("admin" + number, Role.ADMIN);
        }

        String other = server.member(world.slug, "other", Role.VIEWER);
        TestClient.Answer refused = session.client.post("/v1/members/" + other + "/sign-in-link", "{}");

        assertThat(session.makers()).hasSize(LinkMakers.MAX);
        assertThat(refused.code()).isEqualTo("forbidden");
        assertThat(refused.body()).contains("chain");
    }

    @Test
    void aLinkEndsWithTheMemberThatMadeIt() {
        World world = new World();
        Session alice = world.admin("alice");
        String bob = server.member(world.slug, "bob", Role.OPERATOR);
        String code = alice.code(bob);

        world.owner.delete("/v1/members/" + alice.memberId());

        assertThat(SignInIT.preview(server, code).code()).isEqualTo("sign_in_code_invalid");
        assertThat(server.anonymous().post("/v1/sign-in", Map.of("code", code)).code())
                .isEqualTo("sign_in_code_invalid");
    }

    @Test
    void aTokenOfASessionThatIsNotStoredDoesNotHold() {
        World world = new World();
        Session bob = world.signedInByServer().link("bob", Role.OPERATOR);

        String id = bob.id();
        server.part(EventLog.class)
                .write(
                        server.workspace(world.slug),
                        transaction -> Sql.in(transaction)
                                .sql("delete from session where id = ?")
                                .param(id)
                                .update());

        assertThat(bob.client.get("/v1/whoami").code()).isEqualTo("token_invalid");
    }

    @Test
    void everyMemberSeesItsOwnSessionsAndAdministratorsSeeAll() {
        World world = new World();
        Session owner = world.signedInByServer();
        Session bob = owner.link("bob", Role.OPERATOR);
        Session bobElsewhere = owner.link("bob", Role.OPERATOR);
        Session carl = owner.link("carl", Role.VIEWER);

        JsonNode bobs = bob.client.get("/v1/sessions").json();

        assertThat(ids(bobs)).containsExactly(bobElsewhere.id(), bob.id());
        assertThat(bobs.at("/data/0/current").asBoolean()).isFalse();
        assertThat(bobs.at("/data/1/current").asBoolean()).isTrue();
        assertThat(bobs.at("/data/1/member/name").asString()).isEqualTo("bob");
        assertThat(ids(owner.client.get("/v1/sessions").json()))
                .containsExactly(carl.id(), bobElsewhere.id(), bob.id(), owner.id());
        assertThat(ids(owner.client
                        .get("/v1/sessions?memberId=" + bob.memberId())
                        .json()))
                .containsExactly(bobElsewhere.id(), bob.id());
        assertThat(ids(bob.client.get("/v1/sessions?memberId=" + bob.memberId()).json()))
                .containsExactly(bobElsewhere.id(), bob.id());
        assertThat(bob.client.get("/v1/sessions?memberId=" + carl.memberId()).code())
                .isEqualTo("forbidden");
        assertThat(server.as(server.key(world.slug, "robot"))
                        .get("/v1/sessions")
                        .code())
                .isEqualTo("forbidden");
    }

    @Test
    void theListOfSessionsHasPages() {
        World world = new World();
        Session owner = world.signedInByServer();
        List<String> opened = new ArrayList<>(List.of(owner.id()));
        for (int number = 0; number < 4; number++) {
            opened.add(owner.link("bob", Role.OPERATOR).id());
        }

        List<String> seen = new ArrayList<>();
        String path = "/v1/sessions?limit=2";
        String cursor = "";
        do {
            JsonNode page = owner.client
                    .get(path + (cursor.isEmpty() ? "" : "&cursor=" + cursor))
                    .json();
            assertThat(page.path("asOf").asString()).isNotEmpty();
            seen.addAll(ids(page));
            cursor = page.path("nextCursor").asString("");
        } while (!cursor.isEmpty());
        String first = owner.client.get(path).json().path("nextCursor").asString();

        assertThat(seen).isEqualTo(opened.reversed());
        assertThat(owner.client
                        .get("/v1/sessions?memberId=" + owner.memberId() + "&cursor=" + first)
                        .code())
                .isEqualTo("cursor_invalid");
    }

    @Test
    void anEndedSessionIsOverForItsTokensItsSocketsAndItsBrowser() throws Exception {
        World world = new World();
        Session admin = world.admin("alice");
        Session bob = world.signedInByServer().link("bob", Role.OPERATOR);
        try (TestSocket socket = TestSocket.connected(server, bob.token())) {
            TestClient.Answer ended = admin.client.delete("/v1/sessions/" + bob.id());

            assertThat(ended.status()).isEqualTo(204);
            assertThat(bob.client.get("/v1/whoami").code()).isEqualTo("token_invalid");
            socket.closed().get(20, SECONDS);
        }
        assertThat(server.anonymous()
                        .post("/v1/session/token", "", "Cookie", bob.cookie)
                        .code())
                .isEqualTo("token_missing");
        assertThat(ids(admin.client.get("/v1/sessions").json())).doesNotContain(bob.id());
        assertThat(admin.client.delete("/v1/sessions/" + bob.id()).status()).isEqualTo(204);
        List<JsonNode> entries = entries(world, "session.ended " + bob.id());
        assertThat(entries).hasSize(1);
        assertThat(entries.getFirst().at("/actor/id").asString()).isEqualTo(admin.memberId());
        assertThat(entries.getFirst().path("detail").toString())
                .contains("\"memberId\":\"" + bob.memberId() + "\"", "\"reason\":\"ended\"");
    }

    @Test
    void everyMemberEndsItsOwnSessionsAndOnlyOwnersEndThoseOfOwners() {
        World world = new World();
        Session owner = world.signedInByServer();
        Session admin = world.admin("alice");
        Session bob = owner.link("bob", Role.VIEWER);
        Session bobElsewhere = owner.link("bob", Role.VIEWER);

        assertThat(admin.client.delete("/v1/sessions/" + owner.id()).code()).isEqualTo("forbidden");
        assertThat(bob.client.delete("/v1/sessions/" + admin.id()).code()).isEqualTo("forbidden");
        // Whether there is such a session is not for bob to know.
        assertThat(bob.client.delete("/v1/sessions/ses_none").code()).isEqualTo("forbidden");
        assertThat(admin.client.delete("/v1/sessions/ses_none").code()).isEqualTo("not_found");
        assertThat(bob.client.delete("/v1/sessions/" + bobElsewhere.id()).status())
                .isEqualTo(204);
        assertThat(bobElsewhere.client.get("/v1/whoami").status()).isEqualTo(401);
        assertThat(bob.client.delete("/v1/sessions/" + bob.id()).status()).isEqualTo(204);
        assertThat(bob.client.get("/v1/whoami").status()).isEqualTo(401);
        assertThat(owner.client.get("/v1/whoami").status()).isEqualTo(200);
    }

    private static List<String> ids(JsonNode page) {
        return page.path("data")
                .valueStream()
                .map(session -> session.path("id").asString())
                .toList();
    }

    private static List<String> names(JsonNode makers) {
        return makers.valueStream().map(maker -> maker.path("name").asString()).toList();
    }

    /** Whose links the one entry names that is described as {@code action subject} or {@code action by actor}. */
    private static List<String> audited(World world, String description) {
        List<JsonNode> found = entries(world, description);
        assertThat(found).as(description).hasSize(1);
        return names(found.getFirst().at("/actor/signedInBy"));
    }

    private static List<JsonNode> entries(World world, String description) {
        return world.owner
                .get("/v1/audit?limit=200")
                .json()
                .path("data")
                .valueStream()
                .filter(entry -> {
                    String action = entry.path("action").asString();
                    return description.equals(
                                    action + " " + entry.at("/subject/id").asString())
                            || description.equals(
                                    action + " by " + entry.at("/actor/id").asString());
                })
                .toList();
    }

    /** A workspace of its own, with an owner that the command line knows. */
    private static final class World {
        final String slug = "sessions-" + WORLDS.incrementAndGet();
        final TestClient owner = server.as(server.token(slug, "owner", Role.OWNER));

        /** The owner, by a link that the server made. */
        Session signedInByServer() {
            return new Session(slug, server.signInCode(slug));
        }

        /** An admin in a session of its own: by a link that it made for itself. */
        Session admin(String handle) {
            TestClient admin = server.as(server.token(slug, handle, Role.ADMIN));
            String id = admin.get("/v1/whoami").json().at("/member/id").asString();
            return new Session(slug, code(admin, id));
        }

        JsonNode approval(String key) {
            return server.as(key)
                    .post("/v1/approvals", Map.of("title", "Refund?", "action", Map.of("name", "refund")))
                    .json();
        }
    }

    /** A signed-in browser. */
    private static final class Session {
        final String slug;
        final String cookie;
        final JsonNode signedIn;
        final TestClient client;

        Session(String slug, String code) {
            this.slug = slug;
            TestClient.Answer answer = server.anonymous().post("/v1/sign-in", Map.of("code", code));
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            cookie = answer.header("set-cookie").orElseThrow().split(";", -1)[0];
            signedIn = answer.json();
            client = server.as(token());
        }

        String token() {
            return signedIn.path("token").asString();
        }

        String id() {
            return signedIn.at("/session/id").asString();
        }

        String memberId() {
            return signedIn.at("/member/id").asString();
        }

        List<String> makers() {
            return names(client.get("/v1/whoami").json().at("/session/signedInBy"));
        }

        /** Another browser, signed in by a link that is made in this one. */
        Session link(String handle, Role role) {
            return new Session(slug, code(server.member(slug, handle, role)));
        }

        String code(String memberId) {
            return SessionsIT.code(client, memberId);
        }

        String key() {
            return client.post("/v1/api-keys", Map.of("name", "robot"))
                    .json()
                    .path("secret")
                    .asString();
        }

        TestClient.Answer decide(JsonNode approval) {
            return client.post(
                    "/v1/approvals/" + approval.path("id").asString() + "/decision",
                    Map.of(
                            "outcome",
                            "approved",
                            "digest",
                            approval.at("/action/digest").asString()));
        }
    }

    private static String code(TestClient maker, String memberId) {
        TestClient.Answer link = maker.post("/v1/members/" + memberId + "/sign-in-link", "{}");
        assertThat(link.status()).as(link.body()).isEqualTo(201);
        String url = link.json().path("url").asString();
        return url.substring(url.indexOf("code=") + 5);
    }
}
