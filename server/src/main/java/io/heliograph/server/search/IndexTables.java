package io.heliograph.server.search;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.sql.InList;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The SQL of {@code search_block}, {@code search_doc} and {@code search_word}, one text for SQLite and PostgreSQL. The tables
 * are described in the migration {@code V160__search.sql}. Stateless.
 */
final class IndexTables {
    private static final int VALUES_PER_STATEMENT = 256;
    private static final int FETCH_SIZE = 1_000;

    private IndexTables() {}

    /** The documents of a workspace whose ids are from {@code firstId} to {@code lastId}. */
    record Block(long block, String firstId, String lastId, int numbers) {
        static Block read(ResultSet row, int ignored) throws SQLException {
            return new Block(row.getLong(1), row.getString(2), row.getString(3), row.getInt(4));
        }

        boolean spans(String id) {
            return firstId.compareTo(id) <= 0 && id.compareTo(lastId) <= 0;
        }

        /** With a further number given out, for a document with this id. */
        Block with(String id) {
            return new Block(
                    block,
                    firstId.compareTo(id) <= 0 ? firstId : id,
                    lastId.compareTo(id) >= 0 ? lastId : id,
                    numbers + 1);
        }
    }

    /** Takes the numbers of one block that have a term. */
    @FunctionalInterface
    interface TermRow {
        void accept(long block, String term, byte[] numbers);
    }

    /** The blocks that span ids from one to another, and the blocks next to these, by their first id. */
    static NavigableMap<String, Block> blocksAround(JdbcClient jdbc, WorkspaceId workspace, String from, String to) {
        TreeMap<String, Block> blocks = new TreeMap<>();
        jdbc.sql("select block, first_id, last_id, numbers from search_block where workspace = :workspace"
                        + " and first_id >= coalesce((select max(first_id) from search_block"
                        + " where workspace = :workspace and first_id <= :from), :from)"
                        + " and first_id <= coalesce((select min(first_id) from search_block"
                        + " where workspace = :workspace and first_id > :to), :to)")
                .param("workspace", workspace.value())
                .param("from", from)
                .param("to", to)
                .query(Block::read)
                .list()
                .forEach(block -> blocks.put(block.firstId(), block));
        return blocks;
    }

    /** The newest blocks that have ids from {@code from} to before {@code before}. */
    static List<Block> newestBlocks(JdbcClient jdbc, WorkspaceId workspace, String from, String before, int limit) {
        return jdbc.sql("select block, first_id, last_id, numbers from search_block"
                        + " where workspace = ? and first_id < ? and last_id >= ? order by first_id desc limit ?")
                .params(workspace.value(), before, from, limit)
                .query(Block::read)
                .list();
    }

    static Block insertBlock(JdbcClient jdbc, WorkspaceId workspace, String id) {
        long block = jdbc.sql("insert into search_block (workspace, first_id, last_id, numbers, stale)"
                        + " values (?, ?, ?, 0, 0) returning block")
                .params(workspace.value(), id, id)
                .query(Long.class)
                .single();
        return new Block(block, id, id, 0);
    }

    static void updateBlock(JdbcClient jdbc, Block block) {
        jdbc.sql("update search_block set first_id = ?, last_id = ?, numbers = ? where block = ?")
                .params(block.firstId(), block.lastId(), block.numbers(), block.block())
                .update();
    }

    /** Whether documents of the block were removed whose words are still there. */
    static void markStale(JdbcClient jdbc, long block, boolean stale) {
        jdbc.sql("update search_block set stale = ? where block = ?")
                .params(stale ? 1 : 0, block)
                .update();
    }

    /** The numbers of those of {@code ids} that are in the block. */
    static Map<String, Integer> numbers(JdbcClient jdbc, long block, List<String> ids) {
        Map<String, Integer> numbers = new HashMap<>();
        forEachPart(
                ids,
                part -> jdbc.sql("select id, number from search_doc where block = ? and id in (" + marks(part) + ")")
                        .param(block)
                        .params(part)
                        .query(row -> {
                            numbers.put(row.getString(1), row.getInt(2));
                        }));
        return numbers;
    }

    /** Those of {@code numbers} that are still in the block, by their ids, the newest first. */
    static SortedMap<String, Integer> documents(JdbcClient jdbc, long block, BitSet numbers) {
        TreeMap<String, Integer> documents = new TreeMap<>(Comparator.reverseOrder());
        RowCallbackHandler add = row -> {
            if (numbers.get(row.getInt(2))) {
                documents.put(row.getString(1), row.getInt(2));
            }
        };
        if (numbers.cardinality() > VALUES_PER_STATEMENT / 4) {
            jdbc.sql("select id, number from search_doc where block = ?")
                    .param(block)
                    .withFetchSize(FETCH_SIZE)
                    .query(add);
        } else {
            forEachPart(
                    numbers.stream().boxed().toList(),
                    part -> jdbc.sql("select id, number from search_doc where block = ? and number in (" + marks(part)
                                    + ")")
                            .param(block)
                            .params(part)
                            .query(add));
        }
        return documents;
    }

