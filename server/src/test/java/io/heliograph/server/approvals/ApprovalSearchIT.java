package io.heliograph.server.approvals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.errors.InvalidFieldException;
import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.search.SearchQuery;
import io.heliograph.server.sql.Sql;
import io.heliograph.server.workspaces.Role;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.Normalizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** {@code GET /v1/approvals?q=…}, against all rows filtered and sorted here. */
class ApprovalSearchIT {
    private static final int ROWS = 80;
    private static final List<String> RISKS = List.of("low", "medium", "high", "critical");
    private static final List<String> ACTIONS = List.of("refund", "deploy.prod", "mail.send");
    private static final List<String> TAGS = List.of("billing", "eu", "urgent");
    /** Of few beginnings, so that words match more than one approval. */
    private static final List<String> WORDS = List.of(
            "alpha", "alpine", "beta", "berlin", "gamma", "größe", "customer", "order", "invoice", "42", "4200");

    private static TestServer server;
    private static TestClient robot;
    private static TestClient olga;
    private static TestClient beta;
    private static List<JsonNode> rows;
    private static RandomGenerator random;
    private static long seed;

    @BeforeAll
    static void start(@TempDir Path folder) {
        seed = Optional.ofNullable(System.getenv("HELIOGRAPH_SEED"))
                .map(Long::parseLong)
                .orElseGet(System::nanoTime);
        System.out.println("approval search: HELIOGRAPH_SEED=" + seed);
        random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        server = TestServer.start(folder, "heliograph.search.interval=50ms", "heliograph.search.batch=7");
        robot = server.as(server.key("acme", "robot"));
        TestClient other = server.as(server.key("acme", "other"));
        olga = server.as(server.token("acme", "olga", Role.OPERATOR));
        TestClient otto = server.as(server.token("acme", "otto", Role.OPERATOR));
        for (int number = 0; number < ROWS; number++) {
            resolve(ask(random.nextBoolean() ? robot : other, anyRequest()), random.nextBoolean() ? olga : otto);
        }
        // Another workspace's rows, which no search of this one may find.
        beta = server.as(server.key("beta", "robot"));
        IntStream.range(0, 5).forEach(_ -> ask(beta, anyRequest()));
        rows = all("");
        awaitIndex();
    }

