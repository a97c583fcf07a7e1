package io.heliograph.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.eventlog.Audience;
import io.heliograph.eventlog.Event;
import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.fixtures.EventContract;
import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.json.Json;
import io.heliograph.server.workspaces.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A client that folds all events, as a dashboard does, has the same state as the lists, after random concurrent
 * commands of many agents and members.
 */
class FoldIT {
    private static final String WORKSPACE = "fold";
    private static final int PEOPLE = 4;
    private static final int STEPS = 60;
    private final JsonMapper json = Json.mapper();

    @Test
    void whatTheEventsSayIsWhatTheListsSay(@TempDir Path folder) throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        try (TestServer server = TestServer.start(folder)) {
            List<TestClient> members = new ArrayList<>();
            List<String> memberIds = new ArrayList<>();
            for (int index = 0; index < PEOPLE; index++) {
                members.add(server.as(server.token(WORKSPACE, "member-" + index, Role.OPERATOR)));
                memberIds.add(server.member(WORKSPACE, "member-" + index, Role.OPERATOR));
            }

            Statuses statuses = new Statuses();
            act(server, members, statuses, new Random(seed));
            statuses.check();

            // Claims and agents' leases end by themselves: read again until nothing happens while it is read.
            WorkspaceId workspace = server.workspace(WORKSPACE);
            Reading read = Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> Reading.of(server, workspace, members), Reading::isOfOneMoment);

