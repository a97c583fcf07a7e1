package io.heliograph.server.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heliograph.eventlog.Cursor;
import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.storage.PageRows;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;

/**
 * The requested page of a list. Its cursor names the position of the last row of a page, which is the row's id unless the
 * list has another order. The cursor is bound to the list that it was made for: to its name, its workspace and its filter.
 *
 * <p>A cursor is base64url, without padding, of
 *
 * <pre>
 *   1 byte   version, 1
 *   8 bytes  head of SHA-256 over the position and what names the list, each behind its length
 *   n bytes  the position in UTF-8
 * </pre>
 *
 * so that a cursor that was truncated, altered, or made for another list is rejected. It is no secret: a forged one
 * reveals nothing that the list does not. Immutable.
 *
 * @param limit rows on the page, 1 to 200, by default 50
 * @param after the last position of the page before, absent for the first page
 */
public record Paging(int limit, Optional<String> after, List<String> list) {
    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 200;
    private static final byte VERSION = 1;
    private static final int CHECK_LENGTH = 8;
    private static final int MAX_CURSOR_LENGTH = 500;

    /**
     * Reads the query parameters {@code limit} and {@code cursor}.
     *
     * @param list what names the list: its name, its workspace, and its filter in a form that does not depend on how it
     *     was written
     */
    public static Paging of(@Nullable String limit, @Nullable String cursor, String... list) {
        int rows = QueryValues.wholeNumber("limit", limit, 1, MAX_LIMIT, DEFAULT_LIMIT);
        List<String> names = List.of(list);
        return new Paging(rows, Optional.ofNullable(cursor).map(text -> parse(text, names)), names);
    }

    /**
     * The position after which the page begins.
     *
     * @param parse throws an {@link IllegalArgumentException} for a text that is none
     */
    public <T> Optional<T> after(Function<String, T> parse) {
        try {
            return after.map(parse);
        } catch (IllegalArgumentException forged) {
            throw invalid();
        }
    }

    public <T> Listing<T> page(PageRows<T> rows, Function<T, String> id, Cursor asOf) {
        Optional<String> next =
                rows.more() ? Optional.of(format(id.apply(rows.rows().getLast()), list)) : Optional.empty();
        return new Listing<>(rows.rows(), next, asOf.toString());
    }

    public <T> ResponseEntity<Listing<T>> respond(PageRows<T> rows, Function<T, String> id, Cursor asOf) {
        return answer(asOf.toString(), page(rows, id, asOf));
    }

    /**
     * As {@link #respond(PageRows, Function, Cursor)}, of a list whose next page need not begin behind the last row.
     *
     * @param next the position behind which the next page begins; empty when there is none
     */
    public <T> ResponseEntity<Listing<T>> respond(List<T> rows, Optional<String> next, Cursor asOf) {
        return answer(
                asOf.toString(), new Listing<>(rows, next.map(position -> format(position, list)), asOf.toString()));
    }

    /** A response with the cursor of the log to which it corresponds, also in its header. */
    public static <T> ResponseEntity<T> answer(String asOf, T body) {
        return ResponseEntity.ok().header("Heliograph-Cursor", asOf).body(body);
    }

    private static String format(String id, List<String> list) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(VERSION);
        bytes.writeBytes(check(id, list));
        bytes.writeBytes(id.getBytes(UTF_8));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }

    private static String parse(String cursor, List<String> list) {
        if (cursor.length() <= MAX_CURSOR_LENGTH) {
            try {
                byte[] bytes = Base64.getUrlDecoder().decode(cursor);
                String id = new String(bytes, Math.min(bytes.length, 1 + CHECK_LENGTH), idLength(bytes), UTF_8);
                // Base64 has several spellings of the same bytes; only the issued one is valid.
                if (!id.isEmpty() && id.indexOf(0) < 0 && format(id, list).equals(cursor)) {
                    return id;
                }
            } catch (IllegalArgumentException _) {
                // Not base64: reported below.
            }
        }
        throw invalid();
    }

    private static ProblemException invalid() {
        return new ProblemException(
                ErrorCode.CURSOR_INVALID,
                "The cursor is not one of this list with this filter; pass nextCursor of the page before with the same"
                        + " filter, or no cursor for the first page.");
    }

    private static int idLength(byte[] cursor) {
        return Math.max(0, cursor.length - 1 - CHECK_LENGTH);
    }

    private static byte[] check(String id, List<String> list) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            update(digest, id);
            list.forEach(part -> update(digest, part));
            return Arrays.copyOf(digest.digest(), CHECK_LENGTH);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Prefixed by its length, so that different lists of parts give different bytes. */
    private static void update(MessageDigest digest, String part) {
        byte[] bytes = part.getBytes(UTF_8);
        digest.update((bytes.length + ":").getBytes(UTF_8));
        digest.update(bytes);
    }
}
