package io.heliograph.server.web;

import io.heliograph.eventlog.Cursor;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;

/**
 * Which page of a list a request wants. A list is ordered by id, and its cursor is the last id of a page, wrapped so
 * that nobody is tempted to make one. Immutable.
 *
 * @param limit rows on the page, 1 to 200, by default 50
 * @param after the last id of the page before, absent for the first page
 */
public record Paging(int limit, Optional<String> after) {
    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 200;

    /** Reads the query parameters {@code limit} and {@code cursor}. The ids of the list begin with {@code idPrefix}. */
    public static Paging of(@Nullable Integer limit, @Nullable String cursor, String idPrefix) {
        int rows = limit == null ? DEFAULT_LIMIT : limit;
        if (rows < 1 || rows > MAX_LIMIT) {
            throw new ProblemException(
                    ErrorCode.INVALID_REQUEST, "limit must be from 1 to " + MAX_LIMIT + ", was " + rows + ".");
        }
        return new Paging(rows, cursor == null ? Optional.empty() : Optional.of(unwrap(cursor, idPrefix)));
    }

    /** Makes the page from the {@code limit + 1} rows that were asked for: one row too many tells of a next page. */
    public <T> Listing<T> page(List<T> rows, Function<T, String> id, Cursor asOf) {
        boolean more = rows.size() > limit;
        List<T> page = more ? rows.subList(0, limit) : rows;
        Optional<String> next = more ? Optional.of(wrap(id.apply(page.getLast()))) : Optional.empty();
        return new Listing<>(List.copyOf(page), next, asOf.toString());
    }

    public <T> ResponseEntity<Listing<T>> respond(List<T> rows, Function<T, String> id, Cursor asOf) {
        return answer(asOf.toString(), page(rows, id, asOf));
    }

    /** An answer that says, in its header too, which cursor of the log it corresponds to. */
    public static <T> ResponseEntity<T> answer(String asOf, T body) {
        return ResponseEntity.ok().header("Heliograph-Cursor", asOf).body(body);
    }

    private static String wrap(String id) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(id.getBytes(StandardCharsets.UTF_8));
    }

    private static String unwrap(String cursor, String idPrefix) {
        try {
            String id = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            if (id.startsWith(idPrefix) && id.length() <= 100) {
                return id;
            }
        } catch (IllegalArgumentException _) {
            // Not base64: told below.
        }
        throw new ProblemException(
                ErrorCode.CURSOR_INVALID,
                "The cursor is not one of this list; pass nextCursor of the page before, or none for the first page.");
    }
}
