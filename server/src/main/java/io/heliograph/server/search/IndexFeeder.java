package io.heliograph.server.search;

import io.heliograph.eventlog.Event;
import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.Head;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.storage.DerivedTables;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Feeds the index from the log. Each step is one transaction with at most a batch of documents of one workspace, and stores
 * the position together with the rows; on several nodes the position's row is locked, so that one node at a time feeds a
 * workspace.
 *
 * <p>The position of a workspace begins at the head of its log. What is older is taken from the source, the newest first, in
 * steps between which new events are indexed. The same is done again when the log does not continue the position: after
 * retention has removed events that were not indexed, or with another epoch.
 *
 * <p>Owned by the thread that calls {@link #pass}, except {@link #close}.
 */
final class IndexFeeder {
    private static final Logger LOG = LoggerFactory.getLogger(IndexFeeder.class);
    /**
     * The position behind events without documents is stored when there were so many of them, or after so long: a commit each
     * time would cost more than reading them again after a crash.
     */
    private static final int MAX_UNSTORED = 1_000;

    private static final long MAX_UNSTORED_NANOS = Duration.ofMinutes(1).toNanos();

    private final EventLog log;
    private final JdbcClient reader;
    private final DerivedTables tables;
    private final SearchSource source;
    private final SearchMetrics metrics;
    private final int batch;

    /** Up to where logs were read without a document, where that is further than what is stored. */
    private final Map<WorkspaceId, Unstored> unstored = new HashMap<>();
    /** What failed the last time that it was tried; it is not logged again. */
    private final Set<String> failing = new HashSet<>();
    /** The workspace that got older documents last; those behind it are next. */
    private String filledLast = "";
    /** Set by any thread. */
    private volatile boolean closed;

    /** @param reader reads across workspaces, outside any transaction */
    IndexFeeder(
            EventLog log,
            JdbcClient reader,
            DerivedTables tables,
            SearchSource source,
            SearchMetrics metrics,
            int batch) {
        this.log = log;
        this.reader = reader;
        this.tables = tables;
        this.source = source;
        this.metrics = metrics;
        this.batch = batch;
    }

    /** What is left to do after a pass. */
    enum Left {
        /** Some log has more events, or has to be begun with. */
        EVENTS,
        /** Documents from before the position, or words of removed documents. */
        OLDER,
        /** Nothing, or what failed, or what another node is doing. */
        NOTHING
    }

    /** What became of one step of a workspace. */
    private enum Step {
        COMPLETE,
        MORE,
        /** Another node has the workspace, or will have it. */
        ELSEWHERE,
        FAILED
    }

    /**
     * Does one step for each workspace whose log has new events, and when all are complete, one step of the older work. A
     * workspace that fails does not affect the others, and is tried again by the next pass.
     */
    Left pass() {
        long beganNanos = metrics.nanoTime();
        Map<WorkspaceId, IndexPosition> stored = IndexPosition.all(reader);
        Set<Step> steps = EnumSet.noneOf(Step.class);
        TreeMap<String, WorkspaceId> unfilled = new TreeMap<>();
        log.heads(workspaces()).forEach((workspace, head) -> {
            Optional<IndexPosition> position = Optional.ofNullable(stored.get(workspace));
            steps.add(tried("follow", workspace, () -> follow(workspace, position, head)));
            if (position.isEmpty() || !position.get().isFilled()) {
                unfilled.put(workspace.value(), workspace);
            }
        });
        metrics.unfilled(unfilled.size());
        if (steps.contains(Step.MORE)) {
            return Left.EVENTS;
        }
        if (!steps.contains(Step.FAILED) && !steps.contains(Step.ELSEWHERE)) {
            metrics.complete(beganNanos);
        }
        return fillOne(unfilled) || cleanOne() ? Left.OLDER : Left.NOTHING;
    }

    private List<WorkspaceId> workspaces() {
        return reader.sql("select workspace from workspace")
                .query((row, _) -> new WorkspaceId(row.getString(1)))
                .list();
    }

    /** Ends a pass that is running after its current step. Callable from any thread. */
    void close() {
        closed = true;
    }

    private Step tried(String what, WorkspaceId workspace, Supplier<Step> step) {
        if (closed) {
            return Step.ELSEWHERE;
        }
        String key = what + " " + workspace;
        try {
            Step result = step.get();
            failing.remove(key);
            return result;
        } catch (RuntimeException | Error failure) { // a boundary: the work is in the database, and is found again
            metrics.failed();
            if (failing.add(key)) {
                LOG.warn("the index of workspace {} failed to {}; it is tried again", workspace, what, failure);
            }
            return Step.FAILED;
        }
    }

    /** Indexes the next events of a log. */
    private Step follow(WorkspaceId workspace, Optional<IndexPosition> stored, Head head) {
        if (stored.isEmpty()) {
            return restart(workspace, head);
        }
        IndexPosition position = furthest(workspace, stored.get());
        if (position.isAt(head)) {
            return isLate(workspace)
                    ? index(workspace, position.epoch(), List.of(), position.offset(), Step.COMPLETE)
                    : Step.COMPLETE;
        }
        List<Event> events = position.isOf(head) ? log.after(workspace, position.offset(), batch) : List.of();
        if (events.isEmpty() || events.getFirst().offset() != position.offset() + 1) {
            return restart(workspace, head);
        }
        if (!events.getFirst().position().epoch().equals(position.epoch())) {
            return Step.MORE; // the epoch changed since the head was read
        }
        long end = events.getLast().offset();
        List<String> ids = events.stream()
                .flatMap(event -> source.changedBy(event).stream())
                .distinct()
                .toList();
        Step result = end < head.cursor().offset() ? Step.MORE : Step.COMPLETE;
        if (ids.isEmpty() && end - stored.get().offset() < MAX_UNSTORED && !isLate(workspace)) {
            Unstored before = unstored.get(workspace);
            unstored.put(
                    workspace,
                    new Unstored(position.at(end), before == null ? metrics.nanoTime() : before.sinceNanos()));
            return result;
        }
        return index(workspace, position.epoch(), ids, end, result);
    }

    /** Adds documents, and stores that the events up to an offset are indexed. */
    private Step index(WorkspaceId workspace, String epoch, List<String> ids, long end, Step result) {
        return inTransaction(workspace, (jdbc, row) -> {
            if (!row.epoch().equals(epoch)) {
                return Step.MORE;
            }
            put(jdbc, workspace, source.find(JdbcClient.create(jdbc), workspace, ids));
            row.at(Math.max(row.offset(), end)).update(JdbcClient.create(jdbc), workspace);
            return result;
        });
    }

    private record Unstored(IndexPosition position, long sinceNanos) {}

    private boolean isLate(WorkspaceId workspace) {
        Unstored position = unstored.get(workspace);
        return position != null && metrics.nanoTime() - position.sinceNanos() >= MAX_UNSTORED_NANOS;
    }

    private IndexPosition furthest(WorkspaceId workspace, IndexPosition stored) {
        Unstored further = unstored.get(workspace);
        if (further != null
                && further.position().epoch().equals(stored.epoch())
                && further.position().offset() > stored.offset()) {
            return further.position();
        }
        unstored.remove(workspace);
        return stored;
    }

    /** Goes on from the head of the log, and takes everything before it from the source. */
    private Step restart(WorkspaceId workspace, Head head) {
        IndexPosition begin = IndexPosition.unfilled(head);
        unstored.remove(workspace);
        return tables.inTransaction(jdbc -> {
            JdbcClient client = JdbcClient.create(jdbc);
            if (begin.insert(client, workspace)) {
                return Step.MORE;
            }
            if (IndexPosition.lock(client, workspace, tables.forUpdate()).isEmpty()) {
                return Step.ELSEWHERE;
            }
            begin.update(client, workspace);
            return Step.MORE;
        });
    }

    /** Does a step of the next workspace that can do one; returns whether there was one. */
    private boolean fillOne(NavigableMap<String, WorkspaceId> unfilled) {
        List<WorkspaceId> next =
                new ArrayList<>(unfilled.tailMap(filledLast, false).values());
        next.addAll(unfilled.headMap(filledLast, true).values());
        for (WorkspaceId workspace : next) {
            filledLast = workspace.value();
            Step step = tried(
                    "take older approvals",
                    workspace,
                    () -> inTransaction(workspace, (jdbc, row) -> {
                        fill(jdbc, workspace, row);
                        return Step.MORE;
                    }));
            if (step == Step.MORE) {
                return true;
            }
        }
        return false;
    }

    private void fill(JdbcTemplate jdbc, WorkspaceId workspace, IndexPosition row) {
        JdbcClient client = JdbcClient.create(jdbc);
        List<SearchDocument> documents = source.before(client, workspace, row.filledFrom(), batch);
        put(jdbc, workspace, documents);
        boolean last = documents.size() < batch;
        row.filledFrom(last ? SearchCriteria.FIRST : documents.getLast().id()).update(client, workspace);
        if (last && !row.filledFrom().equals(SearchCriteria.LAST)) {
            LOG.info("the index of workspace {} has all its approvals", workspace);
        }
    }

    private void put(JdbcTemplate jdbc, WorkspaceId workspace, List<SearchDocument> documents) {
        metrics.indexed(new IndexWriter(jdbc, workspace).put(documents));
    }

    /** Removes words of removed documents from a block; returns whether there was one. */
    private boolean cleanOne() {
        List<StaleBlock> stale = reader.sql(
                        "select block, workspace from search_block where stale = 1 order by block limit ?")
                .param(batch)
                .query((row, _) -> new StaleBlock(row.getLong(1), new WorkspaceId(row.getString(2))))
                .list();
        return stale.stream()
                .anyMatch(block -> tried(
                                "clean",
                                block.workspace(),
                                () -> inTransaction(block.workspace(), (jdbc, _) -> {
                                    new IndexWriter(jdbc, block.workspace()).clean(block.block());
                                    return Step.MORE;
                                }))
                        == Step.MORE);
    }

    private record StaleBlock(long block, WorkspaceId workspace) {}

    /** Work on one workspace's index, with its position as it is then. */
    @FunctionalInterface
    private interface Work {
        Step run(JdbcTemplate jdbc, IndexPosition position);
    }

    private Step inTransaction(WorkspaceId workspace, Work work) {
        return tables.inTransaction(jdbc -> IndexPosition.lock(JdbcClient.create(jdbc), workspace, tables.forUpdate())
                .map(position -> work.run(jdbc, position))
                .orElse(Step.ELSEWHERE));
    }
}
