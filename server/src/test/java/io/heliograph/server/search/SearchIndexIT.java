package io.heliograph.server.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.fixtures.Features;
import io.heliograph.server.storage.DerivedTables;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the index finds, on each database the same. */
class SearchIndexIT {
    private static final WorkspaceId ACME = new WorkspaceId("ws_acme");
    private static final WorkspaceId BETA = new WorkspaceId("ws_beta");
    private static final List<String> STATUSES = List.of("pending", "approved", "rejected");

    private IndexDatabase database;
    private Features features;
    private DerivedTables tables;

    @BeforeEach
    void open(@TempDir Path folder) {
        database = IndexDatabase.open(folder);
        features = database.features();
        tables = database.tables();
    }

    @AfterEach
    void close() {
        database.close();
    }

    /** The shared set: each query has the same answer on both databases. */
    @Test
    void aQueryFindsTheDocumentsThatHaveItsWords() {
        put(
                ACME,
                1024,
                document("apr_1", "Refund order 9?", "refund", "{orderId: 9, amount: 42.50, note: 'Größe L'}"),
                document("apr_2", "Größere Bestellung", "mail.send", "to: Zoë@example.com"),
                document("apr_3", "東京へ送金", "transfer", "amount 4200 円"),
                document("apr_4", "𐐀𐐁 in Deseret, straße", "deploy", "service: api-gateway version: v1.2.3-rc1"),
                document("apr_5", "ORDER 99", "refund", "x".repeat(80)),
                document("apr_6", "Дом и сад", "мыло", "na\u00EFve cafe\u0301"));

        Map<String, List<String>> answers = new TreeMap<>(Map.ofEntries(
                Map.entry("refund", List.of("apr_5", "apr_1")),
                Map.entry("REFUND order", List.of("apr_5", "apr_1")),
                Map.entry("ord 9", List.of("apr_5", "apr_1")),
                Map.entry("order 99", List.of("apr_5")),
                Map.entry("r", List.of("apr_5", "apr_4", "apr_1")),
                Map.entry("groß", List.of("apr_2", "apr_1")),
                Map.entry("GROSSE l", List.of("apr_1")),
                Map.entry("zoe", List.of("apr_2")),
                Map.entry("example.com", List.of("apr_2")),
                Map.entry("42", List.of("apr_3", "apr_1")),
                Map.entry("京", List.of("apr_3")),
                Map.entry("東京", List.of("apr_3")),
                Map.entry("大", List.of()),
                Map.entry("𐐨", List.of("apr_4")),
                Map.entry("𐐨𐐩", List.of("apr_4")),
                Map.entry("𐐪", List.of()),
                Map.entry("STRASSE", List.of("apr_4")),
                Map.entry("v1 2 3 rc", List.of("apr_4")),
                Map.entry("x".repeat(64), List.of("apr_5")),
                Map.entry("x".repeat(90), List.of("apr_5")),
                Map.entry("x".repeat(63) + "y", List.of()),
                Map.entry("сад дом", List.of("apr_6")),
                Map.entry("МЫЛ", List.of("apr_6")),
                Map.entry("naive café", List.of("apr_6")),
                Map.entry("efund", List.of()),
                Map.entry("refunds", List.of())));
        answers.forEach((query, ids) ->
                assertThat(find(ACME, criteria(query))).as(query).isEqualTo(ids));
    }

    @Test
    void aTermOfAFieldIsNoWord() {
        put(ACME, 1024, new SearchDocument("apr_1", Set.of("one"), Map.of(SearchField.STATUS, List.of("pending"))));

        for (String query : List.of("pending", "s", "spending")) {
            assertThat(find(ACME, criteria(query))).as(query).isEmpty();
        }
    }

