package io.heliograph.server.approvals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliograph.server.json.Json;
import io.heliograph.server.json.JsonNumbers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * With the vectors of RFC 8785: sections 3.2.2 to 3.2.4 and Appendix B. One number of section 3.2.2 stands as its double
 * prints it: 333333333.33333329 itself is refused, because it would come back as another.
 */
class CanonicalJsonTest {
    private final JsonMapper json = Json.mapper();

    @Test
    void sectionThreeTwoTwoIsReproduced() throws Exception {
        String input = """
            {
              "numbers": [333333333.3333333, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
              "literals": [null, true, false]
            }\
            """;

        String canonical = CanonicalJson.write(json.readTree(input));

        assertThat(canonical)
                .isEqualTo("{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
                        + "\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
    }

    @Test
    void namesSortByTheirCodeUnits() throws Exception {
        String input = """
            {"\\u20ac": "Euro Sign", "\\r": "Carriage Return", "\\ufb33": "Hebrew Letter Dalet With Dagesh",
             "1": "One", "\\ud83d\\ude00": "Emoji: Grinning Face", "\\u0080": "Control", "\\u00f6": "Latin o"}\
            """;

        String canonical = CanonicalJson.write(json.readTree(input));

        assertThat(canonical.replaceAll("\"[^\"]*\":\"([^\"]*)\"", "$1"))
                .isEqualTo("{Carriage Return,One,Control,Latin o,Euro Sign,Emoji: Grinning Face,"
                        + "Hebrew Letter Dalet With Dagesh}");
    }

    @ParameterizedTest
    @CsvSource({
        "0000000000000000, 0",
        "8000000000000000, 0",
        "0000000000000001, 5e-324",
        "8000000000000001, -5e-324",
        "7fefffffffffffff, 1.7976931348623157e+308",
        "ffefffffffffffff, -1.7976931348623157e+308",
        "4340000000000000, 9007199254740992",
        "c340000000000000, -9007199254740992",
        "4430000000000000, 295147905179352830000",
        "44b52d02c7e14af5, 9.999999999999997e+22",
        "44b52d02c7e14af6, 1e+23",
        "44b52d02c7e14af7, 1.0000000000000001e+23",
        "444b1ae4d6e2ef4e, 999999999999999700000",
        "444b1ae4d6e2ef4f, 999999999999999900000",
        "444b1ae4d6e2ef50, 1e+21",
        "3eb0c6f7a0b5ed8c, 9.999999999999997e-7",
        "3eb0c6f7a0b5ed8d, 0.000001",
        "41b3de4355555553, 333333333.3333332",
        "41b3de4355555554, 333333333.33333325",
        "41b3de4355555555, 333333333.3333333",
        "41b3de4355555556, 333333333.3333334",
        "41b3de4355555557, 333333333.33333343",
        "becbf647612f3696, -0.0000033333333333333333",
        "43143ff3c1cb0959, 1424953923781206.2"
    })
    void numbersAreWrittenAsEcmaScriptWritesThem(String bits, String expected) {
        double number = Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16));

        assertThat(JsonNumbers.format(number)).isEqualTo(expected);
    }

    @Test
    void equalActionsHaveEqualDigestsWhateverTheirForm() throws Exception {
        String one =
                CanonicalJson.digest(json.readTree("{\"name\":\"refund\",\"args\":{\"orderId\":9,\"amount\":42.0}}"));
        String other = CanonicalJson.digest(
                json.readTree("{\"args\": {\"amount\": 42, \"orderId\": 9e0}, \"name\": \"refund\"}"));

        // printf '{"args":{"amount":42,"orderId":9},"name":"refund"}' | sha256sum
        assertThat(one).isEqualTo(other).isEqualTo("547d62f2d9c302818764dbdda702bf27814d024d185f5787a89402e6a653fc87");
    }

    @ParameterizedTest
    @CsvSource({
        "9007199254740993",
        "9007199254740993.0",
        "1e400",
        "1e-400",
        "123456789012345678901234567890",
        "295147905179352825856",
        "333333333.33333329"
    })
    void numbersThatTheirDoubleDoesNotPrintHaveNoCanonicalForm(String number) {
        assertThatThrownBy(() -> CanonicalJson.write(json.readTree("[" + number + "]")))
                .isInstanceOf(CanonicalJson.NotCanonical.class)
                .hasMessageContaining("send it as text");
    }

    @ParameterizedTest
    @CsvSource({"295147905179352830000, 295147905179352830000", "9007199254740994, 9007199254740994", "1E5, 100000"})
    void whatJsonStringifyWritesHasACanonicalForm(String number, String canonical) throws Exception {
        assertThat(CanonicalJson.write(json.readTree("[" + number + "]"))).isEqualTo("[" + canonical + "]");
    }

    @Test
    void halfASurrogatePairHasNoCanonicalForm() {
        assertThatThrownBy(() -> CanonicalJson.write(json.readTree("[\"\\ud83d\"]")))
                .isInstanceOf(CanonicalJson.NotCanonical.class);
    }
}
