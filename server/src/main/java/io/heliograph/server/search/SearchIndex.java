package io.heliograph.server.search;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.search.IndexTables.Block;
import java.util.BitSet;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Predicate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Reads the index. It goes through the blocks of the workspace from the newest on, some at a time and more each time, and
 * intersects what each of them has of each word. So a frequent word ends the search early, and a rare one costs one look-up
 * for each block.
 *
 * <p>The index is up to two seconds behind the approvals: a result may be deleted or have another status by now. The caller
 * checks the rows.
 *
 * <p>Stateless; safe from any thread.
 */
public final class SearchIndex {
    private static final int FIRST_STEP = 1;
    private static final int STEP_FACTOR = 4;
    private static final int MAX_STEP = 256;

    private SearchIndex() {}

    /** Takes the documents of one block that match; returns whether to go on. */
    @FunctionalInterface
    private interface BlockMatches {
        boolean take(Block block, BitSet numbers);
    }

    /**
     * The ids that match, newest first. They come in parts of any size but none; {@code take} returns whether to go on.
     */
    public static void find(
            JdbcClient jdbc, WorkspaceId workspace, SearchCriteria criteria, Predicate<List<String>> take) {
        walk(jdbc, workspace, criteria, (block, numbers) -> {
            List<String> ids =
                    List.copyOf(documents(jdbc, block, numbers, criteria).keySet());
            return ids.isEmpty() || take.test(ids);
        });
    }

    /**
     * How often values of fields occur among documents that match.
     *
     * @param counts for each field the values that occur
     * @param capped whether only some of the newest were counted
     */
    public record Facets(Map<SearchField, Map<String, Integer>> counts, boolean capped) {}

    /**
     * Counts values among the documents that match.
     *
     * @param max documents to count, the newest ones
     */
    public static Facets facets(JdbcClient jdbc, WorkspaceId workspace, SearchCriteria criteria, int max) {
        Map<Long, BitSet> matching = new LinkedHashMap<>();
        boolean[] capped = new boolean[1];
        int[] counted = new int[1];
        walk(jdbc, workspace, criteria, (block, numbers) -> {
            Collection<Integer> found =
                    documents(jdbc, block, numbers, criteria).values();
            BitSet some = new BitSet();
            found.stream().limit(max - counted[0]).forEach(some::set);
            matching.put(block.block(), some);
            counted[0] += some.cardinality();
            capped[0] = some.cardinality() < found.size();
            return !capped[0];
        });
        Map<SearchField, Map<String, Integer>> counts = new EnumMap<>(SearchField.class);
        for (SearchField field : SearchField.values()) {
            Map<String, Integer> values = counts.computeIfAbsent(field, _ -> new HashMap<>());
            IndexTables.termsFrom(jdbc, matching.keySet(), field.prefix(), (block, term, stored) -> {
                BitSet numbers = decoded(stored);
                numbers.and(matching.getOrDefault(block, new BitSet()));
                if (!numbers.isEmpty()) {
                    values.merge(term.substring(field.prefix().length()), numbers.cardinality(), Integer::sum);
                }
            });
        }
        return new Facets(counts, capped[0]);
    }

    /** Removes documents, within the transaction that removes their rows. */
    public static void remove(JdbcClient jdbc, WorkspaceId workspace, Collection<String> ids) {
        IndexWriter.remove(jdbc, workspace, ids);
    }

    private static void walk(JdbcClient jdbc, WorkspaceId workspace, SearchCriteria criteria, BlockMatches matches) {
        String before = criteria.before();
        int step = FIRST_STEP;
        List<Block> blocks = IndexTables.newestBlocks(jdbc, workspace, criteria.from(), before, step);
        while (!blocks.isEmpty()) {
            Map<Long, BitSet> found = matching(jdbc, blocks, criteria);
            for (Block block : blocks) {
                BitSet numbers = found.get(block.block());
                if (numbers != null && !matches.take(block, numbers)) {
                    return;
                }
            }
            before = blocks.getLast().firstId();
            step = Math.min(MAX_STEP, step * STEP_FACTOR);
            blocks = IndexTables.newestBlocks(jdbc, workspace, criteria.from(), before, step);
        }
    }

    /** The numbers that match in each block where there are any. */
    private static Map<Long, BitSet> matching(JdbcClient jdbc, List<Block> blocks, SearchCriteria criteria) {
        Map<Long, BitSet> matching = new HashMap<>();
        for (Block block : blocks) {
            BitSet all = new BitSet();
            all.set(0, block.numbers());
            matching.put(block.block(), all);
        }
        // Values of fields first: each is one row of a block at most.
        for (List<String> terms : criteria.terms()) {
            retain(matching, to -> IndexTables.terms(jdbc, matching.keySet(), terms, to));
        }
        for (String word : criteria.longestFirst()) {
            retain(matching, to -> IndexTables.termsFrom(jdbc, matching.keySet(), word, to));
        }
        return matching;
    }

    /** Reads the rows of a block's terms. */
    @FunctionalInterface
    private interface Rows {
        void read(IndexTables.TermRow to);
    }

    /** Retains the numbers that have one of the terms, and the blocks with such numbers. */
    private static void retain(Map<Long, BitSet> matching, Rows rows) {
        Map<Long, BitSet> having = new HashMap<>();
        rows.read((block, _, numbers) -> Numbers.decode(numbers, having.computeIfAbsent(block, _ -> new BitSet())));
        matching.forEach((block, numbers) -> numbers.and(having.getOrDefault(block, new BitSet())));
        matching.values().removeIf(BitSet::isEmpty);
    }

    private static BitSet decoded(byte[] stored) {
        BitSet numbers = new BitSet();
        Numbers.decode(stored, numbers);
        return numbers;
    }

    private static SortedMap<String, Integer> documents(
            JdbcClient jdbc, Block block, BitSet numbers, SearchCriteria criteria) {
        SortedMap<String, Integer> documents = IndexTables.documents(jdbc, block.block(), numbers);
        documents.keySet().removeIf(id -> id.compareTo(criteria.from()) < 0 || id.compareTo(criteria.before()) >= 0);
        return documents;
    }
}
