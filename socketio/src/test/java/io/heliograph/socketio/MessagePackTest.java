package io.heliograph.socketio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliograph.engineio.Message;
import io.heliograph.engineio.MessageBytes;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What is written: each value in its shortest form, with one side of every border. Source: MessagePack specification. */
class MessagePackTest {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Parser parser = Parser.messagePack(ParserLimits.defaults());

    @ParameterizedTest
    @CsvSource({
        "0, 00",
        "127, 7f",
        "128, cc80",
        "255, ccff",
        "256, cd0100",
        "65535, cdffff",
        "65536, ce00010000",
        "4294967295, ceffffffff",
        "4294967296, cf0000000100000000",
        "9223372036854775807, cf7fffffffffffffff",
        "9223372036854775808, cf8000000000000000",
        "18446744073709551615, cfffffffffffffffff",
        "-1, ff",
        "-32, e0",
        "-33, d0df",
        "-128, d080",
        "-129, d1ff7f",
        "-32768, d18000",
        "-32769, d2ffff7fff",
        "-2147483648, d280000000",
        "-2147483649, d3ffffffff7fffffff",
        "-9223372036854775808, d38000000000000000",
        "18446744073709551616, cb43f0000000000000",
        "-9223372036854775809, cbc3e0000000000000",
    })
    void anIntegerHasItsShortestForm(BigInteger value, String hex) {
        assertThat(written(NODES.numberNode(value))).isEqualTo(hex);
    }

    @Test
    void aFractionHasEightBytes() {
        assertThat(written(NODES.numberNode(new BigDecimal("1.5")))).isEqualTo("cb3ff8000000000000");
        assertThat(written(NODES.numberNode(-0.25))).isEqualTo("cbbfd0000000000000");
    }

    @Test
    void constantsHaveOneByte() {
        assertThat(written(NODES.nullNode())).isEqualTo("c0");
        assertThat(written(NODES.missingNode())).isEqualTo("c0");
        assertThat(written(NODES.booleanNode(false))).isEqualTo("c2");
        assertThat(written(NODES.booleanNode(true))).isEqualTo("c3");
    }

    @ParameterizedTest
    @CsvSource({"0, a0", "31, bf", "32, d920", "255, d9ff", "256, da0100", "65535, daffff", "65536, db00010000"})
    void aStringHasTheLengthInItsShortestForm(int length, String head) {
        assertThat(written(NODES.stringNode("a".repeat(length)))).isEqualTo(head + "61".repeat(length));
    }

    @Test
    void aStringsLengthIsThatOfItsBytes() {
        assertThat(written(NODES.stringNode("ü€"))).isEqualTo("a5c3bce282ac");
    }

    @ParameterizedTest
    @CsvSource({"0, c400", "1, c401", "255, c4ff", "256, c50100", "65535, c5ffff", "65536, c600010000"})
    void binaryHasTheLengthInItsShortestForm(int length, String head) {
        assertThat(written(NODES.binaryNode(new byte[length]))).isEqualTo(head + "00".repeat(length));
    }

    @ParameterizedTest
    @CsvSource({"0, 90", "15, 9f", "16, dc0010", "65535, dcffff", "65536, dd00010000"})
    void anArrayHasTheLengthInItsShortestForm(int length, String head) {
        ArrayNode array = NODES.arrayNode();
        for (int i = 0; i < length; i++) {
            array.add(7);
        }

        assertThat(written(array)).isEqualTo(head + "07".repeat(length));
    }

    @ParameterizedTest
    @CsvSource({"0, 80", "15, 8f", "16, de0010"})
    void aMapHasTheLengthInItsShortestForm(int length, String head) {
        ObjectNode map = NODES.objectNode();
        StringBuilder entries = new StringBuilder();
        for (int i = 0; i < length; i++) {
            String key = String.valueOf((char) ('a' + i));
            map.put(key, i);
            entries.append("a1").append(HexFormat.of().formatHex(key.getBytes(UTF_8)));
            entries.append(HexFormat.of().toHexDigits((byte) i));
        }

        assertThat(written(map)).isEqualTo(head + entries);
    }

    /** What Jackson makes of binary within a bean. */
    @Test
    void embeddedBinaryIsBinary() {
        assertThat(written(NODES.pojoNode(new byte[] {1, 2}))).isEqualTo("c4020102");
        assertThat(written(NODES.pojoNode(null))).isEqualTo("c0");
        assertThatThrownBy(() -> written(NODES.pojoNode(new Object())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.Object");
    }

    @Test
    void theAnswerToConnectHasIdAndPid() throws Exception {
        assertThat(read(parser.connect("/", new ConnectResponse("abc", Optional.empty()))))
                .hasToString("{\"type\":0,\"nsp\":\"/\",\"data\":{\"sid\":\"abc\"}}");
        assertThat(read(parser.connect("/chat", new ConnectResponse("abc", Optional.of("p")))))
                .hasToString("{\"type\":0,\"nsp\":\"/chat\",\"data\":{\"sid\":\"abc\",\"pid\":\"p\"}}");
    }

    @Test
    void aRefusalHasItsMessageAndData() throws Exception {
        assertThat(read(parser.connectError("/", ConnectError.of("no"))))
                .hasToString("{\"type\":4,\"nsp\":\"/\",\"data\":{\"message\":\"no\"}}");
        assertThat(read(parser.connectError("/", ConnectError.of("no", Map.of("code", 7)))))
                .hasToString("{\"type\":4,\"nsp\":\"/\",\"data\":{\"message\":\"no\",\"data\":{\"code\":7}}}");
    }

    @Test
    void otherPacketsHaveWhatTheyNeedAndNothingElse() throws Exception {
        assertThat(read(parser.disconnect("/chat"))).hasToString("{\"type\":1,\"nsp\":\"/chat\"}");
        assertThat(read(parser.event("/", Packet.NO_ACK, "say", List.of(1)).getFirst()))
                .hasToString("{\"type\":2,\"nsp\":\"/\",\"data\":[\"say\",1]}");
        assertThat(read(parser.event("/", 0, "ask", List.of()).getFirst()))
                .hasToString("{\"type\":2,\"nsp\":\"/\",\"data\":[\"ask\"],\"id\":0}");
        assertThat(read(parser.ack("/", 7, List.of("x")).getFirst()))
                .hasToString("{\"type\":3,\"nsp\":\"/\",\"data\":[\"x\"],\"id\":7}");
    }

    /** The same event in both parsers: a payload that is JSON already, and the offset behind it. */
    @Test
    void anEventOfReadyJsonIsTheEventThatItsTreeWouldBe() throws Exception {
        byte[] json = "{\"a\":[1,\"ü\"]}".getBytes(UTF_8);

        assertThat(read(parser.event("/", "news", json, "k-7").getFirst()))
                .hasToString("{\"type\":2,\"nsp\":\"/\",\"data\":[\"news\",{\"a\":[1,\"ü\"]},\"k-7\"]}");
        Message text = Parser.json(ParserLimits.defaults())
                .event("/chat", "news \"x\"", json, "k-7")
                .getFirst();
        assertThat(new String(MessageBytes.payload(text), UTF_8))
                .isEqualTo("2/chat,[\"news \\\"x\\\"\",{\"a\":[1,\"ü\"]},\"k-7\"]");
    }

    private static String written(JsonNode tree) {
        return HexFormat.of().formatHex(MessagePack.write(tree));
    }

    private static JsonNode read(Message message) throws MessagePack.MalformedException {
        assertThat(message.binary()).isTrue();
        return MessagePack.read(MessageBytes.payload(message), 100, NODES);
    }
}
