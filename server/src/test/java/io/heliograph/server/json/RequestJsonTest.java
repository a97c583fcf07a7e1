package io.heliograph.server.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonValue;
import io.heliograph.server.errors.InvalidFieldException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

class RequestJsonTest {

    enum Plain {
        ONE,
        TWO
    }

    enum Named {
        READ_ALL;

        @JsonValue
        String wireName() {
            return "read:all";
        }
    }

    record Inner(@Nullable String name, Optional<Boolean> open) {}

    record Sample(
            @Nullable String text,
            Optional<String> optionalText,
            @Nullable Plain plain,
            Optional<Named> named,
            @Nullable Integer count,
            OptionalInt optionalCount,
            OptionalLong optionalTotal,
            Optional<Long> boxedTotal,
            OptionalDouble part,
            Optional<Boolean> flag,
            Optional<Instant> at,
            @Nullable List<String> tags,
            @Nullable Set<Named> scopes,
            Optional<Inner> inner,
            @Nullable List<Inner> items,
            Optional<JsonNode> free,
            @Nullable JsonNode tree) {}

    private static final List<String> WRONG_FOR_ALL = List.of("null", "[]", "[[]]", "{\"x\":1}");

    static Stream<Arguments> wrong() {
        List<String> notText = List.of("1", "0", "1.5", "true", "[\"a\"]", "{}");
        List<String> notNumber = List.of("\"1\"", "\"\"", "\" \"", "\"a\"", "true", "false", "[1]", "{}");
        List<String> notWhole = List.of("10.9", "10.0", "1e1", "99999999999999999999", "9007199254740993");
        List<String> notEnum =
                List.of("0", "1", "\"0\"", "\"\"", "\" \"", "\"ONE\"", "\" one \"", "\"one \"", "true", "{}");
        List<String> notList = List.of("\"a\"", "\"\"", "1", "true", "{}", "[null]", "[1]", "[true]", "[[\"a\"]]");
        List<String> notObject = List.of("\"\"", "\"a\"", "1", "true", "[{\"name\":\"a\"}]");
        List<String> notTime = List.of(
                "0",
                "1772366400000",
                "1.5",
                "\"1772366400000\"",
                "\"\"",
                "\" \"",
                "\"2026-03-01\"",
                "\"2026-03-01T12:00:00\"",
                "\"2026-03-01T12:00Z\"",
                "\"2026-03-01 12:00:00Z\"",
                "\" 2026-03-01T12:00:00Z\"",
                "\"2026-03-01t12:00:00z\"",
                "\"2026-02-30T12:00:00Z\"",
                "\"2026-03-01T25:00:00Z\"",
                "\"+12026-03-01T12:00:00Z\"",
                "\"2026-03-01T12:00:00+01\"",
                "{}");
        return Stream.of(
                        each("text", notText),
                        each("optionalText", notText),
                        each("plain", notEnum),
                        each("named", notEnum),
                        each("count", notNumber),
                        each("count", notWhole),
                        each("optionalCount", notNumber),
                        each("optionalCount", notWhole),
                        each("optionalTotal", notNumber),
                        each("optionalTotal", notWhole),
                        each("boxedTotal", notNumber),
                        each("boxedTotal", notWhole),
                        each("part", notNumber),
                        each("part", List.of("1e400", "NaN", "0.12345678901234567890")),
                        each("flag", List.of("0", "1", "1.0", "\"true\"", "\"false\"", "\"\"", "\"2\"", "{}")),
                        each("at", notTime),
                        each("tags", notList),
                        each("scopes", notList),
                        each("inner", notObject),
                        each("items", List.of("\"\"", "\"a\"", "1", "true", "[null]", "[1]", "[\"a\"]", "[[]]")),
                        Stream.of("free", "tree").map(field -> Arguments.of(field, "1e400")))
                .flatMap(cases -> cases);
    }