    static void insertDocuments(JdbcOperations jdbc, long block, Map<String, Integer> numbers) {
        jdbc.batchUpdate(
                "insert into search_doc (block, number, id) values (?, ?, ?)",
                numbers.entrySet().stream()
                        .map(document -> new Object[] {block, document.getValue(), document.getKey()})
                        .toList());
    }

    static int deleteDocuments(JdbcClient jdbc, long block, List<String> ids) {
        int deleted = 0;
        for (List<String> part : parts(ids)) {
            deleted += jdbc.sql("delete from search_doc where block = ? and id in (" + marks(part) + ")")
                    .param(block)
                    .params(part)
                    .update();
        }
        return deleted;
    }

    /** Reads rows of these terms in these blocks. */
    static void terms(JdbcClient jdbc, Collection<Long> blocks, Collection<String> terms, TermRow to) {
        for (List<Long> someBlocks : parts(blocks)) {
            for (List<String> someTerms : parts(terms)) {
                jdbc.sql("select block, word, numbers from search_word where block in (" + marks(someBlocks)
                                + ") and word in (" + marks(someTerms) + ")")
                        .params(someBlocks)
                        .params(someTerms.stream().map(IndexTables::bytes).toList())
                        .withFetchSize(FETCH_SIZE)
                        .query(forEachRow(to));
            }
        }
    }

    /** Reads rows of all terms that begin with {@code prefix} in these blocks. */
    static void termsFrom(JdbcClient jdbc, Collection<Long> blocks, String prefix, TermRow to) {
        byte[] end = bytes(prefix);
        end[end.length - 1]++; // never 0xFF, which UTF-8 does not have
        for (List<Long> part : parts(blocks)) {
            jdbc.sql("select block, word, numbers from search_word where block in (" + marks(part)
                            + ") and word >= ? and word < ?")
                    .params(part)
                    .param(bytes(prefix))
                    .param(end)
                    .withFetchSize(FETCH_SIZE)
                    .query(forEachRow(to));
        }
    }

    /** Reads all rows of a block. */
    static void allTerms(JdbcClient jdbc, long block, TermRow to) {
        jdbc.sql("select block, word, numbers from search_word where block = ?")
                .param(block)
                .withFetchSize(FETCH_SIZE)
                .query(forEachRow(to));
    }

    private static RowCallbackHandler forEachRow(TermRow to) {
        return row -> to.accept(row.getLong(1), new String(row.getBytes(2), StandardCharsets.UTF_8), row.getBytes(3));
    }

    /** Stores the numbers of terms; a term without numbers has no row. */
    static void putTerms(JdbcOperations jdbc, long block, Map<String, BitSet> terms) {
        List<Object[]> rows = new ArrayList<>();
        List<Object[]> empty = new ArrayList<>();
        terms.forEach((term, numbers) -> {
            if (numbers.isEmpty()) {
                empty.add(new Object[] {block, bytes(term)});
            } else {
                rows.add(new Object[] {block, bytes(term), Numbers.encode(numbers)});
            }
        });
        if (!rows.isEmpty()) {
            jdbc.batchUpdate(
                    "insert into search_word (block, word, numbers) values (?, ?, ?)"
                            + " on conflict (block, word) do update set numbers = excluded.numbers",
                    rows);
        }
        if (!empty.isEmpty()) {
            jdbc.batchUpdate("delete from search_word where block = ? and word = ?", empty);
        }
    }

    private static byte[] bytes(String term) {
        return term.getBytes(StandardCharsets.UTF_8);
    }

    private static String marks(List<?> values) {
        return "?, ".repeat(values.size() - 1) + "?";
    }

    private static <T> void forEachPart(List<T> values, Consumer<List<T>> action) {
        parts(values).forEach(action);
    }

    private static <T> List<List<T>> parts(Collection<T> values) {
        List<T> all = List.copyOf(values);
        List<List<T>> parts = new ArrayList<>();
        for (int from = 0; from < all.size(); from += VALUES_PER_STATEMENT) {
            parts.add(InList.of(all.subList(from, Math.min(all.size(), from + VALUES_PER_STATEMENT))));
        }
        return parts;
    }
}