    @Test
    void aFieldIsFilteredByItsExactValue() {
        put(
                ACME,
                1024,
                new SearchDocument("apr_1", Set.of("one"), Map.of(SearchField.TAG, List.of("a", "b"))),
                new SearchDocument("apr_2", Set.of("one"), Map.of(SearchField.TAG, List.of("A"))),
                new SearchDocument("apr_3", Set.of("one"), Map.of(SearchField.TAG, List.of("ab"))),
                new SearchDocument("apr_4", Set.of("one"), Map.of(SearchField.ACTION, List.of("a"))));

        assertThat(find(ACME, criteria("one", Map.of(SearchField.TAG, Set.of("a")))))
                .containsExactly("apr_1");
        assertThat(find(ACME, criteria("one", Map.of(SearchField.TAG, Set.of("A", "b")))))
                .containsExactly("apr_2", "apr_1");
        assertThat(find(ACME, criteria("one", Map.of(SearchField.TAG, Set.of()))))
                .hasSize(4);
    }

    @Test
    void aWorkspaceDoesNotSeeTheDocumentsOfAnother() {
        put(ACME, 1024, document("apr_1", "secret"), document("apr_3", "secret"));
        put(BETA, 1024, document("apr_2", "secret"));

        assertThat(find(ACME, criteria("secret"))).containsExactly("apr_3", "apr_1");
        assertThat(find(BETA, criteria("secret"))).containsExactly("apr_2");
        assertThat(find(new WorkspaceId("ws_new"), criteria("secret"))).isEmpty();

        remove(BETA, List.of("apr_1", "apr_3"));
        assertThat(find(ACME, criteria("secret"))).hasSize(2);
    }

    @Test
    void theSearchEndsWhenEnoughWasFound() {
        put(
                ACME,
                2,
                IntStream.range(0, 20)
                        .mapToObj(number -> document("apr_" + (char) ('a' + number), "word"))
                        .toArray(SearchDocument[]::new));
        List<String> found = new ArrayList<>();

        SearchIndex.find(features.jdbc(), ACME, criteria("word"), ids -> {
            found.addAll(ids);
            return found.size() < 3;
        });

        assertThat(found).startsWith("apr_t", "apr_s", "apr_r").hasSizeLessThan(20);
    }

    @Test
    void aBlockIsFullWhenItHasItsSizeWhicheverWayDocumentsCome() {
        List<SearchDocument> all = IntStream.range(0, 100)
                .mapToObj(number -> document("apr_%03d".formatted(number), "word"))
                .toList();
        for (int from = 0; from < 100; from += 5) {
            put(ACME, 10, all.subList(from, from + 5).toArray(SearchDocument[]::new));
            put(BETA, 10, all.subList(95 - from, 100 - from).toArray(SearchDocument[]::new));
        }

        for (WorkspaceId workspace : List.of(ACME, BETA)) {
            assertThat(features.jdbc()
                            .sql("select numbers from search_block where workspace = ?")
                            .param(workspace.value())
                            .query(Integer.class)
                            .list())
                    .hasSizeBetween(7, 10)
                    .allMatch(numbers -> numbers <= 14);
            assertThat(find(workspace, criteria("word"))).hasSize(100);
        }
    }

