package io.heliograph.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.eventlog.Cursor;
import io.heliograph.eventlog.StartPosition;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResumptionTest {
    private static final Cursor BEGUN = new Cursor("k3", 10, "aaaaaa");
    private static final Cursor LAST = new Cursor("k3", 12, "bbbbbb");

    @Test
    void clientThatPresentsNothingStartsNow() {
        Resumption resumption = Resumption.of(Optional.empty(), Optional.empty(), Optional.empty());

        assertThat(resumption.pid()).isEmpty();
        assertThat(resumption.start()).isEqualTo(StartPosition.now());
        assertThat(resumption.malformed()).isFalse();
    }

    @Test
    void clientThatReceivedNothingGoesOnFromWhereItsConnectionBegan() {
        String pid = Resumption.newPid(BEGUN);

        Resumption resumption = Resumption.of(Optional.of(pid), Optional.empty(), Optional.empty());

        assertThat(resumption.pid()).contains(pid);
        assertThat(resumption.start()).isEqualTo(StartPosition.after(BEGUN));
    }

    @Test
    void offsetCountsBeforeTheBeginOfTheConnection() {
        Resumption resumption =
                Resumption.of(Optional.of(Resumption.newPid(BEGUN)), Optional.of(LAST.toString()), Optional.empty());

        assertThat(resumption.cursor()).contains(LAST);
        assertThat(resumption.pid()).isPresent();
    }

    @Test
    void offsetOfAnEarlierConnectionThatWasNotRecoveredIsNotUsed() {
        String older = new Cursor("k3", 9, "cccccc").toString();
        String otherEpoch = new Cursor("q7", 400, "dddddd").toString();
        Optional<String> pid = Optional.of(Resumption.newPid(BEGUN));

        assertThat(Resumption.of(pid, Optional.of(older), Optional.empty()).cursor())
                .contains(BEGUN);
        assertThat(Resumption.of(pid, Optional.of(otherEpoch), Optional.empty()).cursor())
                .contains(BEGUN);
    }

    @Test
    void cursorOfAListNeedsNoPid() {
        Resumption resumption = Resumption.of(Optional.empty(), Optional.empty(), Optional.of(LAST.toString()));

        assertThat(resumption.cursor()).contains(LAST);
        assertThat(resumption.pid()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "x", "k3:12", "k3:-1:abcdef", "k3:12:abcdefg", "K3:12:abcdef", "k3:99999999999999999999:a"})
    void whatIsNoCursorIsTreatedAsNone(String text) {
        Resumption asOffset = Resumption.of(Optional.of(Resumption.newPid(BEGUN)), Optional.of(text), Optional.empty());
        Resumption asCursor = Resumption.of(Optional.empty(), Optional.empty(), Optional.of(text));

        for (Resumption resumption : new Resumption[] {asOffset, asCursor}) {
            assertThat(resumption.malformed()).isTrue();
            assertThat(resumption.start()).isEqualTo(StartPosition.now());
            assertThat(resumption.pid()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "made-up", "abcdefghijklmnop", "abcdefghijklmnop.", "abcdefghijklmnop.nonsense"})
    void pidOfSomebodyElseIsTreatedAsNone(String pid) {
        Resumption resumption = Resumption.of(Optional.of(pid), Optional.of(LAST.toString()), Optional.empty());

        assertThat(resumption.malformed()).isTrue();
        assertThat(resumption.start()).isEqualTo(StartPosition.now());
    }
}
