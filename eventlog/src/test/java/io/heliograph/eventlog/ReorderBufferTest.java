package io.heliograph.eventlog;

import static io.heliograph.eventlog.Samples.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReorderBufferTest {
    private final ReorderBuffer buffer = new ReorderBuffer(30);

    private static Event event(long offset) {
        return new Event(
                ACME,
                new Position("e1", offset, Instant.EPOCH),
                "evt_" + offset,
                "x",
                Audience.EVERYONE,
                Optional.empty(),
                Payload.of(new byte[10]));
    }

    @Test
    void anEventIsTakenAtItsOffsetOnly() {
        buffer.keep(event(7));

        assertThat(buffer.take(6)).isEmpty();
        assertThat(buffer.take(7)).map(Event::offset).contains(7L);
        assertThat(buffer.take(7)).isEmpty();
    }

    @Test
    void whatLiesBeforeTheOffsetThatIsTakenIsForgotten() {
        buffer.keep(event(5));
        buffer.keep(event(7));

        assertThat(buffer.take(7)).isPresent();
        assertThat(buffer.take(5)).isEmpty();
    }

    @Test
    void whenItIsFullTheFurthestGoes() {
        buffer.keep(event(9));
        buffer.keep(event(7));
        buffer.keep(event(8));

        assertThat(buffer.keep(event(6))).isEqualTo(1);

        assertThat(buffer.take(6)).isPresent();
        assertThat(buffer.take(7)).isPresent();
        assertThat(buffer.take(8)).isPresent();
        assertThat(buffer.take(9)).isEmpty();
    }

    @Test
    void itsBoundHoldsForWhatIsInItNow() {
        for (long offset = 1; offset <= 20; offset++) {
            assertThat(buffer.keep(event(offset))).isZero();
            assertThat(buffer.take(offset)).isPresent();
        }
    }

    @Test
    void theSameEventTwiceTakesTheRoomOfOne() {
        buffer.keep(event(2));
        buffer.keep(event(2));
        buffer.keep(event(3));

        assertThat(buffer.keep(event(4))).isZero();
    }

    @Test
    void aClearedBufferIsEmptyAndHasAllItsRoom() {
        buffer.keep(event(2));
        buffer.keep(event(3));

        buffer.clear();

        assertThat(buffer.take(2)).isEmpty();
        assertThat(buffer.keep(event(4)) + buffer.keep(event(5)) + buffer.keep(event(6)))
                .isZero();
    }
}