    /** Documents in any order, with changes, removals and repetitions, in small blocks; against a list of them. */
    @Test
    void anySearchFindsExactlyWhatTheModelFinds() {
        long seed = Optional.ofNullable(System.getenv("HELIOGRAPH_SEED"))
                .map(Long::parseLong)
                .orElseGet(System::nanoTime);
        System.out.println("search index: HELIOGRAPH_SEED=" + seed);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        Map<WorkspaceId, NavigableMap<String, SearchDocument>> models =
                Map.of(ACME, new TreeMap<>(Comparator.reverseOrder()), BETA, new TreeMap<>(Comparator.reverseOrder()));
        for (int round = 0; round < 150; round++) {
            WorkspaceId workspace = random.nextInt(4) == 0 ? BETA : ACME;
            NavigableMap<String, SearchDocument> model = Objects.requireNonNull(models.get(workspace));
            int blockSize = 1 + random.nextInt(12);
            switch (random.nextInt(8)) {
                case 0 -> remove(workspace, model, random);
                case 1 -> cleanAll();
                case 2 -> change(workspace, model, random);
                default -> {
                    List<SearchDocument> documents = IntStream.range(0, 1 + random.nextInt(15))
                            .mapToObj(_ -> any(random))
                            .filter(document -> !model.containsKey(document.id()))
                            .collect(Collectors.toMap(SearchDocument::id, document -> document, (a, _) -> a))
                            .values()
                            .stream()
                            .toList();
                    int added = put(workspace, blockSize, documents.toArray(SearchDocument[]::new));
                    assertThat(added).isEqualTo(documents.size());
                    documents.forEach(document -> model.put(document.id(), document));
                    // Once more: nothing changes.
                    assertThat(put(workspace, blockSize, documents.toArray(SearchDocument[]::new)))
                            .isZero();
                }
            }
            for (WorkspaceId searched : models.keySet()) {
                SearchCriteria criteria = any(random, Objects.requireNonNull(models.get(searched)));
                List<SearchDocument> expected = Objects.requireNonNull(models.get(searched)).values().stream()
                        .filter(document -> matches(document, criteria))
                        .toList();
                String what = "seed " + seed + ", round " + round + ": " + criteria;
                assertThat(find(searched, criteria))
                        .as(what)
                        .isEqualTo(expected.stream().map(SearchDocument::id).toList());
                int max = 1 + random.nextInt(30);
                assertThat(SearchIndex.facets(features.jdbc(), searched, criteria, max))
                        .as("facets of %s, max %s", what, max)
                        .isEqualTo(facets(expected, max));
            }
            assertThat(overlapping()).as("seed %s, round %s", seed, round).isZero();
        }
        // After all are removed and cleaned, nothing is left.
        models.forEach((workspace, model) -> {
            remove(workspace, model.keySet());
        });
        cleanAll();
        for (String table : List.of("search_block", "search_doc", "search_word")) {
            assertThat(database.count(table)).as(table).isZero();
        }
    }

    @Test
    void cleaningRemovesTheWordsThatOnlyRemovedDocumentsHad() {
        put(ACME, 1024, document("apr_1", "shared alone"), document("apr_2", "shared other"));
        long words = database.count("search_word");

        remove(ACME, List.of("apr_1", "apr_9"));
        assertThat(find(ACME, criteria("shared"))).containsExactly("apr_2");
        assertThat(database.count("search_word")).isEqualTo(words);
        cleanAll();

        assertThat(database.count("search_word")).isEqualTo(2);
        assertThat(database.count("search_block where stale = 1")).isZero();
        assertThat(find(ACME, criteria("shared"))).containsExactly("apr_2");
    }

    private void remove(WorkspaceId workspace, NavigableMap<String, SearchDocument> model, RandomGenerator random) {
        List<String> some =
                model.keySet().stream().filter(_ -> random.nextInt(4) == 0).toList();
        remove(workspace, some);
        some.forEach(model::remove);
    }

    /** Statuses change, and nothing else does. */
    private void change(WorkspaceId workspace, NavigableMap<String, SearchDocument> model, RandomGenerator random) {
        List<SearchDocument> changed = model.values().stream()
                .filter(_ -> random.nextInt(3) == 0)
                .map(document -> {
                    Map<SearchField, List<String>> fields = new EnumMap<>(document.fields());
                    fields.put(SearchField.STATUS, List.of(pick(random, STATUSES)));
                    return new SearchDocument(document.id(), document.words(), fields);
                })
                .toList();
        assertThat(put(workspace, 8, changed.toArray(SearchDocument[]::new))).isZero();
        changed.forEach(document -> model.put(document.id(), document));
    }

    private static SearchDocument any(RandomGenerator random) {
        Map<SearchField, List<String>> fields = new EnumMap<>(SearchField.class);
        fields.put(SearchField.STATUS, List.of(pick(random, STATUSES)));
        fields.put(
                SearchField.TAG,
                List.of("t" + random.nextInt(3), "t" + random.nextInt(3)).stream()
                        .distinct()
                        .toList());
        return SearchDocument.of(
                "apr_" + String.format("%04d", random.nextInt(2_000)),
                List.of(IntStream.range(0, random.nextInt(6))
                        .mapToObj(_ -> word(random, 1 + random.nextInt(4)))
                        .collect(Collectors.joining(" "))),
                fields);
    }

