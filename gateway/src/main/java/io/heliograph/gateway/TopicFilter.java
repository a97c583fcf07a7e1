package io.heliograph.gateway;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The topics that a socket wants. Events without a topic, and those for one member, do not depend on it. Immutable.
 *
 * @param narrowed by family (see {@link EventsGateway.Builder#topicFamily}, and {@link #OTHERS} for all other topics): the
 *     topics that the socket gets; a family that is not there is not narrowed
 */
public record TopicFilter(Map<String, TopicPatterns> narrowed) {
    /** The family of the topics that belong to no other. */
    public static final String OTHERS = "";

    /** Every topic. */
    public static final TopicFilter ALL = new TopicFilter(Map.of());

    public TopicFilter {
        narrowed = Map.copyOf(narrowed);
    }

    /** The same with other topics of one family; empty: all of that family. */
    public TopicFilter with(String family, Optional<TopicPatterns> topics) {
        Map<String, TopicPatterns> changed = new HashMap<>(narrowed);
        changed.remove(family);
        topics.ifPresent(patterns -> changed.put(family, patterns));
        return new TopicFilter(changed);
    }

    /** How many patterns it has. */
    public int size() {
        return narrowed.values().stream()
                .mapToInt(topics -> topics.patterns().size())
                .sum();
    }

    boolean matches(TopicFamilies families, String topic) {
        TopicPatterns topics = narrowed.get(families.of(topic));
        return topics == null || topics.matches(topic);
    }
}
