package io.heliograph.gateway;

import java.util.Set;

/**
 * The first segments of topics that a socket narrows apart from all others. Immutable.
 *
 * @param names such as {@code agents}, for the topics that begin with {@code agents/}
 */
record TopicFamilies(Set<String> names) {
    TopicFamilies {
        names = Set.copyOf(names);
    }

    /** The family of a topic or pattern; {@link TopicFilter#OTHERS} when it is of none. */
    String of(String topic) {
        int slash = topic.indexOf('/');
        return slash > 0 && names.contains(topic.substring(0, slash)) ? topic.substring(0, slash) : TopicFilter.OTHERS;
    }
}
