package io.heliograph.socketio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets with attachments. Source: socket.io-protocol v5, "Packet encoding"; Node's socket.io-parser, {@code binary.js}. */
class BinaryEventsTest {

    private static final byte[] ONE = {1};
    private static final byte[] TWO = {2, 2};
    private static final byte[] THREE = {3, 3, 3};

    private final PacketDecoder decoder = Parser.json(ParserLimits.defaults()).newDecoder();

    @Test
    void aPlaceholderNamesItsAttachmentWhereverItStands() {
        Arguments arguments = event(
                "53-[\"files\",{\"_placeholder\":true,\"num\":2},{\"_placeholder\":true,\"num\":0},"
                        + "{\"_placeholder\":true,\"num\":1}]",
                ONE,
                TWO,
                THREE);

        assertThat(arguments.get(0, byte[].class)).isEqualTo(THREE);
        assertThat(arguments.get(1, byte[].class)).isEqualTo(ONE);
        assertThat(arguments.get(2, byte[].class)).isEqualTo(TWO);
    }

    @Test
    void aPlaceholderMayStandInAnObjectAndInAnArray() {
        Arguments arguments = event(
                "52-[\"files\",{\"name\":\"a\",\"parts\":[7,{\"_placeholder\":true,\"num\":1}],"
                        + "\"whole\":{\"_placeholder\":true,\"num\":0}}]",
                ONE,
                TWO);

        assertThat(arguments.get(0).path("whole").binaryValue()).isEqualTo(ONE);
        assertThat(arguments.get(0).path("parts").get(1).binaryValue()).isEqualTo(TWO);
        assertThat(arguments.get(0).path("parts").get(0).intValue()).isEqualTo(7);
        assertThat(arguments.get(0).path("name").stringValue()).isEqualTo("a");
    }

    @Test
    void anAttachmentThatNoPlaceholderNamesIsLost() {
        Arguments arguments = event("52-[\"file\",{\"_placeholder\":true,\"num\":1}]", ONE, TWO);

        assertThat(arguments.size()).isEqualTo(1);
        assertThat(arguments.get(0, byte[].class)).isEqualTo(TWO);
    }

    @Test
    void anAttachmentMayBeEmpty() {
        assertThat(event("51-[\"file\",{\"_placeholder\":true,\"num\":0}]", new byte[0])
                        .get(0, byte[].class))
                .isEmpty();
    }

    /** As in Node, {@code _placeholder} must be true: other objects are what they are. */
    @ParameterizedTest
    @ValueSource(strings = {"{\"_placeholder\":false,\"num\":0}", "{\"placeholder\":true,\"num\":0}", "{\"num\":0}"})
    void anObjectThatIsNoPlaceholderStaysAsItIs(String object) {
        Arguments arguments = event("51-[\"file\"," + object + "]", ONE);

        assertThat(arguments.get(0)).hasToString(object);
    }

    /** Of a packet without attachments nothing is replaced. */
    @Test
    void inAPlainEventAPlaceholderIsAnObject() {
        Decoded decoded = decoder.text("2[\"file\",{\"_placeholder\":true,\"num\":0}]".getBytes(UTF_8));

        assertThat(((Packet.Event) ((Decoded.Complete) decoded).packet())
                        .arguments()
                        .get(0))
                .hasToString("{\"_placeholder\":true,\"num\":0}");
    }

    @Test
    void aPacketIsCompleteWithItsLastAttachmentAndNotBefore() {
        assertThat(decoder.text("53-[\"a\"]".getBytes(UTF_8))).isEqualTo(Decoded.INCOMPLETE);
        assertThat(decoder.binary(ONE)).isEqualTo(Decoded.INCOMPLETE);
        assertThat(decoder.binary(TWO)).isEqualTo(Decoded.INCOMPLETE);

        assertThat(decoder.binary(THREE)).isInstanceOf(Decoded.Complete.class);
    }

    @Test
    void textBetweenTheAttachmentsIsMalformed() {
        decoder.text("52-[\"a\"]".getBytes(UTF_8));
        decoder.binary(ONE);

        assertThat(decoder.text("2[\"b\"]".getBytes(UTF_8)))
                .isEqualTo(new Decoded.Malformed("a text message while binary attachments were expected"));
    }

    @Test
    void namespaceAndIdStandBehindTheCount() {
        decoder.text("51-/admin,12[\"file\",{\"_placeholder\":true,\"num\":0}]".getBytes(UTF_8));

        Packet packet = ((Decoded.Complete) decoder.binary(ONE)).packet();

        assertThat(packet.namespace()).isEqualTo("/admin");
        assertThat(((Packet.Event) packet).ackId()).isEqualTo(12);
        assertThat(((Packet.Event) packet).name()).isEqualTo("file");
    }

    @Test
    void aNumberMayBeTheNameOfABinaryEventToo() {
        decoder.text("51-[7,{\"_placeholder\":true,\"num\":0}]".getBytes(UTF_8));

        Packet packet = ((Decoded.Complete) decoder.binary(ONE)).packet();

        assertThat(((Packet.Event) packet).name()).isEqualTo("7");
    }

    @Test
    void anAnswerWithAttachmentsNeedsAnId() {
        decoder.text("61-[{\"_placeholder\":true,\"num\":0}]".getBytes(UTF_8));

        assertThat(decoder.binary(ONE)).isEqualTo(new Decoded.Malformed("an acknowledgement without an id"));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 2, 3})
    void aPlaceholderBeyondTheAttachmentsIsMalformed(int number) {
        decoder.text(("52-[\"a\",{\"_placeholder\":true,\"num\":" + number + "}]").getBytes(UTF_8));
        decoder.binary(ONE);

        assertThat(decoder.binary(TWO)).isEqualTo(new Decoded.Malformed("a placeholder that names no attachment"));
    }

    @Test
    void theBoundOfAttachmentsIsTheApplications() {
        ParserLimits limits = new ParserLimits(100, 2, ParserLimits.defaults().json());

        assertThat(Parser.json(limits).newDecoder().text("52-[\"a\"]".getBytes(UTF_8)))
                .isEqualTo(Decoded.INCOMPLETE);
        assertThat(Parser.json(limits).newDecoder().text("53-[\"a\"]".getBytes(UTF_8)))
                .isEqualTo(new Decoded.Malformed("too many attachments (maxAttachments)"));
    }

    @Test
    void whatIsEmittedHasItsAttachmentsBehindItInOrder() {
        try (Clients clients = new Clients(Clients.Loops.ONE_FOR_EACH)) {
            List<Clients.Connected> all = clients.connect(2);
            Map<String, Object> file = new LinkedHashMap<>();
            file.put("name", "a");
            file.put("parts", List.of(TWO, THREE));

            clients.main().emit("files", ONE, file);
            clients.main().emit("plain");

            for (Clients.Connected one : all) {
                assertThat(one.received())
                        .containsExactly(
                                "53-[\"files\",{\"_placeholder\":true,\"num\":0},{\"name\":\"a\",\"parts\":["
                                        + "{\"_placeholder\":true,\"num\":1},{\"_placeholder\":true,\"num\":2}]}]",
                                "binary 1",
                                "binary 2",
                                "binary 3",
                                "2[\"plain\"]");
            }
        }
    }

    private Arguments event(String header, byte[]... attachments) {
        Decoded decoded = decoder.text(header.getBytes(UTF_8));
        for (byte[] attachment : attachments) {
            assertThat(decoded).isEqualTo(Decoded.INCOMPLETE);
            decoded = decoder.binary(attachment);
        }
        return ((Packet.Event) ((Decoded.Complete) decoded).packet()).arguments();
    }
}