    /** Every row has the word "row"; the index has them all, with their status. */
    private static void awaitIndex() {
        for (String status : List.of("pending", "approved", "rejected")) {
            long count = rows.stream()
                    .filter(row -> text(row, "status").equals(status))
                    .count();
            await().until(() -> all("q=row&status=" + status).size() == count);
        }
        await().until(() -> ids(beta, "q=row").size() == 5);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Map<String, Object> anyRequest() {
        Map<String, Object> args = new LinkedHashMap<>();
        args.put("Row", pick(WORDS) + " " + pick(WORDS));
        args.put("nested", Map.of(pick(WORDS), List.of(random.nextInt(100), pick(WORDS), true)));
        return request(
                pick(WORDS) + " " + pick(WORDS),
                args,
                TAGS.stream().filter(_ -> random.nextInt(4) == 0).toList());
    }

    private static Map<String, Object> request(String title, Map<String, Object> args, List<String> tags) {
        return Map.of(
                "title",
                title,
                "action",
                Map.of("name", pick(ACTIONS), "args", args),
                "risk",
                pick(RISKS),
                "tags",
                tags,
                // Few values, so that deadlines are equal.
                "expiresIn",
                1000 + random.nextInt(3));
    }

    private static JsonNode ask(TestClient key, Map<String, Object> body) {
        TestClient.Answer answer = key.post("/v1/approvals", body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return answer.json();
    }

    private static void resolve(JsonNode approval, TestClient by) {
        String path = "/v1/approvals/" + text(approval, "id");
        String digest = approval.at("/action/digest").asString();
        switch (random.nextInt(4)) {
            case 0 -> by.post(path + "/decision", Map.of("outcome", "approved", "digest", digest));
            case 1 -> by.post(path + "/decision", Map.of("outcome", "rejected", "digest", digest));
            default -> {
                // Stays pending.
            }
        }
    }

    @Test
    void anySearchWithAnyFilterAndOrderListsExactlyItsRowsPageByPage() {
        int found = 0;
        for (int round = 0; round < 150; round++) {
            Query query = Query.random();
            List<String> expected = rows.stream()
                    .filter(query.matching)
                    .sorted(query.order)
                    .map(row -> text(row, "id"))
                    .toList();
            found += expected.size();

            assertThat(all(query.parameters()).stream()
                            .map(row -> text(row, "id"))
                            .toList())
                    .as("seed %s, round %s: %s", seed, round, query.parameters())
                    .isEqualTo(expected);
        }
        assertThat(found).as("seed %s: rows found in all", seed).isGreaterThan(150);
    }

    @Test
    void facetsCountTheRowsThatTheSearchFinds() {
        JsonNode facets = olga.get("/v1/approvals?q=al&status=pending&facets=true&limit=1")
                .json()
                .get("facets");
        List<JsonNode> found = rows.stream()
                .filter(row -> text(row, "status").equals("pending") && hasWords(row, List.of("al")))
                .toList();

        assertThat(counted(facets.get("risk"))).isEqualTo(counts(found, row -> List.of(text(row, "risk"))));
        assertThat(counted(facets.get("agentId"))).isEqualTo(counts(found, row -> List.of(text(row, "agentId"))));
        assertThat(counted(facets.get("action")))
                .isEqualTo(counts(found, row -> List.of(row.at("/action/name").asString())));
        assertThat(counted(facets.get("tag"))).isEqualTo(counts(found, ApprovalSearchIT::tags));
        assertThat(facets.get("capped").asBoolean()).isFalse();
        List<Long> numbers = new ArrayList<>();
        facets.get("risk").forEach(facet -> numbers.add(facet.get("count").asLong()));
        assertThat(numbers).isSortedAccordingTo(Comparator.reverseOrder());
    }

    @Test
    void aWorkspaceFindsItsOwnRowsOnly() {
        String query = "q=" + encoded("row nested");

        assertThat(ids(beta, query)).hasSize(5).doesNotContainAnyElementsOf(ids(olga, query));
    }

    @ParameterizedTest
    @CsvSource({
        "q=, q, must not be blank",
        "q=%20, q, must not be blank",
        "q=%3F!, q, must have a letter or a digit",
        "q=a&q=b, q, is given more than once",
        "q=a&sort=-resolvedAt&status=approved, sort, leave sort out",
        "q=a&by=mem_1&status=pending&sort=expiresAt, by, leave sort out",
        "q=a&sort=-risk, sort, add status=pending",
        "Q=a, Q, is not a query parameter",
    })
    void whatCannotBeSearchedNamesTheParameterAndTheFix(String query, String parameter, String fix) {
        TestClient.Answer answer = olga.get("/v1/approvals?" + query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/errors/0/field").asString()).isEqualTo(parameter);
        assertThat(answer.body()).contains(fix);
    }

    @Test
    void moreThanCanBeSortedNamesTheFix() {
        ApprovalFilter filter = new ApprovalFilter(
                Set.of(Approval.Status.PENDING),
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(SearchQuery.parse("q", "row")));
        WorkspaceId acme = server.workspace("acme");
        int pending = all("q=row&status=pending").size();

        server.part(EventLog.class).read(acme, snapshot -> {
            assertThat(new FoundApprovals(Sql.in(snapshot), acme, filter, ApprovalSort.RISK, pending)
                            .after(Optional.empty(), 3))
                    .hasSize(3);
            assertThatThrownBy(() -> new FoundApprovals(Sql.in(snapshot), acme, filter, ApprovalSort.RISK, pending - 1)
                            .after(Optional.empty(), 3))
                    .isInstanceOfSatisfying(
                            InvalidFieldException.class,
                            failure -> assertThat(failure.field()).isEqualTo("sort"))
                    .hasMessageContaining("add words to q, or leave sort out");
            return true;
        });
    }

    @Test
    void aQueryHasTwoHundredCharactersAtMost() {
        assertThat(olga.get("/v1/approvals?q=" + encoded("𐐀".repeat(200))).status())
                .isEqualTo(200);
        assertThat(olga.get("/v1/approvals?q=" + encoded("𐐀".repeat(201)))
                        .json()
                        .at("/errors/0/field")
                        .asString())
                .isEqualTo("q");
    }

    @Test
    void aCursorIsValidWithTheSameWordsOnly() {
        String cursor = text(
                olga.get("/v1/approvals?q=" + encoded("nested row") + "&limit=2")
                        .json(),
                "nextCursor");

        for (String same : List.of("nested row", "ROW, nest nested!")) {
            assertThat(olga.get("/v1/approvals?q=" + encoded(same) + "&limit=2&cursor=" + cursor)
                            .status())
                    .as(same)
                    .isEqualTo(200);
        }
        for (String other : List.of("q=row", "q=rows%20nested", "status=pending", "q=row%20nested&risk=low")) {
            assertThat(olga.get("/v1/approvals?" + other + "&cursor=" + cursor).code())
                    .as(other)
                    .isEqualTo("cursor_invalid");
        }
    }

    @Test
    void theFirstFourKilobytesOfArgsAreSearchedAndWhatListsLeaveOutIsFoundToo() {
        // The name "text" and its value are 4,096 bytes; "é" is two of them.
        String value = "é".repeat(2_040) + " inside";
        ask(beta, request("Long", Map.of("text", value + " outside"), List.of()));
        await().until(() -> ids(beta, "q=long").size() == 1);

        assertThat(ids(beta, "q=long%20inside")).hasSize(1);
        assertThat(ids(beta, "q=long%20text")).hasSize(1);
        assertThat(ids(beta, "q=long%20outside")).isEmpty();
    }

    @Test
    void aNewApprovalIsFoundWithinTwoSecondsAndADecidedOneByItsStatus() {
        JsonNode asked = ask(beta, request("Quokka", Map.of(), List.of()));
        String id = text(asked, "id");

        await().atMost(Duration.ofSeconds(2)).until(() -> ids(beta, "q=quokka").equals(List.of(id)));
        TestClient member = server.as(server.token("beta", "bea", Role.OPERATOR));
        member.post(
                "/v1/approvals/" + id + "/decision",
                Map.of(
                        "outcome",
                        "approved",
                        "digest",
                        asked.at("/action/digest").asString()));

        // At once it is no longer pending, whatever the index says.
        assertThat(ids(beta, "q=quokka&status=pending")).isEmpty();
        assertThat(ids(beta, "q=quokka")).containsExactly(id);
        await().until(() -> ids(beta, "q=quokka&status=approved").equals(List.of(id)));
    }

    /** Rows change without an event, so the index stays as it is. */
    @Test
    void whatTheIndexHasIsListedOnlyIfTheRowIsSo() {
        List<String> ids = new ArrayList<>();
        for (int number = 0; number < 12; number++) {
            ids.addFirst(text(ask(beta, request("Wombat", Map.of(), List.of())), "id"));
        }
        await().until(() -> ids(beta, "q=wombat&status=pending").equals(ids));

        sql(server, "update approval set status = 'approved' where id = '" + ids.get(1) + "'");
        sql(server, "delete from approval where id in ('" + ids.get(2) + "', '" + ids.get(3) + "')");

        List<String> there = new ArrayList<>(ids);
        there.removeAll(List.of(ids.get(2), ids.get(3)));
        assertThat(ids(beta, "q=wombat")).isEqualTo(there);
        there.remove(ids.get(1));
        assertThat(ids(beta, "q=wombat&status=pending")).isEqualTo(there);
        assertThat(ids(beta, "q=wombat&status=pending&sort=-risk")).containsExactlyInAnyOrderElementsOf(there);
        // A page is full although some were left out.
        TestClient.Answer page = beta.get("/v1/approvals?q=wombat&status=pending&limit=4");
        assertThat(page.json().get("data")).hasSize(4);
        assertThat(page.json().has("nextCursor")).isTrue();
    }

    @Test
    void afterAnUpgradeTheApprovalsThatThereAreAreIndexedAndARestartContinues(@TempDir Path folder) {
        List<String> ids = new ArrayList<>();
        try (TestServer first = TestServer.start(folder, "heliograph.search.interval=50ms")) {
            TestClient key = first.as(first.key("acme", "robot"));
            IntStream.range(0, 12)
                    .forEach(number ->
                            ids.addFirst(text(ask(key, request("Old " + number, Map.of(), List.of())), "id")));
            await().until(() -> ids(key, "q=old").equals(ids));
            // As the database is before its first start with a search.
            first.part(EventLog.class).write(first.workspace("acme"), transaction -> {
                for (String table : List.of("search_word", "search_doc", "search_block", "search_position")) {
                    Sql.in(transaction).sql("delete from " + table).update();
                }
                return true;
            });
        }
        try (TestServer second =
                TestServer.start(folder, "heliograph.search.interval=50ms", "heliograph.search.batch=5")) {
            TestClient key = second.as(second.key("acme", "another"));
            await().until(() -> ids(key, "q=old").equals(ids));
            ids.addFirst(text(ask(key, request("Old too", Map.of(), List.of())), "id"));
            await().until(() -> ids(key, "q=old").equals(ids));
        }
        try (TestServer third = TestServer.start(folder, "heliograph.search.interval=50ms")) {
            TestClient key = third.as(third.key("acme", "third"));

            assertThat(ids(key, "q=old")).isEqualTo(ids);
            assertThat(third.anonymous().get("/metrics").body()).contains("heliograph_search_indexed_total 0.0");
        }
    }

    @Test
    void removedApprovalsAreNotFoundAndNothingOfThemIsKept(@TempDir Path folder) {
        try (TestServer removing = TestServer.start(
                folder,
                "heliograph.search.interval=50ms",
                "heliograph.retention.interval=100ms",
                "heliograph.retention.decided-approvals=1d")) {
            TestClient key = removing.as(removing.key("acme", "robot"));
            String gone = text(ask(key, request("Old secret", Map.of(), List.of())), "id");
            String stays = text(ask(key, request("Old thing", Map.of(), List.of())), "id");
            key.post("/v1/approvals/" + gone + "/cancel", Map.of());
            await().until(() -> ids(key, "q=old&status=cancelled").equals(List.of(gone)));

            sql(removing, "update approval set resolved_at = 1 where resolved_at is not null");
            await().until(() -> key.get("/v1/approvals/" + gone).status() == 404);

            assertThat(ids(key, "q=old")).containsExactly(stays);
            await().until(() -> removing.part(JdbcClient.class)
                            .sql("select count(*) from search_word where word = ?")
                            .param("secret".getBytes(StandardCharsets.UTF_8))
                            .query(Long.class)
                            .single()
                    == 0);
            assertThat(ids(key, "q=old")).containsExactly(stays);
        }
    }

    private static void sql(TestServer on, String sql) {
        on.part(EventLog.class)
                .write(
                        on.workspace("acme"),
                        transaction -> Sql.in(transaction).sql(sql).update());
    }

    private static List<String> ids(TestClient client, String parameters) {
        TestClient.Answer answer = client.get("/v1/approvals?limit=200&" + parameters);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        List<String> ids = new ArrayList<>();
        answer.json().get("data").forEach(row -> ids.add(text(row, "id")));
        return ids;
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

    /** Words, a filter and an order, as a query and as what it means. */
    private record Query(Map<String, String> values, Predicate<JsonNode> matching, Comparator<JsonNode> order) {

        static Query random() {
            Map<String, String> values = new LinkedHashMap<>();
            List<Predicate<JsonNode>> conditions = new ArrayList<>();
            List<String> words = Stream.generate(() -> beginning(pick(WORDS)))
                    .limit(1 + random.nextInt(2))
                    .toList();
            values.put("q", String.join(pick(List.of(" ", ", ", "-")), words));
            conditions.add(row -> hasWords(row, words));
            String sort = pick(List.of("", "-createdAt", "expiresAt", "-risk"));
            List<String> statuses = sort.equals("expiresAt") || sort.equals("-risk")
                    ? List.of("pending")
                    : some(List.of("pending", "approved", "rejected", "cancelled"));
            if (!sort.isEmpty()) {
                values.put("sort", sort);
            }
            in(values, conditions, "status", statuses);
            in(values, conditions, "risk", random.nextBoolean() ? List.of() : some(RISKS));
            if (random.nextInt(4) == 0) {
                String action = pick(ACTIONS);
                values.put("action", action);
                conditions.add(row -> row.at("/action/name").asString().equals(action));
            }
            if (random.nextInt(4) == 0) {
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
            if (!statuses.equals(List.of("pending")) && random.nextInt(4) == 0) {
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

        private static String beginning(String word) {
            String some = word.substring(0, 1 + random.nextInt(word.length()));
            return random.nextBoolean() ? some.toUpperCase(Locale.ROOT) : some;
        }

        private static Comparator<JsonNode> order(String sort) {
            Comparator<JsonNode> byId = Comparator.comparing(row -> text(row, "id"));
            Comparator<JsonNode> deadline = Comparator.<JsonNode, String>comparing(row -> text(row, "expiresAt"))
                    .thenComparing(byId);
            return switch (sort) {
                case "expiresAt" -> deadline;
                case "-risk" ->
                    Comparator.<JsonNode>comparingInt(row -> -RISKS.indexOf(text(row, "risk")))
                            .thenComparing(deadline);
                default -> byId.reversed();
            };
        }

        private static void in(
                Map<String, String> values, List<Predicate<JsonNode>> conditions, String name, List<String> wanted) {
            if (!wanted.isEmpty()) {
                values.put(name, String.join(",", wanted));
                conditions.add(row -> wanted.contains(text(row, name)));
            }
        }

        private static List<String> some(List<String> all) {
            return all.stream().filter(_ -> random.nextBoolean()).toList();
        }

        String parameters() {
            return values.entrySet().stream()
                    .map(entry -> entry.getKey() + "=" + encoded(entry.getValue()))
                    .collect(Collectors.joining("&"));
        }
    }

    /** Whether each word is the beginning of a word of the title, the action, the tags or the args. */
    private static boolean hasWords(JsonNode row, List<String> words) {
        String texts = text(row, "title") + " " + row.at("/action/name").asString() + " " + tags(row) + " "
                + row.at("/action/args");
        List<String> has = List.of(folded(texts).split("[^\\p{L}\\p{N}]+"));
        return words.stream().allMatch(word -> has.stream().anyMatch(text -> text.startsWith(folded(word))));
    }

    private static String folded(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFD)
                .replaceAll("\\p{M}", "")
                .toLowerCase(Locale.ROOT)
                .replace("ß", "ss");
    }

    private static Map<String, Long> counts(List<JsonNode> of, Function<JsonNode, List<String>> values) {
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
