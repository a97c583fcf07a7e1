package io.heliograph.gateway;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A set of topics: some by name, some by a pattern.
 *
 * <p>Shape: a topic is 1 to {@value #MAX_LENGTH} characters, segments with {@code /} between them; a segment has at least
 * one character, and neither white space, control characters, commas nor {@code *}. A pattern is a topic, or one whose
 * last segment is {@code *}, which stands for exactly one segment: {@code orders/*} is {@code orders/42}, and neither
 * {@code orders} nor {@code orders/42/items}. The empty set matches nothing. Immutable.
 */
public record TopicPatterns(Set<String> patterns) {
    public static final int MAX_LENGTH = 200;
    /** What the texts of a refusal say. */
    public static final String TOPIC_SHAPE = "must be 1 to " + MAX_LENGTH
            + " characters: segments with / between them, without white space, commas and *";

    public static final String PATTERN_SHAPE =
            "must be a topic such as orders/42, or a pattern such as orders/*, in which * is the whole last segment";

    private static final Pattern SEGMENTS = Pattern.compile("[^\\s\\p{Cntrl},*/]+(/[^\\s\\p{Cntrl},*/]+)*");
    private static final String ANY_SEGMENT = "*";

    /** @throws IllegalArgumentException when one is not a pattern */
    public TopicPatterns {
        patterns.forEach(pattern -> {
            if (!isPattern(pattern)) {
                throw new IllegalArgumentException("a topic pattern " + PATTERN_SHAPE);
            }
        });
        patterns = Set.copyOf(patterns);
    }

    public static TopicPatterns of(Collection<String> patterns) {
        return new TopicPatterns(new LinkedHashSet<>(patterns));
    }

    /** Whether an event can have this topic. */
    public static boolean isTopic(String text) {
        return text.codePointCount(0, text.length()) <= MAX_LENGTH
                && SEGMENTS.matcher(text).matches();
    }

    public static boolean isPattern(String text) {
        if (text.equals(ANY_SEGMENT)) {
            return true;
        }
        boolean open = text.endsWith("/" + ANY_SEGMENT);
        return isTopic(open ? text.substring(0, text.length() - 2) : text)
                && text.codePointCount(0, text.length()) <= MAX_LENGTH;
    }

    /** The pattern that ends in {@code *} and matches the topic. */
    static String parentOf(String topic) {
        return topic.substring(0, topic.lastIndexOf('/') + 1) + ANY_SEGMENT;
    }

    public boolean matches(String topic) {
        return patterns.contains(topic) || patterns.contains(parentOf(topic));
    }

    /** Whether an event has a topic that matches. */
    public boolean matches(Optional<String> topic) {
        return topic.isPresent() && matches(topic.get());
    }

    /** The topics that are in both. */
    public TopicPatterns and(TopicPatterns other) {
        Set<String> both = new LinkedHashSet<>();
        patterns.stream().filter(other::covers).forEach(both::add);
        other.patterns.stream().filter(this::covers).forEach(both::add);
        return new TopicPatterns(both);
    }

    /** Two patterns with * are disjoint or the same. */
    private boolean covers(String pattern) {
        return patterns.contains(pattern) || (!pattern.endsWith(ANY_SEGMENT) && matches(pattern));
    }
}
