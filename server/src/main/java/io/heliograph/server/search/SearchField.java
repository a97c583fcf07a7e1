package io.heliograph.server.search;

/** What documents are filtered by, each by its exact value. */
public enum SearchField {
    /** The only field whose value changes. */
    STATUS('s'),
    RISK('r'),
    AGENT_ID('g'),
    ACTION('a'),
    TAG('t'),
    /** Who decided; absent before that. */
    BY('b');

    /** Before a field's values in the table of words. No word begins with it. */
    private static final char MARK = '\u0001';

    private final char code;

    SearchField(char code) {
        this.code = code;
    }

    /** How a value is stored among the words. */
    String term(String value) {
        return prefix() + value;
    }

    /** What the terms of all its values begin with. */
    String prefix() {
        return String.valueOf(MARK) + code;
    }
}
