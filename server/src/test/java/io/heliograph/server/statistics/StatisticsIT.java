package io.heliograph.server.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.github.benmanes.caffeine.cache.Ticker;
import io.heliograph.eventlog.EventLog;
import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestPostgres;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.sql.Sql;
import io.heliograph.server.workspaces.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Statistics of decisions, as the database counts them. */
@SuppressWarnings("NullAway.Init") // JUnit sets them
final class StatisticsIT {
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
    void everyEndIsCountedOnceAndByAgent() {
        TestClient robot = server.as(server.key("ends", "robot"));
        TestClient ada = server.as(server.token("ends", "ada", Role.OPERATOR));
        decide(ada, request(robot, "bot1"), Map.of("outcome", "approved"));
        decide(ada, request(robot, "bot1"), Map.of("outcome", "approved", "args", Map.of("a", 2)));
        decide(ada, request(robot, "bot1"), Map.of("outcome", "rejected"));
        decide(ada, request(robot, "bot2"), Map.of("outcome", "responded", "response", "why?"));
        robot.post("/v1/approvals/" + request(robot, "bot2").path("id").asString() + "/cancel", "{}");
        JsonNode late = request(robot, "bot2");
        sql(
                "ends",
                "update approval set expires_at = 1 where id = '"
                        + late.path("id").asString() + "'");
        decide(ada, late, Map.of("outcome", "approved"));
        request(robot, "bot2");

        JsonNode all = read(ada, "");
        JsonNode one = read(robot, "?agentId=bot1");

        assertThat(all.path("totals").toString())
                .isEqualTo("{\"created\":7,\"approved\":2,\"rejected\":1,\"responded\":1,\"expired\":1,"
                        + "\"cancelled\":1,\"edited\":1}");
        assertThat(all.path("buckets")).hasSize(24);
        assertThat(all.path("buckets")
                        .valueStream()
                        .mapToLong(bucket -> bucket.path("created").asLong())
                        .sum())
                .isEqualTo(7);
        assertThat(all.path("byPeople").asInt()).isEqualTo(4);
        assertThat(all.path("byRules").asInt()).isZero();
        assertThat(all.path("expiredShare").asDouble()).isCloseTo(0.2, within(1e-9));
        assertThat(all.path("editedShare").asDouble()).isCloseTo(0.5, within(1e-9));
        assertThat(all.has("medianSecondsToDecide")).isTrue();
        assertThat(one.path("totals").toString())
                .isEqualTo("{\"created\":3,\"approved\":2,\"rejected\":1,\"responded\":0,\"expired\":0,"
                        + "\"cancelled\":0,\"edited\":1}");
    }

    @Test
    void anotherWorkspaceAndAnUnknownAgentHaveNothing() {
        TestClient robot = server.as(server.key("mine", "robot"));
        request(robot, "bot1");
        TestClient eve = server.as(server.token("theirs", "eve", Role.VIEWER));

        assertThat(read(eve, "").at("/totals/created").asInt()).isZero();
        assertThat(read(eve, "?agentId=bot1").at("/totals/created").asInt()).isZero();
        assertThat(read(eve, "?agentId=%F0%9F%98%80%E2%80%AE")
                        .at("/totals/created")
                        .asInt())
                .isZero();
        assertThat(read(eve, "?bucket=day").path("buckets")).hasSize(30);
    }

