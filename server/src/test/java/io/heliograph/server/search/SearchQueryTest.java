package io.heliograph.server.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliograph.server.errors.InvalidFieldException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SearchQueryTest {

    @Test
    void theOrderOfWordsRepetitionsAndBeginningsOfOtherWordsMakeNoDifference() {
        assertThat(SearchQuery.parse("q", "Refund ord ORDER refund!").words()).containsExactly("order", "refund");
        assertThat(SearchQuery.parse("q", "order refund")).isEqualTo(SearchQuery.parse("q", "refund, order"));
    }

    @Test
    void aQueryHasAWordAndNotTooManyAndIsNotTooLong() {
        assertThat(SearchQuery.parse("q", "x".repeat(200)).words()).containsExactly("x".repeat(64));
        assertThat(SearchQuery.parse("q", numbers(16)).words()).hasSize(16);

        assertThatThrownBy(() -> SearchQuery.parse("q", "x".repeat(201)))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageContaining("1 to 200 characters");
        assertThatThrownBy(() -> SearchQuery.parse("q", "?! —"))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageContaining("must have a letter or a digit");
        assertThatThrownBy(() -> SearchQuery.parse("q", numbers(17)))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageContaining("has 17 words; it must have at most 16");
    }

    private static String numbers(int count) {
        return IntStream.range(10, 10 + count).mapToObj(String::valueOf).collect(Collectors.joining(" "));
    }
}
