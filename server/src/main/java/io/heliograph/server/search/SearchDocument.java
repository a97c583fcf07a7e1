package io.heliograph.server.search;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the index holds of an approval. Immutable.
 *
 * @param words of its texts, at most {@value #MAX_WORDS}: the first ones
 * @param fields the values of each field; a field without values may be absent
 */
public record SearchDocument(String id, Set<String> words, Map<SearchField, List<String>> fields) {
    /** As many as 4 KiB of text have; more come from the longest tags and titles only. */
    static final int MAX_WORDS = 2_000;

    public SearchDocument {
        words = Set.copyOf(words);
        fields = Map.copyOf(fields);
    }

    /**
     * A document with the words of its texts.
     *
     * @param texts the most important first
     */
    public static SearchDocument of(String id, List<String> texts, Map<SearchField, List<String>> fields) {
        Set<String> words = new LinkedHashSet<>();
        texts.forEach(text -> Words.add(text, words, MAX_WORDS));
        return new SearchDocument(id, words, fields);
    }

    /** Its words, and the terms of its fields. */
    Set<String> terms() {
        Set<String> terms = new LinkedHashSet<>(words);
        fields.forEach((field, values) -> values.forEach(value -> terms.add(field.term(value))));
        return terms;
    }

    /** The terms of a field. */
    List<String> terms(SearchField field) {
        return fields.getOrDefault(field, List.of()).stream().map(field::term).toList();
    }
}
