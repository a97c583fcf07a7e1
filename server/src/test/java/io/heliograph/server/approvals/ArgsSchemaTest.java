package io.heliograph.server.approvals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.ValidationLimitExceededException;
import io.heliograph.server.json.Json;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ArgsSchemaTest {
    private static final JsonMapper JSON = Json.mapper();

    @AfterEach
    void forgetInterrupts() {
        Thread.interrupted();
    }

    /** Each ran without an end, overflowed the stack or took seconds of every core. */
    static List<String> endlessSchemas() {
        return List.of(
                "{'$ref':'#'}",
                "{'allOf':[{'$ref':'#'}]}",
                "{'anyOf':[{'type':'string'},{'$ref':'#'}]}",
                "{'oneOf':[{'$ref':'#'}]}",
                "{'not':{'$ref':'#'}}",
                "{'if':{'$ref':'#'}}",
                "{'if':{},'then':{'$ref':'#'},'else':{'$ref':'#'}}",
                "{'properties':{'a':{'$ref':'#'}}}",
                "{'patternProperties':{'a':{'$ref':'#'}}}",
                "{'additionalProperties':{'$ref':'#'}}",
                "{'propertyNames':{'$ref':'#'}}",
                "{'items':{'$ref':'#'}}",
                "{'prefixItems':[{'$ref':'#'}]}",
                "{'contains':{'$ref':'#'}}",
                "{'unevaluatedProperties':{'$ref':'#'}}",
                "{'unevaluatedItems':{'$ref':'#'}}",
                "{'dependentSchemas':{'a':{'$ref':'#'}}}",
                "{'dependencies':{'a':{'$ref':'#'}}}",
                "{'x-own':{'y':{'$ref':'#'}}}",
                "{'$dynamicAnchor':'a','allOf':[{'$dynamicRef':'#a'}]}",
                "{'$dynamicRef':'#'}",
                "{'$anchor':'a','not':{'$ref':'#a'}}",
                "{'$schema':'https://json-schema.org/draft/2019-09/schema','$recursiveAnchor':true,"
                        + "'anyOf':[{'$recursiveRef':'#'}]}",
                "{'$defs':{'a':{'$ref':'#/$defs/b'},'b':{'$ref':'#/$defs/a'}},'$ref':'#/$defs/a'}",
                "{'$defs':{'a':{'allOf':[{'$ref':'#/%24defs/a'}]}}}",
                "{'$defs':{'a':{'$ref':'#/$defs'}},'$ref':'#/$defs/a'}");
    }

    @ParameterizedTest
    @MethodSource("endlessSchemas")
    void aSchemaThatRefersToItselfIsRefused(String schema) {
        assertThat(SchemaRules.fault(json(schema))).get().asString().contains("leads in a circle");
        assertThat(ArgsSchema.fault(json(schema))).isPresent();
        assertThat(ArgsSchema.fault(json(schema), json("{'a':2}")))
                .get()
                .asString()
                .contains("cannot be used");
    }

    @Test
    void aSchemaThatDoublesWithEachLevelIsRefusedWithoutBeingWrittenOut() {
        String levels = IntStream.range(0, 25)
                .mapToObj(level -> "'a" + level + "':{'allOf':[{'$ref':'#/$defs/a" + (level + 1)
                        + "'},{'$ref':'#/$defs/a" + (level + 1) + "'}]}")
                .collect(Collectors.joining(","));
        String doubling = "{'$defs':{" + levels + ",'a25':{'type':'object'}},'$ref':'#/$defs/a0'}";

        assertThat(ArgsSchema.fault(json(doubling))).get().asString().contains("more than 20000 keywords");
    }

    @Test
    void aSchemaThatIsNestedDeeplyIsRefused() {
        String not = "{'not':".repeat(450) + "{}" + "}".repeat(450);
        String chain = IntStream.range(0, 200)
                .mapToObj(step -> "'a" + step + "':{'$ref':'#/$defs/a" + (step + 1) + "'}")
                .collect(Collectors.joining(","));

        assertThat(ArgsSchema.fault(json(not))).get().asString().contains("nested deeper");
        assertThat(ArgsSchema.fault(json("{'$defs':{" + chain + ",'a200':{}},'$ref':'#/$defs/a0'}")))
                .get()
                .asString()
                .contains("nested deeper");
    }

    @Test
    void aSchemaThatIsNestedAsDeeplyAsItMayBeIsTakenAndRuns() throws Exception {
        String not = "{'not':".repeat(99) + "{}" + "}".repeat(99);
        AtomicReference<Object> result = new AtomicReference<>();

        Thread thread = Thread.ofPlatform()
                .stackSize(8 << 20)
                .start(() -> result.set(List.of(ArgsSchema.fault(json(not)), ArgsSchema.fault(json(not), json("{}")))));
        thread.join();

        assertThat(result.get()).asString().startsWith("[Optional.empty, Optional[");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'$ref':'http://127.0.0.1:1/x'}",
                "{'$ref':'https://json-schema.org/draft/2020-12/schema'}",
                "{'$ref':'classpath:demo/agents.json'}",
                "{'$ref':'other.json'}",
                "{'$ref':'#/$defs/none'}",
                "{'$ref':'#none'}",
                "{'$dynamicRef':'http://127.0.0.1:1/x'}",
                "{'$schema':'http://127.0.0.1:1/schema'}",
                "{'$schema':'https://spec.openapis.org/oas/3.1/dialect/base'}",
                "{'properties':{'a':{'$schema':'https://json-schema.org/draft/2020-12/schema'}}}",
                "{'$vocabulary':{'http://127.0.0.1:1/v':true}}",
                "{'properties':{'a':{'$id':'http://127.0.0.1:1/x'}}}",
                "{'properties':{'a':{'$anchor':'x'},'b':{'$anchor':'x'}}}"
            })
    void aSchemaThatReachesOutOfItselfIsRefused(String schema) {
        assertThat(SchemaRules.fault(json(schema))).get().asString().startsWith("at /");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "^(a+)+(\\\\1)?$",
                "^(?=a)b",
                "(?!a)b",
                "(?<=a)b",
                "(?<!a)b",
                "(a{1000}){1000}",
                "((a{100}){100}){100}",
                "[)]((a{100}){100}){100}",
                "[(]((a{100}){100}){100}",
                "[]a](b{1000}){1000}",
                "[[:alpha:])](b{1000}){1000}",
                "\\\\((a{1000}){1000}",
                "(?:(?i:a{1000})){1000}",
                "(a{2}){2}(b{1000}|c){1000}",
                "[a-z"
            })
    void aPatternThatIsCostlyOrNotOfRe2IsRefusedAndNotRepeated(String pattern) {
        for (String schema : List.of(
                "{'properties':{'a':{'pattern':'" + pattern + "'}}}",
                "{'patternProperties':{'" + pattern + "':true}}")) {
            String fault = ArgsSchema.fault(json(schema)).orElseThrow();

            assertThat(fault).startsWith("at /p").doesNotContain(pattern.replace("\\\\", "\\"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "^(\\\\w|\\\\s)+$",
                "^a*a*a*a*a*a*a*b$",
                "^(a+)+$",
                "^[A-Z]{2}[0-9]{2}[A-Z0-9]{4}[0-9]{7}([A-Z0-9]?){0,16}$",
                "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
                "^.{1,1000}$",
                "^\\\\p{L}+$",
                "[{]{3}"
            })
    void aPatternThatRe2RunsInLinearTimeIsTaken(String pattern) {
        JsonNode schema = json("{'properties':{'a':{'pattern':'" + pattern + "'}}}");

        assertThat(ArgsSchema.fault(schema)).isEmpty();
        ArgsSchema.fault(schema, JSON.createObjectNode().put("a", "word ".repeat(500)));
    }

    @Test
    void tooManyPatternsAreRefused() {
        String patterns = IntStream.range(0, 201)
                .mapToObj(index -> "'a" + index + "':{'pattern':'a'}")
                .collect(Collectors.joining(","));

        assertThat(ArgsSchema.fault(json("{'properties':{" + patterns + "}}")))
                .get()
                .asString()
                .contains("200");
    }

    @Test
    void aFaultNamesThePlaceAndNoMoreOfALongNameThanNeeded() {
        String fault = ArgsSchema.fault(json("{'properties':{'" + "x".repeat(50_000) + "':{'$ref':'#'}}}"))
                .orElseThrow();

        assertThat(fault).startsWith("at /properties/xxx").hasSizeLessThan(500);
    }

    @Test
    void whatOrdinarySchemasDoIsTaken() {
        JsonNode schema = json(
                "{'$schema':'https://json-schema.org/draft/2020-12/schema','$id':'https://acme.test/refund',"
                        + "'type':'object','required':['amount'],'additionalProperties':false,"
                        + "'properties':{'amount':{'type':'integer','maximum':42},'id':{'type':'string'},"
                        + "'$ref':{'type':'string'},'pattern':{'type':'string'},'enum':{'enum':['a','b']},"
                        + "'to':{'$ref':'#/$defs/address'},'from':{'$ref':'#address'}},"
                        + "'$defs':{'address':{'$anchor':'address','type':'object','properties':{'zip':{'pattern':'^[0-9]{5}$'}}}}}");

        assertThat(ArgsSchema.fault(schema)).isEmpty();
        assertThat(ArgsSchema.fault(schema, json("{'amount':41,'to':{'zip':'12345'},'$ref':'x'}")))
                .isEmpty();
        assertThat(ArgsSchema.fault(schema, json("{'amount':43,'from':{'zip':'1'}}")))
                .get()
                .asString()
                .contains("/amount")
                .contains("42")
                .contains("/from/zip");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://json-schema.org/draft/2020-12/schema",
                "https://json-schema.org/draft/2019-09/schema",
                "http://json-schema.org/draft-07/schema#",
                "http://json-schema.org/draft-06/schema#",
                "http://json-schema.org/draft-04/schema#"
            })
    void eachDraftIsChecked(String draft) {
        String named = "{'$schema':'" + draft + "','properties':{'a':{'type':";

        assertThat(ArgsSchema.fault(json(named + "'integer'}}}"))).isEmpty();
        assertThat(ArgsSchema.fault(json(named + "'integer'}}}"), json("{'a':'x'}")))
                .isPresent();
        assertThat(ArgsSchema.fault(json(named + "'objekt'}}}")))
                .get()
                .asString()
                .contains("JSON Schema");
    }

    @Test
    void aFormatIsNotLookedForInALongText() {
        JsonNode schema = json("{'$schema':'http://json-schema.org/draft-07/schema#',"
                + "'properties':{'a':{'format':'email'},'b':{'format':'regex'}}}");

        assertThat(ArgsSchema.fault(schema, json("{'a':'ada@example.com','b':'^a'}")))
                .isEmpty();
        assertThat(ArgsSchema.fault(schema, JSON.createObjectNode().put("a", "a@".repeat(30_000) + " ")))
                .get()
                .asString()
                .contains("email");
        assertThat(ArgsSchema.fault(schema, json("{'b':'(a{1000}){1000}'}"))).isPresent();
    }

    @Test
    void aRunHasABoundOfSteps() {
        String wide = IntStream.range(0, 400)
                .mapToObj(_ -> "{'minimum':0,'maximum':9,'type':'integer'}")
                .collect(Collectors.joining(","));
        JsonNode schema = json("{'items':{'allOf':[" + wide + "]}}");

        assertThat(ArgsSchema.fault(schema)).isEmpty();
        assertThatThrownBy(() -> ArgsSchema.fault(schema, json("[" + "1,".repeat(30_000) + "1]")))
                .isInstanceOf(ValidationLimitExceededException.class);
    }

    @Test
    void aRunEndsWhenItsThreadIsInterrupted() {
        JsonNode schema = json("{'properties':{'a':{'type':'string'}}}");
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> ArgsSchema.fault(schema, json("{'a':'x'}"))).isInstanceOf(ArgsSchema.TooCostly.class);
    }

    @Test
    void aMatchThatWouldTakeLongEndsTheRun() {
        JsonNode schema = json("{'properties':{'a':{'pattern':'(x?){400}x{400}y'}}}");

        assertThat(ArgsSchema.fault(schema)).isEmpty();
        assertThatThrownBy(() ->
                        ArgsSchema.fault(schema, JSON.createObjectNode().put("a", "x".repeat(60_000))))
                .isInstanceOf(ArgsSchema.TooCostly.class);
    }

    @Test
    void theSizeOfAPatternIsKnownBeforeItIsCompiled() {
        for (String pattern : List.of(
                "a",
                "a{5}",
                "(ab){3,9}",
                "[a{5}]{7}",
                "\\p{L}{1,50}",
                "(a|b|c){1000}",
                "x{1,1000}",
                "((a{9}){9}){9}")) {
            int compiled = com.google.re2j.Pattern.compile(pattern).programSize();

            assertThat(Patterns.programSize(pattern)).as(pattern).isBetween(compiled / 4L, compiled * 4L + 4);
        }
    }

    private static JsonNode json(String text) {
        return JSON.readTree(text.replace('\'', '"'));
    }
}
