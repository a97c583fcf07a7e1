package io.heliograph.server.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.eventlog.Event;
import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.Retention;
import io.heliograph.eventlog.SqlEventLog;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.events.Actor;
import io.heliograph.server.events.EventDrafts;
import io.heliograph.server.events.Subject;
import io.heliograph.server.fixtures.Features;
import io.heliograph.server.fixtures.TestPostgres;
import io.heliograph.server.sql.Sql;
import io.heliograph.server.storage.DerivedTables;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How the index follows the log: with documents that a test adds, and events that name them. */
class IndexFeederIT {
    private static final WorkspaceId ACME = new WorkspaceId("ws_acme");
    private static final WorkspaceId BETA = new WorkspaceId("ws_beta");
    private static final int BATCH = 3;

    private final Documents documents = new Documents();
    private final MeterRegistry registry = new SimpleMeterRegistry();

    private final AtomicLong nanos = new AtomicLong();

    private IndexDatabase database;
    private Features features;
    private EventLog log;
    private IndexFeeder feeder;

    @BeforeEach
    void open(@TempDir Path folder) {
        database = IndexDatabase.open(folder);
        features = database.features();
        log = features.part(EventLog.class);
        workspace(ACME);
        feeder = feeder();
    }

    @AfterEach
    void close() {
        database.close();
    }

    /** The source, in memory. Documents have one word, the same for all. */
    private static final class Documents implements SearchSource {
        final Map<WorkspaceId, NavigableMap<String, String>> statuses =
                new TreeMap<>((a, b) -> a.value().compareTo(b.value()));
        final Set<WorkspaceId> failing = new HashSet<>();
        final List<String> filledBefore = new ArrayList<>();

        @Override
        public Optional<String> changedBy(Event event) {
            String text = new String(event.payload().bytes(), StandardCharsets.UTF_8);
            return event.type().equals("approval:created")
                    ? Optional.of(
                            text.replaceAll("(?s).*\"subject\":\\{\"type\":\"approval\",\"id\":\"([^\"]*)\".*", "$1"))
                    : Optional.empty();
        }

        @Override
        public List<SearchDocument> find(JdbcClient jdbc, WorkspaceId workspace, List<String> ids) {
            fail(workspace);
            return ids.stream()
                    .filter(of(workspace)::containsKey)
                    .map(id -> document(workspace, id))
                    .toList();
        }

        @Override
        public List<SearchDocument> before(JdbcClient jdbc, WorkspaceId workspace, String before, int limit) {
            fail(workspace);
            filledBefore.add(before);
            return of(workspace).headMap(before, false).descendingMap().keySet().stream()
                    .limit(limit)
                    .map(id -> document(workspace, id))
                    .toList();
        }

        NavigableMap<String, String> of(WorkspaceId workspace) {
            return statuses.computeIfAbsent(workspace, _ -> new TreeMap<>());
        }

        private void fail(WorkspaceId workspace) {
            if (failing.contains(workspace)) {
                throw new IllegalStateException("a fault");
            }
        }

        private SearchDocument document(WorkspaceId workspace, String id) {
            return new SearchDocument(
                    id,
                    Set.of("word"),
                    Map.of(SearchField.STATUS, List.of(of(workspace).getOrDefault(id, ""))));
        }
    }

    @Test
    void newDocumentsAreIndexedFromTheLogAndTheirStatusFollows() {
        settle();
        add(ACME, "apr_1", "apr_2", "apr_3", "apr_4", "apr_5", "apr_6", "apr_7");

        assertThat(feeder.pass()).isEqualTo(IndexFeeder.Left.EVENTS);
        assertThat(found(ACME)).containsExactly("apr_3", "apr_2", "apr_1");
        settle();
        assertThat(found(ACME)).hasSize(7);

        change(ACME, "apr_2", "approved");
        assertThat(found(ACME, "approved")).isEmpty();
        assertThat(feeder.pass()).isEqualTo(IndexFeeder.Left.NOTHING);

        assertThat(found(ACME, "approved")).containsExactly("apr_2");
        assertThat(found(ACME, "pending")).hasSize(6).doesNotContain("apr_2");
        assertThat(registry.counter("heliograph.search.indexed").count()).isEqualTo(7);
    }

