package io.heliograph.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicPatternsTest {
    private static final List<String> SEGMENTS = List.of("a", "b", "agents", "*");

    @Test
    void aStarIsExactlyOneLastSegment() {
        TopicPatterns patterns = TopicPatterns.of(List.of("orders/42", "bills/*", "*"));

        assertThat(List.of("orders/42", "bills/1", "news")).allMatch(patterns::matches);
        assertThat(List.of("orders/43", "bills/1/lines", "orders/42/items", "x/y"))
                .noneMatch(patterns::matches);
        assertThat(TopicPatterns.of(List.of("bills/*")).matches("bills")).isFalse();
        assertThat(patterns.matches(Optional.empty())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "/", "a/", "/a", "a//b", "a b", "a\tb", "a,b", "a\u0000", "a*", "*/a", "a/*/b", "a/**", "**"
            })
    void whatIsNoPatternIsRefused(String text) {
        assertThat(TopicPatterns.isPattern(text)).isFalse();
        assertThat(TopicPatterns.isTopic(text)).isFalse();
        assertThatThrownBy(() -> new TopicPatterns(Set.of(text))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void lengthIsCountedInCharacters() {
        String longest = "\uD83D\uDE00".repeat(TopicPatterns.MAX_LENGTH);

        assertThat(TopicPatterns.isTopic(longest)).isTrue();
        assertThat(TopicPatterns.isTopic(longest + "x")).isFalse();
        assertThat(TopicPatterns.isPattern("x".repeat(TopicPatterns.MAX_LENGTH - 2) + "/*"))
                .isTrue();
        assertThat(TopicPatterns.isPattern("x".repeat(TopicPatterns.MAX_LENGTH - 1) + "/*"))
                .isFalse();
    }

    @Test
    void theIntersectionMatchesWhatBothMatch() {
        long seed = Long.getLong("heliograph.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            TopicPatterns one = random(random);
            TopicPatterns two = random(random);
            TopicPatterns both = one.and(two);
            for (String topic : List.of("a", "b", "a/a", "a/b", "b/a", "a/a/a", "a/a/b", "agents/a", "agents/b")) {
                assertThat(both.matches(topic))
                        .as("seed %d: %s and %s on %s", seed, one, two, topic)
                        .isEqualTo(one.matches(topic) && two.matches(topic));
            }
        }
    }

    @Test
    void aFilterNarrowsEachFamilyApart() {
        TopicFamilies families = new TopicFamilies(Set.of("agents"));
        TopicFilter agents = TopicFilter.ALL.with("agents", Optional.of(TopicPatterns.of(List.of("agents/a"))));

        assertThat(List.of("agents/a", "orders/1", "agents", "agents2/b"))
                .allMatch(topic -> agents.matches(families, topic));
        assertThat(agents.matches(families, "agents/b")).isFalse();
        TopicFilter others = agents.with(TopicFilter.OTHERS, Optional.of(TopicPatterns.of(List.of())));
        assertThat(others.matches(families, "orders/1")).isFalse();
        assertThat(others.matches(families, "agents/a")).isTrue();
        assertThat(others.with("agents", Optional.empty()).matches(families, "agents/b"))
                .isTrue();
        assertThat(others.size()).isEqualTo(1);
    }

    private static TopicPatterns random(Random random) {
        return TopicPatterns.of(random.ints(random.nextInt(4), 0, 40)
                .mapToObj(choice -> {
                    String last = SEGMENTS.get(choice % SEGMENTS.size());
                    String first = SEGMENTS.get(choice / 4 % 3);
                    return switch (choice % 3) {
                        case 0 -> last;
                        case 1 -> first + "/" + last;
                        default -> "a/" + first + "/" + last;
                    };
                })
                .toList());
    }
}
