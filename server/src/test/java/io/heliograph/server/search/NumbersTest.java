package io.heliograph.server.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class NumbersTest {

    @Test
    void anySetIsReadAsItWasStored() {
        long seed = Optional.ofNullable(System.getenv("HELIOGRAPH_SEED"))
                .map(Long::parseLong)
                .orElseGet(System::nanoTime);
        System.out.println("numbers: HELIOGRAPH_SEED=" + seed);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int round = 0; round < 2_000; round++) {
            BitSet numbers = new BitSet();
            int size = 1 + random.nextInt(40_000);
            random.ints(random.nextInt(round + 1), 0, size).forEach(numbers::set);

            assertThat(decoded(Numbers.encode(numbers)))
                    .as("seed %s, round %s", seed, round)
                    .isEqualTo(numbers);
        }
    }

    @Test
    void oneNumberTakesFewBytesAndManyTakeABitEach() {
        assertThat(Numbers.encode(of(0))).hasSize(2);
        assertThat(Numbers.encode(of(1_000))).hasSize(3);
        BitSet all = new BitSet();
        all.set(0, 1_024);
        assertThat(Numbers.encode(all)).hasSize(129);
    }

    @Test
    void decodingAddsToWhatIsThere() {
        BitSet numbers = of(3);
        BitSet dense = new BitSet();
        dense.set(100, 200);

        Numbers.decode(Numbers.encode(of(7)), numbers);
        Numbers.decode(Numbers.encode(dense), numbers);

        BitSet expected = of(3);
        expected.set(7);
        expected.set(100, 200);
        assertThat(numbers).isEqualTo(expected);
    }

    private static BitSet of(int number) {
        BitSet numbers = new BitSet();
        numbers.set(number);
        return numbers;
    }

    private static BitSet decoded(byte[] stored) {
        BitSet numbers = new BitSet();
        Numbers.decode(stored, numbers);
        return numbers;
    }
}
