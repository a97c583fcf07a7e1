package io.heliograph.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {

    @ParameterizedTest
    @CsvSource({"evt_01j8abcdef, abcdef", "evt_01J8ABC-EF, ABCEF", "evt_é9, evt9", "evt_1, evt1", "ab, ab", "______, ''"
    })
    void itsCheckIsWhatMayStandThereOfTheLastSixCharactersOfTheId(String id, String check) {
        assertThat(Cursor.at("k3", 7, id).check()).isEqualTo(check);
    }

    @ParameterizedTest
    @ValueSource(strings = {"k3:0:", "k3:7:abcdef", "0123456789abcdef:999999999999999999:Z", "k:10:a1B2c3"})
    void itsTextIsRead(String text) {
        assertThat(Cursor.parse(text)).map(Cursor::toString).contains(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "k3",
                "k3:7",
                ":7:abc",
                "K3:7:abc",
                "0123456789abcdefg:7:abc",
                "k3:07:abc",
                "k3:00:",
                "k3:-1:abc",
                "k3:+1:abc",
                "k3::abc",
                "k3:1000000000000000000:abc",
                "k3:7:abcdefg",
                "k3:7:ab_c",
                "k3:7:abc:",
                "k3:7:abc\n",
                " k3:7:abc",
                "k3:\u0667:abc"
            })
    void anyOtherTextIsNone(String text) {
        assertThat(Cursor.parse(text)).isEmpty();
    }

    @Test
    void aCursorOfAnotherEventAtTheSameOffsetIsAnother() {
        assertThat(Cursor.at("k3", 7, "evt_aaaaa1")).isNotEqualTo(Cursor.at("k3", 7, "evt_aaaaa2"));
        assertThat(Cursor.at("k3", 7, "evt_1aaaaa")).isNotEqualTo(Cursor.at("k3", 7, "evt_2aaaaa"));
    }

    @Test
    void theCursorBeforeTheFirstEventHasNoCheck() {
        assertThat(Cursor.beforeFirst("k3")).hasToString("k3:0:");
    }
}
