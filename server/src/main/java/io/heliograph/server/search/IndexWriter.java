package io.heliograph.server.search;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.search.IndexTables.Block;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Adds documents to the index, within a transaction of the caller's. Adding a document again changes its status only, so
 * whatever is repeated after a crash is harmless.
 *
 * <p>A document goes into the block that spans its id, or into the block before or after it while that has room, or into a
 * new one. So blocks never overlap, in whatever order documents come, and their order is the order of the ids.
 *
 * <p>Used by one thread, for one call.
 */
final class IndexWriter {
    /** Documents of a block, after which its ends do not move any more. Some more may come in between. */
    static final int BLOCK_SIZE = 1024;

    private final JdbcOperations operations;
    private final JdbcClient jdbc;
    private final WorkspaceId workspace;
    private final int blockSize;

    IndexWriter(JdbcOperations operations, WorkspaceId workspace) {
        this(operations, workspace, BLOCK_SIZE);
    }

    IndexWriter(JdbcOperations operations, WorkspaceId workspace, int blockSize) {
        this.operations = operations;
        this.jdbc = JdbcClient.create(operations);
        this.workspace = workspace;
        this.blockSize = blockSize;
    }

    /** Returns how many of the documents are new. */
    int put(Collection<SearchDocument> documents) {
        TreeMap<String, SearchDocument> byId = new TreeMap<>();
        documents.forEach(document -> byId.put(document.id(), document));
        if (byId.isEmpty()) {
            return 0;
        }
        NavigableMap<String, Block> blocks = IndexTables.blocksAround(jdbc, workspace, byId.firstKey(), byId.lastKey());
        Map<Long, Map<String, Integer>> known = known(blocks, byId);
        Map<Long, Map<String, Integer>> added = new TreeMap<>();
        Map<Long, Block> changed = new TreeMap<>();
        for (String id : byId.keySet()) {
            Block spanning = spanning(blocks, id);
            if (spanning == null
                    || !known.getOrDefault(spanning.block(), Map.of()).containsKey(id)) {
                Block block = spanning == null ? place(blocks, id) : spanning;
                blocks.remove(block.firstId());
                Block grown = block.with(id);
                blocks.put(grown.firstId(), grown);
                changed.put(grown.block(), grown);
                added.computeIfAbsent(grown.block(), _ -> new HashMap<>()).put(id, block.numbers());
            }
        }
        TreeSet<Long> touched = new TreeSet<>(known.keySet());
        touched.addAll(added.keySet());
        for (long block : touched) {
            putTerms(block, byId, added.getOrDefault(block, Map.of()), known.getOrDefault(block, Map.of()));
        }
        added.forEach((block, numbers) -> IndexTables.insertDocuments(operations, block, numbers));
        changed.values().forEach(block -> IndexTables.updateBlock(jdbc, block));
        return added.values().stream().mapToInt(Map::size).sum();
    }

    /** The numbers of the documents that are in a block already, by block. */
    private Map<Long, Map<String, Integer>> known(
            NavigableMap<String, Block> blocks, SortedMap<String, SearchDocument> documents) {
        Map<Long, Map<String, Integer>> known = new TreeMap<>();
        for (Block block : blocks.values()) {
            List<String> ids = documents.keySet().stream().filter(block::spans).toList();
            if (!ids.isEmpty()) {
                Map<String, Integer> numbers = IndexTables.numbers(jdbc, block.block(), ids);
                if (!numbers.isEmpty()) {
                    known.put(block.block(), numbers);
                }
            }
        }
        return known;
    }

    private static @Nullable Block spanning(NavigableMap<String, Block> blocks, String id) {
        Map.Entry<String, Block> floor = blocks.floorEntry(id);
        return floor != null && floor.getValue().spans(id) ? floor.getValue() : null;
    }

    /** The block for an id that no block spans. */
    private Block place(NavigableMap<String, Block> blocks, String id) {
        Map.Entry<String, Block> before = blocks.lowerEntry(id);
        if (before != null && before.getValue().numbers() < blockSize) {
            return before.getValue();
        }
        Map.Entry<String, Block> after = blocks.higherEntry(id);
        return after != null && after.getValue().numbers() < blockSize
                ? after.getValue()
                : IndexTables.insertBlock(jdbc, workspace, id);
    }