    @Test
    void olderDocumentsAreTakenFromTheSourceTheNewestFirstAndNewOnesComeBeforeThem() {
        withoutEvents(ACME, 10);

        feeder.pass();
        feeder.pass();
        assertThat(found(ACME)).containsExactly("apr_old9", "apr_old8", "apr_old7");
        add(ACME, "apr_z");
        feeder.pass();

        assertThat(found(ACME)).startsWith("apr_z", "apr_old9");
        assertThat(registry.get("heliograph.search.unfilled").gauge().value()).isEqualTo(1);
        settle();
        assertThat(found(ACME)).hasSize(11);
        assertThat(registry.get("heliograph.search.unfilled").gauge().value()).isZero();
        int queries = documents.filledBefore.size();
        settle();
        assertThat(documents.filledBefore).hasSize(queries);
    }

    @Test
    void workspacesAreFilledInTurn() {
        workspace(BETA);
        withoutEvents(ACME, 100);
        withoutEvents(BETA, 100);

        IntStream.range(0, 9).forEach(_ -> feeder.pass());

        assertThat(found(ACME).size()).isBetween(3 * BATCH, 5 * BATCH);
        assertThat(found(BETA).size()).isBetween(3 * BATCH, 5 * BATCH);
    }

    @Test
    void afterACrashNothingIsLostOrDoubled() {
        settle();
        add(ACME, "apr_1", "apr_2", "apr_3", "apr_4");
        documents.failing.add(ACME);
        feeder.pass(); // fails before its commit
        assertThat(found(ACME)).isEmpty();
        documents.failing.clear();
        feeder.pass();

        feeder = feeder(); // the process begins again, between two steps
        settle();

        assertThat(found(ACME)).containsExactly("apr_4", "apr_3", "apr_2", "apr_1");
        assertThat(database.count("search_doc")).isEqualTo(4);
        assertThat(registry.counter("heliograph.search.indexed").count()).isEqualTo(4);
        assertThat(registry.counter("heliograph.search.failures").count()).isEqualTo(1);
    }

    @Test
    void rowsAndPositionAreWrittenTogether() {
        settle();
        add(ACME, "apr_1");
        // The transaction ends with the position, which cannot be written.
        breakPositions();

        feeder.pass();

        assertThat(database.count("search_doc")).isZero();
        assertThat(database.count("search_block")).isZero();
        assertThat(database.count("search_word")).isZero();
    }

    @Test
    void eventsThatRetentionRemovedBeforeTheyWereIndexedAreMadeUpForByTheSource() {
        settle();
        add(ACME, "apr_1", "apr_2", "apr_3", "apr_4", "apr_5");
        change(ACME, "apr_5", "approved");
        ((SqlEventLog) log).retain(ACME, new Retention(Duration.ofDays(1), 1, 100));
        add(ACME, "apr_6");

        settle();

        assertThat(found(ACME)).hasSize(6);
        assertThat(found(ACME, "approved")).containsExactly("apr_5");
    }

    @Test
    void whenAllEventsAreGoneTheSourceMakesUpForThem() {
        settle();
        add(ACME, "apr_1", "apr_2");
        ((SqlEventLog) log).retain(ACME, new Retention(Duration.ofDays(1), 0, 100));

        settle();

        assertThat(found(ACME)).containsExactly("apr_2", "apr_1");
    }

    @Test
    void afterTheLogHasAnotherEpochNothingIsMissedOrDoubled() {
        settle();
        add(ACME, "apr_1", "apr_2");
        settle();
        // As after a restored backup: the rows are older or newer than the index.
        documents.of(ACME).put("apr_0", "pending");
        documents.of(ACME).put("apr_1", "rejected");
        ((SqlEventLog) log).newEpoch(ACME);
        settle();

        assertThat(found(ACME)).containsExactly("apr_2", "apr_1", "apr_0");
        assertThat(found(ACME, "rejected")).containsExactly("apr_1");

        ((SqlEventLog) log).reset(ACME);
        add(ACME, "apr_3");
        settle();
        assertThat(found(ACME)).containsExactly("apr_3", "apr_2", "apr_1", "apr_0");
        add(ACME, "apr_4");
        settle();
        assertThat(found(ACME)).startsWith("apr_4");
        assertThat(database.count("search_doc")).isEqualTo(5);
    }