    @ParameterizedTest
    @CsvSource({
        "from=2026-01-01T00:00:00Z&to=2026-02-02T00:00:00Z&bucket=day, from",
        "from=2026-01-01T00:00:00Z&to=2026-01-09T00:00:00Z, bucket",
        "from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z, from",
        "from=%2B999999999-01-01T00:00:00Z, from",
        "from=9999-12-31T23:59:59Z, from",
        "from=0000-01-01T00:00:00Z, from",
        "to=tomorrow, to",
        "to=1970-01-01T00:00:00Z, to",
        "from=1969-12-31T23:00:00Z&to=1970-01-01T01:00:00Z, from",
        "bucket=week, bucket",
        "bucket=HOUR, bucket"
    })
    void whatIsNoRangeIsRefusedByItsName(String query, String field) {
        TestClient.Answer answer =
                server.as(server.token("mine", "ada", Role.VIEWER)).get("/v1/statistics/decisions?" + query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/errors/0/field").asString()).isEqualTo(field);
    }

    @Test
    void farTimesAreEmpty() {
        TestClient ada = server.as(server.token("mine", "ada", Role.VIEWER));

        assertThat(read(ada, "?to=1970-01-02T00:00:00Z").at("/totals/created").asInt())
                .isZero();
        assertThat(read(ada, "?to=9999-12-31T23:59:59Z").at("/totals/created").asInt())
                .isZero();
    }

    /** The statement of the migration that fills the columns of approvals that were decided before there were any. */
    @Test
    void earlierDecisionsAreCountedAfterTheUpgrade() throws IOException {
        TestClient robot = server.as(server.key("earlier", "robot"));
        TestClient ada = server.as(server.token("earlier", "ada", Role.OPERATOR));
        decide(ada, request(robot, "bot1"), Map.of("outcome", "approved", "args", Map.of("a", 2)));
        decide(ada, request(robot, "bot1"), Map.of("outcome", "responded", "response", "\"outcome\":\"approved\""));
        robot.post("/v1/approvals/" + request(robot, "bot1").path("id").asString() + "/cancel", "{}");
        request(robot, "bot1");
        sql("earlier", "update approval set outcome = null, edited = null");

        String database = TestPostgres.wanted() ? "postgresql" : "sqlite";
        sql(
                "earlier",
                Files.readString(
                        Path.of("src/main/resources/db/" + database + "/V171__outcomes_of_earlier_decisions.sql")));

        assertThat(read(ada, "").path("totals").toString())
                .isEqualTo("{\"created\":4,\"approved\":1,\"rejected\":0,\"responded\":1,\"expired\":0,"
                        + "\"cancelled\":1,\"edited\":1}");
    }

    @Test
    void anAnswerIsKeptForTenSecondsAndTruncatedToTheNewest() {
        TestClient robot = server.as(server.key("many", "robot"));
        TestClient ada = server.as(server.token("many", "ada", Role.OPERATOR));
        for (int number = 0; number < 5; number++) {
            decide(ada, request(robot, "bot1"), Map.of("outcome", "approved"));
        }
        for (int number = 1; number <= 5; number++) {
            sql(
                    "many",
                    "update approval set resolved_at = created_at + " + number * 1_000
                            + " where id = (select id from approval where workspace = '"
                            + server.workspace("many").value()
                            + "' order by id limit 1 offset " + (number - 1) + ")");
        }
        AtomicLong nanos = new AtomicLong();
        Instant now = Instant.now().plus(Duration.ofMinutes(1));
        Question question = new Question(
                server.workspace("many"), Optional.empty(), Optional.of(now), Bucket.HOUR, Optional.empty());
        Ticker ticker = nanos::get;
        try (DecisionStatisticsCache whole = new DecisionStatisticsCache(server.part(EventLog.class), ticker, 5);
                DecisionStatisticsCache part = new DecisionStatisticsCache(server.part(EventLog.class), ticker, 3)) {
            DecisionStatistics first = whole.get(question, question.range(now)).join();
            DecisionStatistics newest = part.get(question, question.range(now)).join();
            request(robot, "bot1");
            DecisionStatistics kept = whole.get(question, question.range(now)).join();
            nanos.addAndGet(Duration.ofSeconds(11).toNanos());
            DecisionStatistics fresh = whole.get(question, question.range(now)).join();

            assertThat(first.truncated()).isFalse();
            assertThat(first.totals().approved()).isEqualTo(5);
            assertThat(newest.truncated()).isTrue();
            assertThat(newest.totals().approved()).isBetween(1L, 3L);
            assertThat(newest.from()).isAfter(question.range(now).from());
            assertThat(kept).isSameAs(first);
            assertThat(fresh.truncated()).isTrue(); // six were created
        }
    }

    private static JsonNode request(TestClient robot, String agent) {
        return robot.post(
                        "/v1/approvals",
                        Map.of(
                                "title",
                                "t",
                                "agentId",
                                agent,
                                "action",
                                Map.of("name", "n", "args", Map.of("a", 1)),
                                "allow",
                                Map.of("edit", true, "respond", true)))
                .json();
    }

    private static void decide(TestClient member, JsonNode approval, Map<String, Object> decision) {
        Map<String, Object> body = new HashMap<>(decision);
        body.put("digest", approval.at("/action/digest").asString());
        TestClient.Answer answer =
                member.post("/v1/approvals/" + approval.path("id").asString() + "/decision", body);
        assertThat(answer.status()).isIn(List.of(200, 409));
    }

    private static JsonNode read(TestClient client, String query) {
        TestClient.Answer answer = client.get("/v1/statistics/decisions" + query);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private static void sql(String slug, String sql) {
        server.part(EventLog.class)
                .write(
                        server.workspace(slug),
                        transaction -> Sql.in(transaction).sql(sql).update());
    }
}
