package io.heliograph.server.search;

import io.heliograph.server.errors.Fields;
import io.heliograph.server.errors.InvalidFieldException;
import java.util.List;
import java.util.Set;

/**
 * The words of a query. A document matches when each of them is the beginning of one of its words. Immutable.
 *
 * @param words distinct, as {@link Words} has them, sorted; none is the beginning of another
 */
public record SearchQuery(List<String> words) {
    /** Characters of a query. */
    public static final int MAX_LENGTH = 200;
    /** Enough for a name in ideographs, each of which is a word. */
    public static final int MAX_WORDS = 16;

    public SearchQuery {
        words = List.copyOf(words);
    }

    /**
     * Reads the text of a query.
     *
     * @throws InvalidFieldException when it has no word or too many, or is too long
     */
    public static SearchQuery parse(String field, String text) {
        Fields.text(field, text, MAX_LENGTH);
        Set<String> all = Words.of(text);
        List<String> words = all.stream()
                .filter(word -> all.stream().noneMatch(other -> other.startsWith(word) && !other.equals(word)))
                .sorted()
                .toList();
        Fields.check(!words.isEmpty(), field, "must have a letter or a digit");
        Fields.check(
                words.size() <= MAX_WORDS, field, "has " + words.size() + " words; it must have at most " + MAX_WORDS);
        return new SearchQuery(words);
    }
}
