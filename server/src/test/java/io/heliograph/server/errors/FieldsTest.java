package io.heliograph.server.errors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class FieldsTest {

    @Test
    void aTextHasOneToMaxCharacters() {
        assertThat(Fields.text("title", "abc", 3)).isEqualTo("abc");
        refuses("title", "is required", () -> Fields.text("title", null, 3));
        refuses("title", "must be 1 to 3 characters, and not blank", () -> Fields.text("title", " ", 3));
        refuses("title", "must be 1 to 3 characters, and not blank", () -> Fields.text("title", "abcd", 3));
    }

    @Test
    void anOptionalTextMayBeAbsent() {
        assertThat(Fields.optionalText("note", Optional.empty(), 3)).isEmpty();
        assertThat(Fields.optionalText("note", Optional.of("abc"), 3)).hasValue("abc");
        refuses("note", "must be at most 3 characters", () -> Fields.optionalText("note", Optional.of("abcd"), 3));
    }

    @Test
    void aRangeIncludesItsEnds() {
        assertThat(Fields.range("wait", 0, 0, 25)).isZero();
        assertThat(Fields.range("wait", 25, 0, 25)).isEqualTo(25);
        refuses("wait", "must be a whole number from 0 to 25", () -> Fields.range("wait", 26, 0, 25));
        refuses("wait", "must be a whole number from 0 to 25", () -> Fields.range("wait", -1, 0, 25));
    }

    @Test
    void aListHasAtMostMaxItems() {
        assertThat(Fields.atMost("tags", List.of("a", "b"), 2)).hasSize(2);
        refuses("tags", "must have at most 1 items", () -> Fields.atMost("tags", List.of("a", "b"), 1));
    }

    private static void refuses(String field, String expected, Runnable check) {
        assertThatExceptionOfType(InvalidFieldException.class)
                .isThrownBy(check::run)
                .satisfies(failure -> {
                    assertThat(failure.field()).isEqualTo(field);
                    assertThat(failure.expected()).isEqualTo(expected);
                });
    }
}
