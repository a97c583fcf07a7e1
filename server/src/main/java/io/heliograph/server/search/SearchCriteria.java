package io.heliograph.server.search;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which documents are searched for: those that match the query, have one of the values of each field, and whose ids are from
 * {@code from} to before {@code before}. Immutable.
 *
 * @param fields a field without values is not asked for
 */
public record SearchCriteria(SearchQuery query, Map<SearchField, Set<String>> fields, String from, String before) {
    /** Before every id. */
    public static final String FIRST = "";
    /** After every id. */
    public static final String LAST = "~";

    public SearchCriteria {
        fields = Map.copyOf(fields);
    }

    /** The same with ids before another one. */
    public SearchCriteria before(String id) {
        return new SearchCriteria(query, fields, from, id);
    }

    /** The values of each field that is asked for, as terms. */
    List<List<String>> terms() {
        return fields.entrySet().stream()
                .filter(field -> !field.getValue().isEmpty())
                .map(field -> field.getValue().stream()
                        .map(value -> field.getKey().term(value))
                        .toList())
                .toList();
    }

    /** The words, those that few documents can have first. */
    List<String> longestFirst() {
        return query.words().stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }
}