            Fold fold = new Fold();
            for (Event event : read.events()) {
                JsonNode envelope = json.readTree(event.payload().bytes());
                assertThat(EventContract.faults(envelope)).as("%s", envelope).isEmpty();
                fold.apply(event.audience(), envelope);
            }
            assertThat(fold.approvals).isEqualTo(byId(read.approvals()));
            assertThat(fold.approvalCounts)
                    .isEqualTo(read.approvals().getFirst().get("counts"));
            assertThat(withoutSigns(fold.agents)).isEqualTo(withoutSigns(byId(read.agents())));
            assertThat(fold.agentCounts).isEqualTo(read.agents().getFirst().get("counts"));
            for (int index = 0; index < PEOPLE; index++) {
                JsonNode inbox = read.inboxes().get(index);
                assertThat(fold.badges.get(memberIds.get(index)))
                        .isEqualTo(inbox.get("unseen").asInt() + "/"
                                + inbox.get("unread").asInt());
            }
        }
    }

    /** The log and the lists. */
    private record Reading(
            List<Event> events, List<JsonNode> approvals, List<JsonNode> agents, List<JsonNode> inboxes) {
        static Reading of(TestServer server, WorkspaceId workspace, List<TestClient> members) {
            return new Reading(
                    server.part(EventLog.class).after(workspace, 0, 100_000),
                    pages(members.getFirst(), "/v1/approvals?limit=200"),
                    pages(members.getFirst(), "/v1/agents?limit=200"),
                    members.stream()
                            .map(member -> member.get("/v1/notifications").json())
                            .toList());
        }

        boolean isOfOneMoment() {
            String head = events.getLast().cursor().toString();
            return Stream.of(approvals, agents, inboxes)
                    .flatMap(List::stream)
                    .allMatch(page -> page.get("asOf").asString().equals(head));
        }

        private static List<JsonNode> pages(TestClient client, String path) {
            List<JsonNode> pages = new ArrayList<>();
            JsonNode page = client.get(path).json();
            pages.add(page);
            while (page.has("nextCursor")) {
                page = client.get(path + "&cursor=" + page.get("nextCursor").asString())
                        .json();
                pages.add(page);
            }
            return pages;
        }
    }

    /** What each kind of call was answered with: each must have succeeded, and failed only by losing a race. */
    private static final class Statuses {
        private final Map<String, Set<Integer>> seen = new ConcurrentHashMap<>();

        void note(String call, TestClient.Answer answer) {
            seen.computeIfAbsent(call, key -> ConcurrentHashMap.newKeySet()).add(answer.status());
        }

        void check() {
            assertThat(seen)
                    .containsOnlyKeys(
                            "request",
                            "message",
                            "report",
                            "end lease",
                            "heartbeat",
                            "claim",
                            "release",
                            "extend",
                            "cancel",
                            "mark",
                            "decide")
                    .allSatisfy((call, statuses) -> {
                        assertThat(statuses).as(call).containsAnyOf(200, 201, 204);
                        // A deadline only moves on: another member may have moved it further.
                        assertThat(statuses)
                                .as(call)
                                .isSubsetOf(
                                        call.equals("extend") ? List.of(200, 400, 409) : List.of(200, 201, 204, 409));
                    });
        }
    }

    /** Everybody acts at once: agents ask, write and report; members decide, claim, extend, and read their inbox. */
    private static void act(TestServer server, List<TestClient> members, Statuses statuses, Random random)
            throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> actors = new ArrayList<>();
            for (int index = 0; index < PEOPLE; index++) {
                TestClient member = members.get(index);
                TestClient key = server.as(server.key(WORKSPACE, "agent-" + index));
                String agent = "agt_" + index;
                long seed = random.nextLong();
                actors.add(threads.submit(() -> work(key, agent, statuses, new Random(seed))));
                actors.add(threads.submit(() -> supervise(member, statuses, new Random(~seed))));
            }
            for (Future<?> actor : actors) {
                actor.get();
            }
        }
    }

    private static void work(TestClient key, String agent, Statuses statuses, Random random) {
        statuses.note("report", key.put("/v1/agents/" + agent, Map.of("status", "idle")));
        List<String> risks = List.of("low", "medium", "high", "critical");
        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(5)) {
                case 0, 1 ->
                    statuses.note(
                            "request",
                            key.post(
                                    "/v1/approvals",
                                    Map.of(
                                            "title",
                                            "Step " + step,
                                            "agentId",
                                            agent,
                                            "risk",
                                            risks.get(random.nextInt(4)),
                                            "action",
                                            Map.of("name", "step", "args", Map.of("number", step)))));
                case 2 ->
                    statuses.note(
                            "message", key.post("/v1/agents/" + agent + "/messages", Map.of("text", "step " + step)));
                case 3 ->
                    statuses.note(
                            "report",
                            key.put(
                                    "/v1/agents/" + agent,
                                    Map.of(
                                            "status",
                                            List.of("idle", "working", "error").get(random.nextInt(3)))));
                default -> {
                    statuses.note("end lease", key.delete("/v1/agents/" + agent + "/lease"));
                    statuses.note("heartbeat", key.post("/v1/agents/" + agent + "/heartbeat", ""));
                }
            }
        }
    }

    private static void supervise(TestClient member, Statuses statuses, Random random) {
        List<String> changes = List.of("seen", "read", "archived");
        for (int step = 0; step < STEPS; step++) {
            JsonNode pending =
                    member.get("/v1/approvals?status=pending&limit=5").json().get("data");
            if (pending.isEmpty()) {
                continue;
            }
            JsonNode approval = pending.get(random.nextInt(pending.size()));
            String path = "/v1/approvals/" + approval.get("id").asString();
            switch (random.nextInt(6)) {
                case 0 -> statuses.note("claim", member.put(path + "/claim", ""));
                case 1 -> statuses.note("release", member.delete(path + "/claim"));
                case 2 ->
                    statuses.note(
                            "extend", member.post(path + "/extend", Map.of("expiresIn", 4000 + random.nextInt(4000))));
                case 3 -> statuses.note("cancel", member.post(path + "/cancel", "{}"));
                case 4 ->
                    statuses.note(
                            "mark",
                            member.post(
                                    "/v1/notifications/mark",
                                    Map.of("all", true, "change", changes.get(random.nextInt(3)))));
                default ->
                    statuses.note(
                            "decide",
                            member.post(
                                    path + "/decision",
                                    Map.of(
                                            "outcome",
                                            random.nextBoolean() ? "approved" : "rejected",
                                            "digest",
                                            approval.at("/action/digest").asString())));
            }
        }
    }

    private static Map<String, JsonNode> byId(List<JsonNode> pages) {
        Map<String, JsonNode> rows = new TreeMap<>();
        pages.forEach(page ->
                page.get("data").forEach(row -> rows.put(row.get("id").asString(), row)));
        return rows;
    }

    /** Signs of life and what is derived elsewhere make no events. */
    private static Map<String, JsonNode> withoutSigns(Map<String, JsonNode> agents) {
        Map<String, JsonNode> without = new TreeMap<>();
        agents.forEach((id, agent) -> {
            ObjectNode copy = ((ObjectNode) agent).deepCopy();
            copy.remove(List.of("lease", "lastSeenAt", "pendingApprovals", "previousStatus"));
            without.put(id, copy);
        });
        return without;
    }

    /** The reducer of a dashboard, in a few lines. */
    private static final class Fold {
        final Map<String, JsonNode> approvals = new TreeMap<>();
        final Map<String, JsonNode> agents = new TreeMap<>();
        final Map<String, String> badges = new TreeMap<>();
        JsonNode approvalCounts = Json.mapper().createObjectNode();
        JsonNode agentCounts = Json.mapper().createObjectNode();

        void apply(Audience audience, JsonNode envelope) {
            JsonNode data = envelope.get("data");
            switch (envelope.get("type").asString()) {
                case "approval:created" -> {
                    approvals.put(data.at("/approval/id").asString(), data.get("approval"));
                    approvalCounts = data.get("counts");
                }
                case "approval:resolved" -> {
                    ObjectNode approval = settled(data, data.get("status").asString());
                    approval.set("resolution", data.get("resolution"));
                    approval.set("resolvedAt", data.at("/resolution/at"));
                }
                case "approval:expired" -> settled(data, "expired").set("resolvedAt", data.get("expiredAt"));
                case "approval:updated" -> {
                    ObjectNode approval = known(data);
                    approval.set("version", data.get("version"));
                    data.get("patch").forEachEntry((name, value) -> {
                        if (value.isNull()) {
                            approval.remove(name);
                        } else {
                            approval.set(name, value);
                        }
                    });
                }
                case "agent:status" -> {
                    agents.put(data.at("/agent/id").asString(), data.get("agent"));
                    agentCounts = data.get("counts");
                }
                case "notification:new", "notification:read" ->
                    badges.put(
                            ((Audience.Member) audience).memberId(),
                            data.get("unseen").asInt() + "/"
                                    + data.get("unread").asInt());
                default -> assertThat(envelope.get("type").asString()).isEqualTo("agent:message");
            }
        }

        private ObjectNode known(JsonNode data) {
            return (ObjectNode)
                    Objects.requireNonNull(approvals.get(data.get("id").asString()), "an unknown approval");
        }

        private ObjectNode settled(JsonNode data, String status) {
            ObjectNode approval = known(data);
            approval.put("status", status);
            approval.set("version", data.get("version"));
            approval.remove("claim");
            approvalCounts = data.get("counts");
            return approval;
        }
    }
}
