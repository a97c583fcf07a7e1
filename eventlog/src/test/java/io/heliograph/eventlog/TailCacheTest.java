package io.heliograph.eventlog;

import static io.heliograph.eventlog.Samples.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TailCacheTest {
    private static final long EACH = 300;

    private final MemoryBudget memory = new MemoryBudget(1 << 20, 1 << 20);
    private final List<String> released = new ArrayList<>();
    private final TailCache<String> tail = new TailCache<>(new Encoder(), memory);

    /** Makes texts of 50 bytes. */
    private final class Encoder implements EventEncoder<String> {
        @Override
        public String encode(Event event) {
            return event.id();
        }

        @Override
        public int bytes(String encoded) {
            return 50;
        }

        @Override
        public void release(String encoded) {
            released.add(encoded);
        }
    }

    /** An event that takes {@link #EACH} bytes of memory. */
    private static Event event(long offset) {
        return new Event(
                ACME,
                new Position("e1", offset, Instant.EPOCH),
                "evt_" + offset,
                "x",
                Audience.EVERYONE,
                Optional.empty(),
                Payload.of(new byte[100]));
    }

    private void add(long from, long to) {
        for (long offset = from; offset <= to; offset++) {
            tail.add(event(offset));
        }
    }

    @Test
    void itHoldsARunFromItsFirstToItsLast() {
        add(5, 8);

        assertThat(tail.contains(4)).isFalse();
        assertThat(tail.contains(5)).isTrue();
        assertThat(tail.contains(8)).isTrue();
        assertThat(tail.contains(9)).isFalse();
        assertThat(tail.get(6).event().id()).isEqualTo("evt_6");
    }

    @Test
    void aHoleIsRefused() {
        add(5, 6);

        assertThatThrownBy(() -> tail.add(event(8)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("8");
    }

    @Test
    void itIsTrimmedToWhatIsAllowedAndNoFurther() {
        add(1, 10);

        tail.trim(3 * EACH);

        assertThat(tail.size()).isEqualTo(3);
        assertThat(tail.bytes()).isEqualTo(3 * EACH);
        assertThat(tail.contains(7)).isFalse();
        assertThat(tail.contains(8)).isTrue();
        tail.trim(3 * EACH - 1);
        assertThat(tail.size()).isEqualTo(2);
    }

    @Test
    void itsBytesAreTheNodes() {
        add(1, 10);
        assertThat(memory.used()).isEqualTo(10 * EACH);
        tail.encoded(tail.get(4));
        assertThat(memory.used()).isEqualTo(10 * EACH + 50);
        tail.encoded(tail.get(4));
        assertThat(memory.used()).isEqualTo(10 * EACH + 50);

        tail.clear();

        assertThat(memory.used()).isZero();
        assertThat(released).containsExactly("evt_4");
    }

    @Test
    void whatLiesBeforeAnOffsetIsDroppedWithoutIt() {
        add(1, 5);

        tail.dropBefore(4);

        assertThat(tail.contains(3)).isFalse();
        assertThat(tail.contains(4)).isTrue();
        assertThat(tail.size()).isEqualTo(2);
    }

    @Test
    void thousandsThatWereDroppedLeaveTheRightOnes() {
        for (long offset = 1; offset <= 5_000; offset++) {
            tail.add(event(offset));
            tail.trim(10 * EACH);
            assertThat(tail.get(offset).event().offset()).isEqualTo(offset);
        }

        assertThat(tail.size()).isEqualTo(10);
        assertThat(tail.get(4_991).event().id()).isEqualTo("evt_4991");
        assertThat(tail.get(5_000).event().id()).isEqualTo("evt_5000");
        assertThat(tail.contains(4_990)).isFalse();
        assertThat(memory.used()).isEqualTo(10 * EACH);
    }

    @Test
    void anEmptiedOneBeginsAnywhere() {
        add(1, 3);
        tail.clear();

        add(9, 9);

        assertThat(tail.contains(9)).isTrue();
        assertThat(tail.contains(3)).isFalse();
    }
}
