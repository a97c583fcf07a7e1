package io.heliograph.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

class ClientMessagesTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int MAX_TOKEN = 16_384;

    @Test
    void aConnectHasItsFieldsAndAnyOfTheApplication() {
        assertThat(ClientMessages.connect(JSON.readTree(
                        "{\"token\":\"t\",\"pid\":\"p\",\"offset\":\"o\",\"cursor\":\"c\",\"mine\":[1]}")))
                .isEqualTo(new ClientMessages.Connect(
                        Optional.of("t"), Optional.of("p"), Optional.of("o"), Optional.of("c")));
        assertThat(ClientMessages.connect(JSON.readTree("{}")))
                .isEqualTo(new ClientMessages.Connect(
                        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                {"token":1}          | auth.token
                {"token":null}       | auth.token
                {"pid":true}         | auth.pid
                {"offset":["x"]}     | auth.offset
                {"cursor":{}}        | auth.cursor
                {"token":"a\\u0000"} | auth.token
                {"token":"\\u0000a"} | auth.token
                {"pid":"\\ud800"}    | auth.pid
                {"pid":"\\udc00a"}   | auth.pid
                []                   | auth
                "text"               | auth
                """)
    void aFieldOfAConnectThatDoesNotFitIsNamed(String auth, String field) {
        assertInvalid(() -> ClientMessages.connect(JSON.readTree(auth)), field);
    }

    @Test
    void aPairOfSurrogatesIsText() {
        assertThat(ClientMessages.connect(JSON.readTree("{\"token\":\"\\ud83d\\ude00\"}"))
                        .token())
                .contains("\ud83d\ude00");
    }

    @Test
    void aRenewalIsOneTokenOfLimitedLength() {
        String longest = "x".repeat(MAX_TOKEN);

        assertThat(ClientMessages.renewal(JSON.readTree("{\"token\":\"t\"}"))).isEqualTo("t");
        assertThat(ClientMessages.renewal(token(longest))).isEqualTo(longest);
        assertInvalid(() -> ClientMessages.renewal(token(longest + "x")), "token");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                {}                          | token
                {"token":null}              | token
                {"token":""}                | token
                {"token":"  "}              | token
                {"token":5}                 | token
                {"token":"a\\u0000"}        | token
                {"token":"t","cursor":"c"}  | cursor
                []                          | body
                "t"                         | body
                null                        | body
                """)
    void aFieldOfARenewalThatDoesNotFitIsNamed(String argument, String field) {
        assertInvalid(() -> ClientMessages.renewal(JSON.readTree(argument)), field);
    }

    /** The answer to the client must be text that can be written. */
    @Test
    void theNameOfAnUnknownFieldIsMadePrintable() {
        assertInvalid(() -> ClientMessages.renewal(JSON.readTree("{\"a\\u0000\\ud800b\":1}")), "a\ufffd\ufffdb");
    }

    @Test
    void timesHaveMilliseconds() {
        assertThat(ClientMessages.format(Instant.parse("2026-03-01T12:00:00Z"))).isEqualTo("2026-03-01T12:00:00.000Z");
        assertThat(ClientMessages.format(Instant.parse("2026-03-01T12:00:00.0019999Z")))
                .isEqualTo("2026-03-01T12:00:00.001Z");
    }

    private static JsonNode token(String token) {
        return JsonNodeFactory.instance.objectNode().put("token", token);
    }

    private static void assertInvalid(Runnable parse, String field) {
        assertThatExceptionOfType(InvalidMessageException.class)
                .isThrownBy(parse::run)
                .satisfies(invalid -> assertThat(invalid.field()).isEqualTo(field));
    }
}
