package io.heliograph.engineio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Polling payloads are, byte for byte, those that engine.io-parser made when {@code web/peers/src/golden.mjs} recorded it. */
class GoldenTest {

    @TestFactory
    Stream<DynamicTest> payloads() throws IOException {
        try (InputStream recorded = GoldenTest.class.getResourceAsStream("/golden/payloads.json")) {
            return new JsonMapper()
                    .readTree(recorded)
                    .valueStream()
                    .map(entry -> DynamicTest.dynamicTest(
                            entry.path("name").stringValue(),
                            () -> same(
                                    entry.path("packets"), entry.path("payload").stringValue())));
        }
    }

    private static void same(JsonNode packets, String payload) {
        List<Packet> decoded = new ArrayList<>();
        Payload.decode(payload.getBytes(UTF_8), decoded::add);
        ByteBuf encoded = Payload.encode(
                UnpooledByteBufAllocator.DEFAULT,
                packets.valueStream().map(GoldenTest::message).toList());
        String written = encoded.toString(UTF_8);
        encoded.release();

        assertThat(decoded)
                .containsExactlyElementsOf(
                        packets.valueStream().map(GoldenTest::packet).toList());
        assertThat(written).isEqualTo(payload);
    }

    private static Packet packet(JsonNode packet) {
        JsonNode data = packet.path("data");
        return switch (packet.path("type").stringValue()) {
            case "message" ->
                data.isObject()
                        ? new Packet.Binary(bytes(data))
                        : new Packet.Text(data.stringValue().getBytes(UTF_8));
            case "close" -> Packet.CLOSE;
            case "ping" -> data.isMissingNode() ? Packet.PING : Packet.PROBE;
            case "pong" -> Packet.PONG;
            case "upgrade" -> Packet.UPGRADE;
            default -> Packet.IGNORED;
        };
    }

    private static Message message(JsonNode packet) {
        JsonNode data = packet.path("data");
        return switch (packet.path("type").stringValue()) {
            case "message" -> data.isObject() ? Message.binary(bytes(data)) : Message.text(data.stringValue());
            case "close" -> Message.CLOSE;
            case "noop" -> Message.NOOP;
            case "ping" -> data.isMissingNode() ? Message.PING : Message.packet("2probe");
            case "pong" -> data.isMissingNode() ? Message.packet("3") : Message.PROBE_ANSWER;
            default -> Message.packet("5");
        };
    }

    private static byte[] bytes(JsonNode marked) {
        return Base64.getDecoder().decode(marked.path("$binary").stringValue());
    }
}
