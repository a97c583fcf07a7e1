package io.heliograph.socketio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the decoders take and what they do not, each at its border. */
class MalformedPacketsTest {

    private final PacketDecoder json = Parser.json(ParserLimits.defaults()).newDecoder();
    private final PacketDecoder packed =
            Parser.messagePack(ParserLimits.defaults()).newDecoder();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "7",
                "x",
                "1[]",
                "1/chat,{}",
                "0[]",
                "0\"token\"",
                "0{}{}",
                "2",
                "2{}",
                "2[]",
                "2[\"a\"]x",
                "2[\"a\"][\"b\"]",
                "2[\"a\",]",
                "2[null]",
                "2[[\"a\"]]",
                "2[\"disconnect\"]",
                "21234567890123456[\"a\"]",
                "3[]",
                "3/chat,[]",
                "31{}",
                "5511-[\"a\"]",
                "511-[\"a\"]",
                "61-[]extra",
            })
    void jsonThatIsNoPacket(String packet) {
        assertThat(json.text(packet.getBytes(UTF_8))).isInstanceOf(Decoded.Malformed.class);
    }

    /** What operators are told of it; never what the client sent. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | an empty packet",
                "7 | an unknown packet type",
                "/ | an unknown packet type",
                "5 | an invalid attachment count",
                "5[] | an invalid attachment count",
                "5-[] | an invalid attachment count",
                "51x-[] | an invalid attachment count",
                "5/-[] | an invalid attachment count",
                "51234567890-[] | an invalid attachment count",
                "50-[] | a binary packet without attachments",
                "511-[] | too many attachments (maxAttachments)",
                "599999999-[] | too many attachments (maxAttachments)",
                "1[] | a disconnect packet with a payload",
                "0[] | a connect packet whose payload is not an object",
                "0{}{} | trailing data after the payload",
                "51- | a packet without a payload",
                "51-{} | a payload that is not an array",
                "51-[][] | trailing data after the payload",
                "2{} | a payload that is not an array",
                "2 | a payload that is not an array",
                "2[] | an event whose name is not a string",
                "2[true] | an event whose name is not a string",
                "2[\"disconnect\"] | a reserved event name",
                "2[\"secret\"][] | trailing data after the payload",
                "2[\"secret\" | JSON is malformed or nested too deeply (maxDepth)",
                "3[] | an acknowledgement without an id",
                "21234567890123456[] | an invalid ack id",
                "0{\"secret\":1e99999999999} | a number whose exponent is out of range",
            })
    void theReasonSaysWhatIsWrong(String packet, String reason) {
        assertThat(json.text(packet.getBytes(UTF_8))).isEqualTo(new Decoded.Malformed(reason));
    }

    /** The packet's own array is one of the hundred levels. */
    @ParameterizedTest
    @CsvSource({"0, 100", "2, 99", "51-, 99"})
    void aHundredLevelsOfJsonAreTheMost(String type, int most) {
        assertThat(nestedJson(type, most)).isNotInstanceOf(Decoded.Malformed.class);
        assertThat(nestedJson(type, most + 1))
                .isEqualTo(new Decoded.Malformed("JSON is malformed or nested too deeply (maxDepth)"));
    }

    private static Decoded nestedJson(String type, int levels) {
        String nested = "{\"a\":".repeat(levels) + "1" + "}".repeat(levels);
        String packet = type.equals("0") ? type + nested : type + "[\"name\"," + nested + "]";
        return Parser.json(ParserLimits.defaults()).newDecoder().text(packet.getBytes(UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2/chat | /chat | -1",
                "2/chat,[\"a\"] | /chat | -1",
                "2/chat,0[\"a\"] | /chat | 0",
                "2/,7[\"a\"] | / | 7",
                "27[\"a\"] | / | 7",
                "2/a/b?c=d,[\"a\"] | /a/b?c=d | -1",
            })
    void theNamespaceReachesToTheComma(String packet, String namespace, long ackId) {
        // The name alone has no payload, which is another fault: a disconnect packet needs none.
        String whole = packet.endsWith("]") ? packet : "1" + packet.substring(1);

        assertThat(json.text(whole.getBytes(UTF_8))).isInstanceOfSatisfying(Decoded.Complete.class, complete -> {
            assertThat(complete.packet().namespace()).isEqualTo(namespace);
            if (complete.packet() instanceof Packet.Event event) {
                assertThat(event.ackId()).isEqualTo(ackId);
            }
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 | Disconnect",
                "1/chat, | Disconnect",
                "0 | Connect",
                "0{\"a\":1} | Connect",
                "2[\"a\"] | Event",
                "2[7] | Event",
                "2123456789012345[\"a\"] | Event",
                "30[] | Ack",
                "3/chat,0[1] | Ack",
                "4{} | ConnectError",
            })
    void jsonThatIsAPacket(String packet, String kind) {
        assertThat(json.text(packet.getBytes(UTF_8)))
                .isInstanceOfSatisfying(
                        Decoded.Complete.class,
                        complete -> assertThat(complete.packet().getClass().getSimpleName())
                                .isEqualTo(kind));
    }

    @Test
    void tenAttachmentsAreTheMost() {
        assertThat(json.text("510-[\"a\"]".getBytes(UTF_8))).isEqualTo(Decoded.INCOMPLETE);
        assertThat(Parser.json(ParserLimits.defaults()).newDecoder().text("511-[\"a\"]".getBytes(UTF_8)))
                .isInstanceOf(Decoded.Malformed.class);
    }

    @Test
    void anEventFollowsABinaryOne() {
        json.text("51-[\"a\",{\"_placeholder\":true,\"num\":0}]".getBytes(UTF_8));
        assertThat(json.binary(new byte[] {1})).isInstanceOf(Decoded.Complete.class);

        assertThat(json.text("2[\"b\"]".getBytes(UTF_8))).isInstanceOf(Decoded.Complete.class);
        assertThat(json.binary(new byte[] {1})).isInstanceOf(Decoded.Malformed.class);
    }

    /** Each is a packet, {@code {type, nsp: "/", …}}, but for one thing; or no MessagePack at all. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nothing | ''",
                "a prefix that does not exist | c1",
                "not a map | 93a1610102",
                "no type | 81a36e7370a12f",
                "no namespace | 81a47479706501",
                "a namespace without a slash | 82a47479706501a36e7370a161",
                "a namespace that is a number | 82a47479706501a36e737001",
                "an unknown type | 82a47479706505a36e7370a12f",
                "a type that is text | 82a474797065a131a36e7370a12f",
                "a negative id | 84a47479706502a36e7370a12fa46461746191a161a26964ff",
                "an id that is text | 84a47479706502a36e7370a12fa46461746191a161a26964a131",
                "an acknowledgement without an id | 83a47479706503a36e7370a12fa46461746190",
                "an acknowledgement that is no array | 84a47479706503a36e7370a12fa46461746180a2696401",
                "a disconnect packet with data | 83a47479706501a36e7370a12fa46461746190",
                "a connect packet with an array | 83a47479706500a36e7370a12fa46461746190",
                "an event without data | 82a47479706502a36e7370a12f",
                "an event without a name | 83a47479706502a36e7370a12fa46461746190",
                "an event with a reserved name | 83a47479706502a36e7370a12fa46461746191aa646973636f6e6e656374",
                "a key that is a number | 83a47479706502a36e7370a12f0191a161",
                "something behind it | 82a47479706501a36e7370a12f00",
                "a value cut short | 82a47479706501a36e7370a2",
                "text that is not UTF-8 | 83a47479706502a36e7370a12fa46461746192a161a1ff",
                "an extension of two bytes | 83a47479706502a36e7370a12fa46461746192a161d5000000",
                "an ArrayBuffer of another type | 83a47479706502a36e7370a12fa46461746192a161c70101 00",
                "an extension of another type | 83a47479706502a36e7370a12fa46461746192a161d40100",
            })
    void messagePackThatIsNoPacket(String what, String hex) {
        assertThat(packed.binary(HexFormat.of().parseHex(hex.replace(" ", ""))))
                .as(what)
                .isInstanceOf(Decoded.Malformed.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7f | 127",
                "cc80 | 128",
                "ccff | 255",
                "cdffff | 65535",
                "ceffffffff | 4294967295",
                "cf7fffffffffffffff | 9223372036854775807",
                "cf8000000000000000 | 9223372036854775808",
                "cfffffffffffffffff | 18446744073709551615",
                "ff | -1",
                "e0 | -32",
                "d080 | -128",
                "d18000 | -32768",
                "d280000000 | -2147483648",
                "d38000000000000000 | -9223372036854775808",
                "ca3fc00000 | 1.5",
                "cb3ff8000000000000 | 1.5",
                "c0 | null",
                "c2 | false",
                "c3 | true",
                "d40000 | null",
                "d7000000000000000001 | \"1970-01-01T00:00:00.001Z\"",
                "c403010203 | \"AQID\"",
                "c703000102 03 | \"AQID\"",
                "d901 61 | \"a\"",
                "da0001 61 | \"a\"",
                "db00000001 61 | \"a\"",
                "dc0001 01 | [1]",
                "dd00000001 01 | [1]",
                "de0001 a161 01 | {\"a\":1}",
                "df00000001 a161 01 | {\"a\":1}",
            })
    void everyFormOfMessagePackIsRead(String hex, String expected) {
        byte[] packet = HexFormat.of().parseHex("83a47479706502a36e7370a12fa46461746192a161" + hex.replace(" ", ""));

        assertThat(packed.binary(packet))
                .isInstanceOfSatisfying(
                        Decoded.Complete.class,
                        complete -> assertThat(((Packet.Event) complete.packet())
                                        .arguments()
                                        .get(0))
                                .hasToString(expected));
    }

    /** The packet and its data are two levels of the hundred. */
    @Test
    void aHundredLevelsOfMessagePackAreTheMost() {
        assertThat(packed.binary(nested(98))).isInstanceOf(Decoded.Complete.class);
        assertThat(packed.binary(nested(99))).isInstanceOf(Decoded.Malformed.class);
    }

    @Test
    void mapsCountAsLevelsToo() {
        assertThat(packed.binary(nestedMaps(97))).isInstanceOf(Decoded.Complete.class);
        assertThat(packed.binary(nestedMaps(99))).isInstanceOf(Decoded.Malformed.class);
    }

    /** As a client may write it that knows one width only. */
    @Test
    void aTypeAndAnIdMayHaveEightBytes() {
        byte[] packet = HexFormat.of()
                .parseHex("84a474797065cf0000000000000002a36e7370a12fa46461746191a161a26964cf0000000000000000");

        assertThat(packed.binary(packet)).isInstanceOfSatisfying(Decoded.Complete.class, complete -> {
            assertThat(((Packet.Event) complete.packet()).name()).isEqualTo("a");
            assertThat(((Packet.Event) complete.packet()).ackId()).isZero();
        });
    }

    /** Map, array, string, binary and extension that claim 2^32-1 entries or bytes, as the packet and within it. */
    @ParameterizedTest
    @ValueSource(strings = {"df", "dd", "db", "c6", "c9"})
    void aLengthThatIsNotThereAllocatesNothing(String prefix) {
        byte[] alone = HexFormat.of().parseHex(prefix + "ffffffff");
        byte[] within = HexFormat.of().parseHex("83a47479706502a36e7370a12fa46461746192a161" + prefix + "ffffffff00");
        packed.binary(alone);
        packed.binary(within);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();

        Decoded first = packed.binary(alone);
        Decoded second = packed.binary(within);

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(100_000);
        assertThat(first).isInstanceOf(Decoded.Malformed.class);
        assertThat(second).isInstanceOf(Decoded.Malformed.class);
    }

    @Test
    void textIsNothingThatMessagePackSpeaks() {
        assertThat(packed.text("0".getBytes(UTF_8))).isInstanceOf(Decoded.Malformed.class);
    }

    private static byte[] nestedMaps(int levels) {
        return HexFormat.of()
                .parseHex("83a47479706502a36e7370a12fa46461746192a161" + "81a161".repeat(levels - 1) + "80");
    }

    private static byte[] nested(int levels) {
        return HexFormat.of().parseHex("83a47479706502a36e7370a12fa46461746192a161" + "91".repeat(levels - 1) + "90");
    }
}
