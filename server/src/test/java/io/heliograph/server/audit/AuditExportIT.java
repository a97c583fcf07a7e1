package io.heliograph.server.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.heliograph.eventlog.EventLog;
import io.heliograph.server.events.Actor;
import io.heliograph.server.events.Subject;
import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.json.Json;
import io.heliograph.server.workspaces.Role;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The audit trail as a file, over HTTP. */
@SuppressWarnings("NullAway.Init") // JUnit sets them
final class AuditExportIT {
    @TempDir
    static Path folder;

    static TestServer server;
    static TestClient owner;
    static TestClient operator;
    static TestClient robot;
    static String ownerId;

    @BeforeAll
    static void start() {
        server = TestServer.start(folder, "heliograph.audit.max-exports-per-caller=1");
        owner = server.as(server.token("acme", "olga", Role.OWNER));
        operator = server.as(server.token("acme", "ada", Role.OPERATOR));
        robot = server.as(server.key("acme", "=robot,1"));
        ownerId = server.member("acme", "olga", Role.OWNER);
        robot.post("/v1/approvals", "{\"title\":\"t\",\"agentId\":\"bot\",\"action\":{\"name\":\"n\"}}");
        owner.post("/v1/members", Map.of("handle", "bob", "role", "viewer"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void anExportInJsonHasTheLinesOfTheListAndIsItselfAnEntry() {
        TestClient.Answer answer = owner.get("/v1/audit/export?format=jsonl&actor=" + ownerId);

        List<JsonNode> list = entries("actor=" + ownerId);
        List<JsonNode> lines =
                answer.body().lines().map(line -> Json.mapper().readTree(line)).toList();
        assertThat(lines).isEqualTo(list);
        assertThat(list.getFirst().path("action").asString()).isEqualTo("audit.exported");
        assertThat(list.getFirst().at("/detail/format").asString()).isEqualTo("jsonl");
        assertThat(list.getFirst().at("/detail/actor/0").asString()).isEqualTo(ownerId);
        assertThat(answer.header("content-type")).hasValue("application/x-ndjson");
        assertThat(answer.header("content-disposition").orElseThrow())
                .matches("attachment; filename=\"heliograph-audit-\\d{8}T\\d{6}Z\\.jsonl\"");
    }

    @Test
    void anExportInCsvRunsNoFormula() {
        TestClient.Answer answer = owner.get("/v1/audit/export?action=approval.created");

        assertThat(answer.header("content-type").orElseThrow()).startsWith("text/csv");
        assertThat(answer.body())
                .startsWith(AuditCsv.header())
                .contains(",\"'=robot,1\",")
                .endsWith("\r\n");
        assertThat(answer.body().lines()).hasSize(2);
    }

    @Test
    void nobodyElseExportsAndAHeadIsNoExport() {
        long before = exports();

        assertThat(operator.get("/v1/audit/export").code()).isEqualTo("forbidden");
        assertThat(robot.get("/v1/audit/export").code()).isEqualTo("forbidden");
        assertThat(owner.call("HEAD", "/v1/audit/export", HttpRequest.BodyPublishers.noBody())
                        .status())
                .isEqualTo(200);
        assertThat(exports()).isEqualTo(before);
    }

    @Test
    void aSlowReaderHoldsOnePermitAndGivesItBackWhenItLeaves() throws IOException, InterruptedException {
        TestClient reader = server.as(server.token("large", "olga", Role.OWNER));
        fill("large", 12);

        HttpResponse<InputStream> slow = reader.http()
                .send(reader.request("/v1/audit/export").build(), HttpResponse.BodyHandlers.ofInputStream());
        TestClient.Answer second = reader.get("/v1/audit/export");

        assertThat(slow.statusCode()).isEqualTo(200);
        assertThat(second.code()).isEqualTo("too_many_connections");
        assertThat(second.json().path("detail").asString()).contains("heliograph.audit.max-exports-per-caller");
        slow.body().close();
        await().until(() -> running() == 0);
        TestClient.Answer whole = reader.get("/v1/audit/export");
        assertThat(whole.body().lines().filter(line -> line.contains(",note,"))).hasSize(12_000);
        assertThat(whole.body()).endsWith("\r\n");
    }

    @Test
    void anExportEndsWhenItsMemberIsRemoved() throws IOException, InterruptedException {
        TestClient boss = server.as(server.token("leaving", "boss", Role.OWNER));
        TestClient admin = server.as(server.token("leaving", "admin", Role.ADMIN));
        String adminId = server.member("leaving", "admin", Role.ADMIN);
        fill("leaving", 12);
        HttpResponse<InputStream> slow =
                admin.http().send(admin.request("/v1/audit/export").build(), HttpResponse.BodyHandlers.ofInputStream());

        boss.delete("/v1/members/" + adminId);

        await().until(() -> running() == 0);
        assertThat(incomplete(slow)).isTrue();
    }

    /** Entries with long details, thousands at a time. */
    private static void fill(String slug, int thousands) {
        AuditTrail trail = server.part(AuditTrail.class);
        for (int thousand = 0; thousand < thousands; thousand++) {
            server.part(EventLog.class).write(server.workspace(slug), transaction -> {
                for (int entry = 0; entry < 1_000; entry++) {
                    trail.record(
                            transaction,
                            server.workspace(slug),
                            Actor.SYSTEM,
                            "note",
                            Subject.of("workspace", slug),
                            Map.of("text", "x".repeat(1_000)));
                }
                return true;
            });
        }
    }

    private static boolean incomplete(HttpResponse<InputStream> response) {
        try (InputStream body = response.body()) {
            body.readAllBytes();
            return false;
        } catch (IOException cut) {
            return true;
        }
    }

    private static int running() {
        return (int) server.part(MeterRegistry.class)
                .get("heliograph.audit.exports")
                .gauge()
                .value();
    }

    private static long exports() {
        return entries("action=audit.exported").size();
    }

    private static List<JsonNode> entries(String query) {
        List<JsonNode> entries = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = owner.get("/v1/audit?limit=2&" + query + cursor).json();
            page.path("data").forEach(entries::add);
            cursor = page.has("nextCursor")
                    ? "&cursor=" + page.path("nextCursor").asString()
                    : "";
        } while (!cursor.isEmpty());
        return entries;
    }
}