    private static Stream<Arguments> each(String field, List<String> values) {
        boolean list = field.equals("tags") || field.equals("scopes") || field.equals("items");
        return Stream.concat(values.stream(), WRONG_FOR_ALL.stream().filter(value -> !list || !value.equals("[]")))
                .map(value -> Arguments.of(field, value));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void aValueOfAnotherTypeIsRefusedByTheNameOfItsField(String field, String value) {
        String fault = fault("{\"" + field + "\":" + value + "}");

        if (!value.equals("NaN")) { // no JSON at all
            assertThat(fault).matches(field + "(\\[0])*(\\.x)?: .*");
        }
    }

    @Test
    void whatIsOfItsTypeIsKept() {
        Sample sample = read("""
            {"text":"","optionalText":" ","plain":"two","named":"read:all","count":-10,"optionalCount":7,
            "optionalTotal":9007199254740992,"boxedTotal":1,"part":1,"flag":false,"at":"2026-03-01T13:00:00.5+01:00",
            "tags":["a","😀"],"scopes":["read:all"],"inner":{"name":"n"},"items":[{"name":"i","open":true}],
            "free":[null,42.0,1E5,295147905179352830000],"tree":{"a":{"b":[]}}}\
            """);

        assertThat(sample.plain()).isEqualTo(Plain.TWO);
        assertThat(sample.part()).hasValue(1);
        assertThat(sample.at()).contains(Instant.parse("2026-03-01T12:00:00.500Z"));
        assertThat(sample.tags()).containsExactly("a", "😀");
        assertThat(sample.free().orElseThrow()).hasToString("[null,42.0,1E+5,295147905179352830000]");
        Sample empty = read("{}");
        assertThat(empty.text()).isNull();
        assertThat(empty.optionalText()).isEmpty();
        assertThat(empty.optionalCount()).isEmpty();
        assertThat(empty.tags()).isNull();
        assertThat(empty.free()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\u0000", "\\ud83d", "\\ude00", "\\ud83d\\ud83d", "\\ude00\\ud83d"})
    void textThatIsNotUnicodeOrHoldsZeroIsRefusedAtAnyDepth(String bad) {
        assertThat(fault("{\"text\":\"a" + bad + "b\"}")).startsWith("text: ");
        assertThat(fault("{\"tags\":[\"a\",\"" + bad + "\"]}")).startsWith("tags[1]: ");
        assertThat(fault("{\"free\":{\"a\":[0,{\"b\":\"" + bad + "\"}]}}")).startsWith("free.a[1].b: ");
        assertThat(fault("{\"tree\":{\"k" + bad + "\":1}}")).startsWith("tree.k\uFFFD");
    }

    @Test
    void bytesThatAreNotUtf8AreRefusedByTheFieldThatHoldsThem() {
        for (String bytes : List.of("C080", "80", "C3", "EDA080", "EDA0BDEDB880", "F8888080", "FF", "F4908080")) {
            String raw = new String(HexFormat.of().parseHex(bytes), ISO_8859_1);

            assertThat(faultOf(("{\"tags\":[\"ok\",\"a" + raw + "b\"]}").getBytes(ISO_8859_1)))
                    .as(bytes)
                    .startsWith("tags[1]: must be well-formed Unicode");
        }
        assertThatThrownBy(() -> RequestJson.read("{}".getBytes(UTF_16LE), RequestJson.type(Sample.class)))
                .isInstanceOf(JacksonException.class);
        assertThat(faultOf("\uFEFF{\"text\":1}".getBytes(UTF_8))).startsWith("text: ");
    }

    @Test
    void whatIsThereTwiceUnknownOrTooDeepIsRefusedByName() {
        assertThat(fault("{\"text\":\"a\",\"text\":\"b\"}")).isEqualTo("text: is there twice");
        assertThat(fault("{\"free\":{\"a\":{\"b\":1,\"b\":1}}}")).isEqualTo("free.a.b: is there twice");
        assertThat(fault("{\"txet\":\"a\"}")).startsWith("txet: is not a field here");
        assertThat(fault("{\"free\":" + "[".repeat(100) + "]".repeat(100) + "}"))
                .isEqualTo("free: is nested deeper than 100 levels");
        assertThat(fault("{\"free\":" + "[".repeat(100_000))).isEqualTo("free: is nested deeper than 100 levels");
        assertThat(read("{\"free\":" + "[".repeat(99) + "]".repeat(99) + "}").free())
                .isPresent();
    }

    @Test
    void anEndlessNumberCostsNothing() {
        assertThat(fault("{\"free\":1e1000000000}")).startsWith("free: is 1e1000000000, which");
        assertThat(fault("{\"free\":[" + "1".repeat(500_000) + "]}")).startsWith("free[0]: ");
        assertThat(fault("{\"count\":1e2147483647}")).startsWith("count: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nul",
                "{} {}",
                "{}x",
                "{'text':'a'}",
                "{\"text\":\"a\",}",
                "{text:1}",
                "[]",
                "\"a\"",
                "1",
                "null"
            })
    void whatIsNotOneObjectIsRefused(String body) {
        assertThatThrownBy(() -> read(body)).isInstanceOfAny(JacksonException.class, InvalidFieldException.class);
    }

    private static Sample read(String json) {
        return (Sample) RequestJson.read(json.getBytes(UTF_8), RequestJson.type(Sample.class));
    }

    private static String fault(String json) {
        return faultOf(json.getBytes(UTF_8));
    }

    private static String faultOf(byte[] json) {
        try {
            return "accepted as " + RequestJson.read(json, RequestJson.type(Sample.class));
        } catch (InvalidFieldException invalid) {
            return text(JsonFault.of(invalid));
        } catch (JacksonException failure) {
            return text(JsonFault.of(failure));
        }
    }

    private static String text(JsonFault fault) {
        return fault.field() + ": " + fault.detail();
    }
}
