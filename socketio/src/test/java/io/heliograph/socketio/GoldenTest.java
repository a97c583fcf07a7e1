package io.heliograph.socketio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.engineio.EngineIoSettings;
import io.heliograph.engineio.Message;
import io.heliograph.engineio.MessageBytes;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What Java writes and reads is, byte for byte, what the npm packages wrote and said when {@code golden.mjs} recorded it. */
class GoldenTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern ID = Pattern.compile("\"(sid|pid)\":\"([^\"]+)\"");

    @TestFactory
    Stream<DynamicTest> jsonPackets() {
        return packets("packets.json", Parser.json(ParserLimits.defaults()));
    }

    @TestFactory
    Stream<DynamicTest> messagePackPackets() {
        return packets("messagepack.json", Parser.messagePack(ParserLimits.defaults()));
    }

    /** The client's part of a recorded conversation, said to our server, gets the answers that Node's server gave. */
    @Test
    void aRecordedConversationGoesTheSameWay() {
        SocketIoServer io = SocketIoServer.builder()
                .engine(EngineIoSettings.builder().path("/socket.io/").build())
                .callbacks(Callbacks.LOOP)
                .build();
        io.of("/").onConnection(socket -> {
            socket.on(
                    "echo",
                    (arguments, ack) -> ack.send(TestApplication.all(arguments).toArray()));
            socket.on(
                    "ask",
                    (arguments, ack) -> socket.emitWithAck("question", 1, new byte[] {9})
                            .thenAccept(answer -> socket.emit("answered", answer.get(0))));
        });
        io.of("/guarded").use((socket, next) -> next.reject(ConnectError.of("not allowed", Map.of("code", 7))));
        List<String> expected = new ArrayList<>();
        List<String> heard = new ArrayList<>();
        try (Peer peer = new Peer(io)) {
            for (JsonNode line : golden("conversation-websocket.json")) {
                JsonNode data = line.path("data");
                boolean binary = data.isObject();
                if (!line.path("type").stringValue().equals("message")) {
                    continue;
                }
                if (line.path("from").stringValue().equals("server")) {
                    expected.add(binary ? "binary " + bytes(data).length : data.stringValue());
                } else if (binary) {
                    peer.send(bytes(data));
                } else {
                    peer.send(data.stringValue());
                }
            }
            heard.addAll(peer.received());
        }

        assertThat(named(heard, 2)).containsExactlyElementsOf(expected);
    }

    private static Stream<DynamicTest> packets(String file, Parser parser) {
        return golden(file)
                .valueStream()
                .flatMap(entry -> Stream.of(
                        DynamicTest.dynamicTest(
                                "decode: " + entry.path("name").stringValue(), () -> decodes(entry, parser)),
                        DynamicTest.dynamicTest(
                                "encode: " + entry.path("name").stringValue(), () -> encodes(entry, parser))));
    }

    private static void decodes(JsonNode entry, Parser parser) {
        PacketDecoder decoder = parser.newDecoder();
        Decoded decoded = Decoded.INCOMPLETE;
        for (JsonNode part : entry.path("wire")) {
            assertThat(decoded).isEqualTo(Decoded.INCOMPLETE);
            decoded = part.isString() ? decoder.text(part.stringValue().getBytes(UTF_8)) : decoder.binary(bytes(part));
        }

        assertThat(decoded).isInstanceOf(Decoded.Complete.class);
        assertThat(described(((Decoded.Complete) decoded).packet())).isEqualTo(entry.path("packet"));
    }

    /** Of CONNECT, a server writes its own kind only, which the recorded conversation has. */
    private static void encodes(JsonNode entry, Parser parser) {
        JsonNode packet = entry.path("packet");
        if (packet.path("type").intValue() == 0) {
            return;
        }
        List<Object> written = new ArrayList<>();
        for (Message message : encode(packet, parser)) {
            byte[] payload = MessageBytes.payload(message);
            written.add(message.binary() ? Base64.getEncoder().encodeToString(payload) : new String(payload, UTF_8));
        }

        assertThat(written)
                .containsExactlyElementsOf(entry.path("wire")
                        .valueStream()
                        .map(part -> part.isString()
                                ? part.stringValue()
                                : part.path("$binary").stringValue())
                        .toList());
    }

    private static List<Message> encode(JsonNode packet, Parser parser) {
        String namespace = packet.path("nsp").stringValue();
        long ackId = packet.path("id").asLong(Packet.NO_ACK);
        List<JsonNode> data = new ArrayList<>(withBinary(packet.path("data")).values());
        return switch (packet.path("type").intValue()) {
            case 1 -> List.of(parser.disconnect(namespace));
            case 2 -> parser.event(namespace, ackId, data.removeFirst().stringValue(), data);
            case 3 -> parser.ack(namespace, ackId, data);
            default -> throw new IllegalStateException("a type that was not recorded");
        };
    }

    /** A packet as the recording describes it. */
    private static JsonNode described(Packet packet) {
        ObjectNode described = JSON.createObjectNode();
        ArrayNode data = JSON.createArrayNode();
        long ackId = Packet.NO_ACK;
        switch (packet) {
            case Packet.Connect connect -> {
                described.put("type", 0).put("nsp", connect.namespace());
                if (!connect.auth().isEmpty()) {
                    described.set("data", connect.auth());
                }
                return described;
            }
            case Packet.Disconnect disconnect -> {
                return described.put("type", 1).put("nsp", disconnect.namespace());
            }
            case Packet.Event event -> {
                described.put("type", 2);
                data.add(event.name());
                TestApplication.all(event.arguments()).forEach(argument -> data.add(marked(argument)));
                ackId = event.ackId();
            }
            case Packet.Ack ack -> {
                described.put("type", 3);
                TestApplication.all(ack.arguments()).forEach(argument -> data.add(marked(argument)));
                ackId = ack.ackId();
            }
            case Packet.ConnectError error -> throw new IllegalStateException("nobody sent " + error);
        }
        described.put("nsp", packet.namespace()).set("data", data);
        if (ackId != Packet.NO_ACK) {
            described.put("id", ackId);
        }
        // Written and read once, so that numbers are of the same kind on both sides.
        return JSON.readTree(described.toString());
    }

    private static JsonNode marked(JsonNode value) {
        return switch (value) {
            case ArrayNode array -> {
                ArrayNode marked = JSON.createArrayNode();
                array.forEach(element -> marked.add(marked(element)));
                yield marked;
            }
            case ObjectNode object -> {
                ObjectNode marked = JSON.createObjectNode();
                object.forEachEntry((name, element) -> marked.set(name, marked(element)));
                yield marked;
            }
            default ->
                value.isBinary()
                        ? JSON.createObjectNode()
                                .put("$binary", Base64.getEncoder().encodeToString(value.binaryValue()))
                        : value;
        };
    }

    private static JsonNode withBinary(JsonNode value) {
        if (value.has("$binary")) {
            return JsonNodeFactory.instance.binaryNode(bytes(value));
        }
        return switch (value) {
            case ArrayNode array -> {
                ArrayNode all = JSON.createArrayNode();
                array.forEach(element -> all.add(withBinary(element)));
                yield all;
            }
            case ObjectNode object -> {
                ObjectNode all = JSON.createObjectNode();
                object.forEachEntry((name, element) -> all.set(name, withBinary(element)));
                yield all;
            }
            default -> value;
        };
    }

    private static byte[] bytes(JsonNode marked) {
        return Base64.getDecoder().decode(marked.path("$binary").stringValue());
    }

    /** Ids as the recording names them: sid1, sid2, … The session's own is the first. */
    private static List<String> named(List<String> lines, int first) {
        Map<String, String> known = new HashMap<>();
        return lines.stream()
                .map(line -> {
                    Matcher ids = ID.matcher(line);
                    return ids.replaceAll(id -> "\"" + id.group(1) + "\":\""
                            + known.computeIfAbsent(id.group(2), key -> id.group(1) + (first + known.size())) + "\"");
                })
                .toList();
    }

    private static JsonNode golden(String file) {
        try (InputStream recorded = GoldenTest.class.getResourceAsStream("/golden/" + file)) {
            return JSON.readTree(recorded);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