    private static SearchCriteria any(RandomGenerator random, Map<String, SearchDocument> model) {
        String query = IntStream.range(0, 1 + random.nextInt(2))
                .mapToObj(_ -> word(random, 1 + random.nextInt(2)))
                .collect(Collectors.joining(" "));
        Map<SearchField, Set<String>> fields = new EnumMap<>(SearchField.class);
        if (random.nextInt(3) == 0) {
            fields.put(SearchField.STATUS, Set.of(pick(random, STATUSES)));
        }
        if (random.nextInt(3) == 0) {
            fields.put(SearchField.TAG, Set.of("t0", "t" + (1 + random.nextInt(2))));
        }
        List<String> ids = new ArrayList<>(model.keySet());
        return new SearchCriteria(
                SearchQuery.parse("q", query),
                fields,
                ids.isEmpty() || random.nextBoolean() ? SearchCriteria.FIRST : pick(random, ids),
                ids.isEmpty() || random.nextBoolean() ? SearchCriteria.LAST : pick(random, ids));
    }

    /** Of three letters, so that words have the same beginnings. */
    private static String word(RandomGenerator random, int length) {
        return random.ints(length, 'a', 'd').mapToObj(Character::toString).collect(Collectors.joining());
    }

    private static boolean matches(SearchDocument document, SearchCriteria criteria) {
        return criteria.from().compareTo(document.id()) <= 0
                && document.id().compareTo(criteria.before()) < 0
                && criteria.query().words().stream()
                        .allMatch(word -> document.words().stream().anyMatch(has -> has.startsWith(word)))
                && criteria.fields().entrySet().stream()
                        .allMatch(field -> field.getValue().stream()
                                .anyMatch(document.fields().getOrDefault(field.getKey(), List.of())::contains));
    }

    private static SearchIndex.Facets facets(List<SearchDocument> documents, int max) {
        Map<SearchField, Map<String, Integer>> counts = new EnumMap<>(SearchField.class);
        for (SearchField field : SearchField.values()) {
            counts.put(field, new HashMap<>());
            documents.stream()
                    .limit(max)
                    .flatMap(document -> document.fields().getOrDefault(field, List.of()).stream())
                    .forEach(value -> counts.get(field).merge(value, 1, Integer::sum));
        }
        return new SearchIndex.Facets(counts, documents.size() > max);
    }

    private int put(WorkspaceId workspace, int blockSize, SearchDocument... documents) {
        return tables.inTransaction(jdbc -> new IndexWriter(jdbc, workspace, blockSize).put(List.of(documents)));
    }

    private void remove(WorkspaceId workspace, Collection<String> ids) {
        tables.inTransaction(jdbc -> {
            SearchIndex.remove(JdbcClient.create(jdbc), workspace, ids);
            return true;
        });
    }

    private void cleanAll() {
        features.jdbc()
                .sql("select block, workspace from search_block where stale = 1")
                .query((row, _) -> Map.entry(row.getLong(1), new WorkspaceId(row.getString(2))))
                .list()
                .forEach(block -> tables.inTransaction(jdbc -> {
                    new IndexWriter(jdbc, block.getValue()).clean(block.getKey());
                    return true;
                }));
    }

    private List<String> find(WorkspaceId workspace, SearchCriteria criteria) {
        List<String> found = new ArrayList<>();
        SearchIndex.find(features.jdbc(), workspace, criteria, found::addAll);
        return found;
    }

    private long overlapping() {
        return database.count("search_block a join search_block b on a.workspace = b.workspace and a.block <> b.block"
                + " and a.first_id <= b.last_id and b.first_id <= a.last_id");
    }

    private static SearchDocument document(String id, String... texts) {
        return SearchDocument.of(id, List.of(texts), Map.of());
    }

    private static SearchCriteria criteria(String query) {
        return criteria(query, Map.of());
    }

    private static SearchCriteria criteria(String query, Map<SearchField, Set<String>> fields) {
        return new SearchCriteria(SearchQuery.parse("q", query), fields, SearchCriteria.FIRST, SearchCriteria.LAST);
    }

    private static <T> T pick(RandomGenerator random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