    private void putTerms(
            long block, Map<String, SearchDocument> documents, Map<String, Integer> added, Map<String, Integer> known) {
        Map<String, BitSet> additions = new HashMap<>();
        added.forEach((id, number) -> document(documents, id).terms().forEach(term -> set(additions, term, number)));
        Map<String, BitSet> changes = known.isEmpty() ? Map.of() : statusChanges(block, documents, known, additions);
        Map<String, BitSet> rows = new TreeMap<>(additions);
        List<String> unread = additions.keySet().stream()
                .filter(term -> !changes.containsKey(term))
                .toList();
        IndexTables.terms(
                jdbc,
                List.of(block),
                unread,
                (_, term, numbers) -> Numbers.decode(numbers, rows.computeIfAbsent(term, _ -> new BitSet())));
        changes.forEach((term, numbers) -> {
            numbers.or(additions.getOrDefault(term, new BitSet()));
            rows.put(term, numbers);
        });
        IndexTables.putTerms(operations, block, rows);
    }

    /** The rows of statuses that are to be changed; adds who decided to {@code additions}. */
    private Map<String, BitSet> statusChanges(
            long block,
            Map<String, SearchDocument> documents,
            Map<String, Integer> known,
            Map<String, BitSet> additions) {
        Map<String, BitSet> rows = new HashMap<>();
        IndexTables.termsFrom(
                jdbc,
                List.of(block),
                SearchField.STATUS.prefix(),
                (_, term, numbers) -> Numbers.decode(numbers, rows.computeIfAbsent(term, _ -> new BitSet())));
        Map<String, BitSet> changed = new HashMap<>();
        known.forEach((id, number) -> {
            SearchDocument document = document(documents, id);
            List<String> statuses = document.terms(SearchField.STATUS);
            if (statuses.stream()
                    .allMatch(term -> rows.getOrDefault(term, new BitSet()).get(number))) {
                return;
            }
            rows.forEach((term, numbers) -> {
                if (numbers.get(number)) {
                    numbers.clear(number);
                    changed.put(term, numbers);
                }
            });
            for (String term : statuses) {
                changed.put(term, set(rows, term, number));
            }
            document.terms(SearchField.BY).forEach(term -> set(additions, term, number));
        });
        return changed;
    }

    private static SearchDocument document(Map<String, SearchDocument> documents, String id) {
        return Objects.requireNonNull(documents.get(id), id);
    }

    private static BitSet set(Map<String, BitSet> terms, String term, int number) {
        BitSet numbers = terms.computeIfAbsent(term, _ -> new BitSet());
        numbers.set(number);
        return numbers;
    }

    /**
     * Removes documents. Their words stay in the block until {@link #clean}, which is too much for a transaction with others.
     */
    static void remove(JdbcClient jdbc, WorkspaceId workspace, Collection<String> ids) {
        TreeSet<String> sorted = new TreeSet<>(ids);
        if (sorted.isEmpty()) {
            return;
        }
        NavigableMap<String, Block> blocks = IndexTables.blocksAround(jdbc, workspace, sorted.first(), sorted.last());
        for (Block block : blocks.values()) {
            List<String> ofBlock = new ArrayList<>(sorted.subSet(block.firstId(), true, block.lastId(), true));
            if (!ofBlock.isEmpty() && IndexTables.deleteDocuments(jdbc, block.block(), ofBlock) > 0) {
                IndexTables.markStale(jdbc, block.block(), true);
            }
        }
    }

    /** Removes the words of a block that only removed documents had, and the block when it has no other. */
    void clean(long block) {
        // First, so that it waits for a transaction that removes documents of the block, or that one waits and marks it
        // again.
        IndexTables.markStale(jdbc, block, false);
        BitSet live = new BitSet();
        jdbc.sql("select number from search_doc where block = ?").param(block).query(row -> {
            live.set(row.getInt(1));
        });
        if (live.isEmpty()) {
            jdbc.sql("delete from search_word where block = ?").param(block).update();
            jdbc.sql("delete from search_block where block = ?").param(block).update();
            return;
        }
        Map<String, BitSet> changed = new TreeMap<>();
        IndexTables.allTerms(jdbc, block, (_, term, stored) -> {
            BitSet numbers = new BitSet();
            Numbers.decode(stored, numbers);
            int before = numbers.cardinality();
            numbers.and(live);
            if (numbers.cardinality() < before) {
                changed.put(term, numbers);
            }
        });
        IndexTables.putTerms(operations, block, changed);
    }
}