    @Test
    void aWorkspaceThatFailsDoesNotStopTheOthersNorMakeTheFeederSpin() {
        workspace(BETA);
        settle();
        documents.failing.add(ACME);
        add(ACME, "apr_1");
        add(BETA, "apr_2", "apr_3", "apr_4", "apr_5");

        assertThat(feeder.pass()).isEqualTo(IndexFeeder.Left.EVENTS);
        assertThat(feeder.pass()).isEqualTo(IndexFeeder.Left.NOTHING);

        assertThat(found(BETA)).hasSize(4);
        assertThat(registry.counter("heliograph.search.failures").count()).isEqualTo(2);
        documents.failing.clear();
        settle();
        assertThat(found(ACME)).containsExactly("apr_1");
    }

    @Test
    void aWorkspaceThatCannotBeFilledDoesNotStopTheOthersNorMakeTheFeederSpin() {
        workspace(BETA);
        withoutEvents(ACME, 5);
        withoutEvents(BETA, 5);
        documents.failing.add(ACME);

        settle();

        assertThat(found(BETA)).hasSize(5);
        assertThat(found(ACME)).isEmpty();
    }

    @Test
    void aClosedFeederDoesNothingMore() {
        add(ACME, "apr_1");
        feeder.close();

        assertThat(feeder.pass()).isEqualTo(IndexFeeder.Left.NOTHING);

        assertThat(database.count("search_position")).isZero();
    }

    @Test
    void aLogWithoutDocumentsIsReadOnceAndItsPositionIsStoredNowAndThen() {
        settle();
        append(ACME, "agent:message", 2 * BATCH, "agt_1");
        settle();
        assertThat(storedOffset()).isZero();
        assertThat(feeder.pass()).isEqualTo(IndexFeeder.Left.NOTHING);

        append(ACME, "agent:message", 1_000, "agt_1");
        settle();

        assertThat(storedOffset()).isBetween(1_000L, 1_006L);
    }

    @Test
    void aDocumentThatIsGoneIsLeftOut() {
        settle();
        add(ACME, "apr_1", "apr_2");
        documents.of(ACME).remove("apr_1");

        settle();

        assertThat(found(ACME)).containsExactly("apr_2");
    }

    @Test
    void wordsOfRemovedDocumentsAreRemovedWhenNothingElseIsToBeDone() {
        settle();
        add(ACME, "apr_1", "apr_2");
        settle();

        remove("apr_1", "apr_2");
        assertThat(database.count("search_word")).isEqualTo(2);
        settle();

        assertThat(database.count("search_word")).isZero();
        assertThat(database.count("search_block")).isZero();
    }

    @Test
    void theLagGrowsWhileTheIndexIsBehind() {
        settle();
        documents.failing.add(ACME);
        add(ACME, "apr_1");

        advance(Duration.ofSeconds(3));
        feeder.pass();
        assertThat(lagSeconds()).isEqualTo(3);
        documents.failing.clear();
        feeder.pass();

        assertThat(lagSeconds()).isZero();
    }

    @Test
    void thePositionOfAQuietLogIsStoredAfterAMinute() {
        settle();
        append(ACME, "agent:message", 2, "agt_1");
        settle();
        advance(Duration.ofSeconds(59));
        settle();
        assertThat(storedOffset()).isZero();
        advance(Duration.ofSeconds(1));
        settle();
        assertThat(storedOffset()).isEqualTo(2);

        append(ACME, "agent:message", 1, "agt_1");
        settle();
        assertThat(storedOffset()).isEqualTo(2);
        advance(Duration.ofMinutes(1));
        append(ACME, "agent:message", 1, "agt_1");
        settle();
        assertThat(storedOffset()).isEqualTo(4);
    }

