package io.heliograph.server.approvals;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.workspaces.Role;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Filters, orders and counts of the list, against all rows sorted and filtered here. */
class ApprovalListIT {
    private static final int ROWS = 80;
    private static final List<String> RISKS = List.of("low", "medium", "high", "critical");
    private static final List<String> ACTIONS = List.of("refund", "deploy", "mail.send");
    private static final List<String> TAGS = List.of("billing", "eu", "urgent", "Größe 5 % _x_");
    private static final Comparator<JsonNode> BY_ID = Comparator.comparing(row -> text(row, "id"));

    private static TestServer server;
    private static TestClient robot;
    private static TestClient olga;
    private static TestClient otto;
    private static List<JsonNode> rows;
    private static RandomGenerator random;
    private static long seed;

    @BeforeAll
    static void start(@TempDir Path folder) {
        seed = Optional.ofNullable(System.getenv("HELIOGRAPH_SEED"))
                .map(Long::parseLong)
                .orElseGet(System::nanoTime);
        System.out.println("approval list: HELIOGRAPH_SEED=" + seed);
        random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        server = TestServer.start(folder);
        robot = server.as(server.key("acme", "robot"));
        TestClient other = server.as(server.key("acme", "other"));
        olga = server.as(server.token("acme", "olga", Role.OPERATOR));
        otto = server.as(server.token("acme", "otto", Role.OPERATOR));
        for (int number = 0; number < ROWS; number++) {
            resolve(ask(random.nextInt(3) == 0 ? other : robot));
        }
        // Another workspace's rows, which no list of this one may have.
        ask(server.as(server.key("beta", "robot")));
        rows = all("");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JsonNode ask(TestClient key) {
        Map<String, Object> body = new HashMap<>(Map.of(
                "title",
                "Request",
                "action",
                Map.of("name", pick(ACTIONS), "args", Map.of("n", random.nextInt())),
                "risk",
                pick(RISKS),
                "expiresIn",
                // Few values, so that deadlines are equal.
                1000 + random.nextInt(3)));
        List<String> tags = TAGS.stream().filter(_ -> random.nextInt(4) == 0).toList();
        body.put(
                "tags",
                tags.isEmpty()
                        ? tags
                        : java.util.stream.Stream.concat(
                                        tags.stream(), tags.stream().limit(1))
                                .toList());
        TestClient.Answer answer = key.post("/v1/approvals", body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return answer.json();
    }

    private static void resolve(JsonNode approval) {
        String path = "/v1/approvals/" + text(approval, "id");
        String digest = approval.at("/action/digest").asString();
        switch (random.nextInt(5)) {
            case 0 -> olga.post(path + "/decision", Map.of("outcome", "approved", "digest", digest));
            case 1 -> otto.post(path + "/decision", Map.of("outcome", "rejected", "digest", digest));
            case 2 -> olga.post(path + "/cancel", Map.of());
            default -> {
                // Stays pending.
            }
        }
    }

    @Test
    void anyFilterInAnyOrderListsExactlyItsRowsPageByPage() {
        for (int round = 0; round < 80; round++) {
            Query query = Query.random(random);
            List<String> expected = rows.stream()
                    .filter(query.matching)
                    .sorted(query.order)
                    .map(row -> text(row, "id"))
                    .toList();

            assertThat(all(query.parameters()).stream()
                            .map(row -> text(row, "id"))
                            .toList())
                    .as("seed %s, round %s: %s", seed, round, query.parameters())
                    .isEqualTo(expected);
        }
    }

    @Test
    void facetsCountTheRowsOfTheFilter() {
        JsonNode facets = olga.get("/v1/approvals?status=pending&facets=true&limit=1")
                .json()
                .get("facets");
        List<JsonNode> pending = rows.stream()
                .filter(row -> text(row, "status").equals("pending"))
                .toList();

        assertThat(counted(facets.get("risk"))).isEqualTo(counts(pending, row -> List.of(text(row, "risk"))));
        assertThat(counted(facets.get("agentId"))).isEqualTo(counts(pending, row -> List.of(text(row, "agentId"))));
        assertThat(counted(facets.get("action")))
                .isEqualTo(counts(pending, row -> List.of(row.at("/action/name").asString())));
        assertThat(counted(facets.get("tag"))).isEqualTo(counts(pending, ApprovalListIT::tags));
        assertThat(facets.get("capped").asBoolean()).isFalse();
        List<Long> risks = new ArrayList<>();
        facets.get("risk").forEach(facet -> risks.add(facet.get("count").asLong()));
        assertThat(risks).isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(olga.get("/v1/approvals?limit=1").json().has("facets")).isFalse();
    }

    @Test
    void theCountsOfEachStatusAreOfTheWholeWorkspace() {
        JsonNode counts = olga.get("/v1/approvals?risk=low&limit=1").json().get("statusCounts");

        for (String status : List.of("pending", "approved", "rejected", "expired", "cancelled")) {
            assertThat(counts.get(status).asLong())
                    .as(status)
                    .isEqualTo(rows.stream()
                            .filter(row -> text(row, "status").equals(status))
                            .count());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "sort=createdAt, sort",
        "sort=-risk, sort",
        "sort=-risk&status=pending%2Capproved, sort",
        "sort=expiresAt&status=approved, sort",
        "sort=-resolvedAt, sort",
        "sort=-resolvedAt&status=pending, sort",
        "by=mem_1, by",
        "by=mem_1&status=pending&sort=expiresAt, by",
        "from=yesterday, from",
        "to=2026-11-29, to",
        "facets=yes, facets",
        "status=open, status",
        "ruleId=rul_1, ruleId",
    })
    void whatCannotBeListedNamesTheParameter(String query, String parameter) {
        TestClient.Answer answer = olga.get("/v1/approvals?" + query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/errors/0/field").asString()).isEqualTo(parameter);
    }

    @Test
    void aCursorIsValidInItsOrderOnly() {
        String cursor =
                text(olga.get("/v1/approvals?status=pending&sort=-risk&limit=2").json(), "nextCursor");

        assertThat(olga.get("/v1/approvals?status=pending&sort=-risk&limit=2&cursor=" + cursor)
                        .status())
                .isEqualTo(200);
        for (String other :
                List.of("status=pending&sort=expiresAt", "status=pending", "status=pending&sort=-risk&tag=eu")) {
            assertThat(olga.get("/v1/approvals?" + other + "&cursor=" + cursor).code())
                    .isEqualTo("cursor_invalid");
        }
    }

    @Test
    void timesAreOfTheCreationAndHaveAnyOffset() {
        JsonNode some = rows.get(ROWS / 2);
        String from = Instant.parse(text(some, "createdAt")).toString().replace("Z", "+00:00");

        assertThat(all("from=" + encoded(from)))
                .contains(some)
                .allMatch(row -> text(row, "createdAt").compareTo(text(some, "createdAt")) >= 0);
        assertThat(all("to=" + encoded(from)))
                .doesNotContain(some)
                .allMatch(row -> text(row, "createdAt").compareTo(text(some, "createdAt")) < 0);
        assertThat(all("from=0001-01-01T00:00:00Z")).hasSize(ROWS);
        assertThat(all("from=9999-12-31T23:59:59Z")).isEmpty();
    }

    /** The rows of all pages. */
    private static List<JsonNode> all(String parameters) {
        List<JsonNode> found = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        int limit = 1 + random.nextInt(60);
        do {
            TestClient.Answer page =
                    olga.get("/v1/approvals?limit=" + limit + (parameters.isEmpty() ? "" : "&" + parameters)
                            + cursor.map(text -> "&cursor=" + text).orElse(""));
            assertThat(page.status()).as(page.body()).isEqualTo(200);
            page.json().get("data").forEach(found::add);
            cursor = page.json().optional("nextCursor").map(JsonNode::asString);
        } while (cursor.isPresent());
        return found;
    }

    /** A filter and an order, as a query and as what it means. */
    private record Query(Map<String, String> values, Predicate<JsonNode> matching, Comparator<JsonNode> order) {
        private static final List<String> RESOLVED = List.of("approved", "rejected", "expired", "cancelled");

        static Query random(RandomGenerator random) {
            Map<String, String> values = new LinkedHashMap<>();
            List<Predicate<JsonNode>> conditions = new ArrayList<>();
            String sort = pick(List.of("", "-createdAt", "expiresAt", "-risk", "-resolvedAt"));
            List<String> statuses = switch (sort) {
                case "expiresAt", "-risk" -> List.of("pending");
                case "-resolvedAt" -> some(RESOLVED, true);
                default -> some(List.of("pending", "approved", "rejected", "cancelled"), false);
            };
            if (!sort.isEmpty()) {
                values.put("sort", sort);
            }
            in(values, conditions, "status", statuses);
            in(values, conditions, "risk", random.nextBoolean() ? List.of() : some(RISKS, false));
            if (random.nextInt(3) == 0) {
                String action = pick(ACTIONS);
                values.put("action", action);
                conditions.add(row -> row.at("/action/name").asString().equals(action));
            }
            if (random.nextInt(3) == 0) {
                String tag = pick(TAGS);
                values.put("tag", tag);
                conditions.add(row -> tags(row).contains(tag));
            }
            if (random.nextInt(4) == 0) {
                String agent = text(pick(rows), "agentId");
                values.put("agentId", agent);
                conditions.add(row -> text(row, "agentId").equals(agent));
            }
            if (random.nextInt(4) == 0) {
                String from = text(pick(rows), "createdAt");
                values.put("from", from);
                conditions.add(row -> text(row, "createdAt").compareTo(from) >= 0);
            }
            if (random.nextInt(4) == 0) {
                String to = text(pick(rows), "createdAt");
                values.put("to", to);
                conditions.add(row -> text(row, "createdAt").compareTo(to) < 0);
            }
            if (sort.equals("-resolvedAt") && random.nextBoolean()) {
                String by = pick(rows.stream()
                                .filter(row -> row.has("resolution"))
                                .toList())
                        .at("/resolution/by/id")
                        .asString();
                values.put("by", by);
                conditions.add(row -> row.at("/resolution/by/id").asString("").equals(by));
            }
            return new Query(
                    values, row -> conditions.stream().allMatch(condition -> condition.test(row)), order(sort));
        }

        private static Comparator<JsonNode> order(String sort) {
            Comparator<JsonNode> deadline = Comparator.<JsonNode, String>comparing(row -> text(row, "expiresAt"))
                    .thenComparing(BY_ID);
            return switch (sort) {
                case "expiresAt" -> deadline;
                case "-risk" ->
                    Comparator.<JsonNode>comparingInt(row -> -RISKS.indexOf(text(row, "risk")))
                            .thenComparing(deadline);
                case "-resolvedAt" ->
                    Comparator.<JsonNode, String>comparing(row -> text(row, "resolvedAt"))
                            .thenComparing(BY_ID)
                            .reversed();
                default -> BY_ID.reversed();
            };
        }

        private static void in(
                Map<String, String> values, List<Predicate<JsonNode>> conditions, String name, List<String> wanted) {
            if (!wanted.isEmpty()) {
                values.put(name, String.join(",", wanted));
                conditions.add(row -> wanted.contains(text(row, name)));
            }
        }

        private static List<String> some(List<String> all, boolean atLeastOne) {
            List<String> some = all.stream().filter(_ -> random.nextBoolean()).toList();
            return some.isEmpty() && atLeastOne ? all : some;
        }

        String parameters() {
            return values.entrySet().stream()
                    .map(entry -> entry.getKey() + "=" + encoded(entry.getValue()))
                    .collect(Collectors.joining("&"));
        }
    }

    private static Map<String, Long> counts(
            List<JsonNode> of, java.util.function.Function<JsonNode, List<String>> values) {
        return of.stream()
                .flatMap(row -> values.apply(row).stream())
                .collect(Collectors.groupingBy(value -> value, Collectors.counting()));
    }

    private static Map<String, Long> counted(JsonNode facets) {
        Map<String, Long> counts = new HashMap<>();
        facets.forEach(
                facet -> counts.put(text(facet, "value"), facet.get("count").asLong()));
        return counts;
    }

    private static List<String> tags(JsonNode row) {
        return StreamSupport.stream(row.get("tags").spliterator(), false)
                .map(JsonNode::asString)
                .distinct()
                .toList();
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private static String text(JsonNode row, String field) {
        return row.get(field).asString();
    }

    private static <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
