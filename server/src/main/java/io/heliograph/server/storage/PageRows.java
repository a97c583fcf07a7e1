package io.heliograph.server.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.springframework.jdbc.core.ResultSetExtractor;
import org.springframework.jdbc.core.RowMapper;

/**
 * The rows of one page of a list, and whether there are more. A page has at most the requested number of rows and ends
 * before the row that would exceed {@value #MAX_BYTES} bytes; it has at least one row, if there is one. Immutable.
 *
 * @param more whether the list has more rows
 */
public record PageRows<T>(List<T> rows, boolean more) {
    /** Approximate bytes of JSON on one page. */
    public static final int MAX_BYTES = 1 << 20;
    /** The fetch size for the statement of the extractor. */
    public static final int FETCH_SIZE = 20;

    public PageRows {
        rows = List.copyOf(rows);
    }

    /**
     * Reads a page from a statement that selects {@code limit + 1} rows, and no more of it than fits.
     *
     * @param bytes the approximate size of a row
     */
    public static <T> ResultSetExtractor<PageRows<T>> reader(int limit, RowMapper<T> mapper, ToLongFunction<T> bytes) {
        return result -> {
            List<T> rows = new ArrayList<>();
            long total = 0;
            while (result.next()) {
                if (rows.size() == limit) {
                    return new PageRows<>(rows, true);
                }
                T row = mapper.mapRow(result, rows.size());
                total += bytes.applyAsLong(row);
                if (total > MAX_BYTES && !rows.isEmpty()) {
                    return new PageRows<>(rows, true);
                }
                rows.add(row);
            }
            return new PageRows<>(rows, false);
        };
    }
}
