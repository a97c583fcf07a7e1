package io.heliograph.server.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonNumbersTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "1",
                "-1",
                "0.1",
                "42.0",
                "1E5",
                "1e+21",
                "5e-324",
                "9007199254740992",
                "9007199254740994",
                "295147905179352830000",
                "1.7976931348623157e308",
                "-333333333.3333333",
                "0.0",
                "0e7",
                "1000e-3"
            })
    void whatItsDoublePrintsIsExact(String literal) {
        assertThat(JsonNumbers.isExact(literal)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9007199254740993", "9007199254740993.0", "295147905179352825856", "1e400", "-1e400", "1e-400",
                "4.9e-324", "0.1000000000000000055511151231257827", "-0", "-0.0", "1e1000000000", "1e-1000000000",
                "0e1000000000", "1e99999999999999999999", "1e1001"
            })
    void whatItsDoubleDoesNotPrintIsNot(String literal) {
        assertThat(JsonNumbers.isExact(literal)).isFalse();
    }

    @Test
    void aLiteralOfMoreThanAThousandCharactersIsNot() {
        assertThat(JsonNumbers.isExact("1" + "0".repeat(1000))).isFalse();
        assertThat(JsonNumbers.isExact("1." + "0".repeat(998))).isTrue();
    }

    @Test
    void everyDoubleIsExactInTheFormThatEcmaScriptWrites() {
        SplittableRandom random = seeded();
        for (int round = 0; round < 100_000; round++) {
            double value = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(value)) {
                String printed = JsonNumbers.format(value);
                assertThat(Double.parseDouble(printed)).isEqualTo(value == 0 ? 0 : value);
                assertThat(JsonNumbers.isExact(printed)).as(printed).isTrue();
            }
        }
    }

    /** No double needs more than 17 digits. */
    @Test
    void aNumberOfEighteenDigitsIsNotExactUnlessItEndsInZeros() {
        SplittableRandom random = seeded();
        for (int round = 0; round < 100_000; round++) {
            long digits = random.nextLong(100_000_000_000_000_000L, 1_000_000_000_000_000_000L) / 10 * 10;
            BigDecimal value = BigDecimal.valueOf(digits + random.nextInt(1, 10), random.nextInt(-280, 300));
            assertThat(JsonNumbers.isExact(value.toString()))
                    .as(value.toString())
                    .isFalse();
        }
    }

    private static SplittableRandom seeded() {
        long seed = System.nanoTime();
        System.out.println("JsonNumbersTest seed " + seed);
        return new SplittableRandom(seed);
    }
}