    private void advance(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    /** Another node has the workspace's row locked. */
    @Test
    void oneNodeFeedsAWorkspaceAndTheOtherDoesNotWait() throws Exception {
        if (!TestPostgres.wanted()) {
            // SQLite has one node, and no lock of rows.
            assertThat(database.tables().forUpdate()).isEmpty();
            return;
        }
        workspace(BETA);
        settle();
        add(ACME, "apr_1");
        add(BETA, "apr_2");
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
            DerivedTables tables = database.tables();
            Future<Boolean> other = executor.submit(() -> tables.inTransaction(jdbc -> {
                assertThat(IndexPosition.lock(JdbcClient.create(jdbc), ACME, tables.forUpdate()))
                        .isPresent();
                locked.countDown();
                try {
                    done.await();
                } catch (InterruptedException failure) {
                    throw new IllegalStateException(failure);
                }
                return true;
            }));
            locked.await();

            assertThat(feeder.pass()).isEqualTo(IndexFeeder.Left.NOTHING);

            assertThat(found(ACME)).isEmpty();
            assertThat(found(BETA)).containsExactly("apr_2");
            done.countDown();
            assertThat(other.get()).isTrue();
        }
        settle();
        assertThat(found(ACME)).containsExactly("apr_1");
    }

    private IndexFeeder feeder() {
        return new IndexFeeder(
                log,
                features.jdbc(),
                database.tables(),
                documents,
                new SearchMetrics(registry, () -> nanos.get()),
                BATCH);
    }

    /** Until nothing is left to do; fails when that takes too many passes. */
    private void settle() {
        for (int pass = 0; pass < 500; pass++) {
            if (feeder.pass() == IndexFeeder.Left.NOTHING) {
                return;
            }
        }
        throw new AssertionError("the feeder does not come to an end");
    }

    private void workspace(WorkspaceId workspace) {
        log.write(
                workspace,
                transaction -> Sql.in(transaction)
                        .sql("insert into workspace (workspace, slug, name, created_at) values (?, ?, '', 0)")
                        .params(workspace.value(), workspace.value())
                        .update());
    }

    /** Each in a separate transaction, with its event. */
    private void add(WorkspaceId workspace, String... ids) {
        for (String id : ids) {
            change(workspace, id, "pending");
        }
    }

    private void change(WorkspaceId workspace, String id, String status) {
        documents.of(workspace).put(id, status);
        append(workspace, "approval:created", 1, id);
    }

    private void append(WorkspaceId workspace, String type, int events, String subject) {
        EventDrafts drafts = features.part(EventDrafts.class);
        log.write(workspace, transaction -> {
            for (int number = 0; number < events; number++) {
                transaction.append(drafts.draft(
                        type, transaction.now(), Actor.SYSTEM, Subject.of("approval", subject, 1), Map.of()));
            }
            return true;
        });
    }

    /** As they are when the server is upgraded. */
    private void withoutEvents(WorkspaceId workspace, int count) {
        IntStream.range(0, count).forEach(number -> documents.of(workspace).put("apr_old" + number, "pending"));
    }

    private void remove(String... ids) {
        database.tables().inTransaction(jdbc -> {
            SearchIndex.remove(JdbcClient.create(jdbc), ACME, List.of(ids));
            return true;
        });
    }

    private void breakPositions() {
        database.tables().inTransaction(jdbc -> {
            jdbc.execute(
                    TestPostgres.wanted()
                            ? "alter table search_position add constraint broken check (log_offset < 1) not valid"
                            : "create trigger broken before update on search_position begin select raise(abort, 'broken'); end");
            return true;
        });
    }

    private List<String> found(WorkspaceId workspace) {
        return found(workspace, Map.of());
    }

    private List<String> found(WorkspaceId workspace, String status) {
        return found(workspace, Map.of(SearchField.STATUS, Set.of(status)));
    }

    private List<String> found(WorkspaceId workspace, Map<SearchField, Set<String>> fields) {
        List<String> found = new ArrayList<>();
        SearchIndex.find(
                features.jdbc(),
                workspace,
                new SearchCriteria(SearchQuery.parse("q", "wo"), fields, SearchCriteria.FIRST, SearchCriteria.LAST),
                found::addAll);
        return found;
    }

    private long storedOffset() {
        return features.jdbc()
                .sql("select log_offset from search_position where workspace = ?")
                .param(ACME.value())
                .query(Long.class)
                .single();
    }

    private double lagSeconds() {
        return registry.get("heliograph.search.lag").timeGauge().value(TimeUnit.SECONDS);
    }
}
