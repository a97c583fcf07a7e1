package io.heliograph.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.engineio.Message;
import io.heliograph.engineio.MessageBytes;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.instancio.junit.InstancioExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Every packet survives its round trip, in both parsers. */
@ExtendWith(InstancioExtension.class)
class PacketPropertiesTest {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Parser json = Parser.json(ParserLimits.defaults());
    private final Parser messagePack = Parser.messagePack(ParserLimits.defaults());

    /** Where a packet goes. */
    record Head(String namespace, long ackId, String name) {}

    @Test
    void eventsSurviveAsJson() {
        Randoms.samples(1000)
                .forEach(
                        random -> surviveAsEvent(json, head(random), trees(random, PacketPropertiesTest::exactNumber)));
    }

    @Test
    void acknowledgementsSurviveAsJson() {
        Randoms.samples(1000)
                .forEach(random -> surviveAsAck(json, head(random), trees(random, PacketPropertiesTest::exactNumber)));
    }

    @Test
    void eventsSurviveAsMessagePack() {
        Randoms.samples(1000)
                .forEach(random ->
                        surviveAsEvent(messagePack, head(random), trees(random, PacketPropertiesTest::packedNumber)));
    }

    @Test
    void acknowledgementsSurviveAsMessagePack() {
        Randoms.samples(1000)
                .forEach(random ->
                        surviveAsAck(messagePack, head(random), trees(random, PacketPropertiesTest::packedNumber)));
    }

    @Test
    void binarySurvivesAtAnyDepth() {
        Randoms.samples(1000).forEach(random -> {
            Head head = head(random);
            JsonNode argument = withBinary(random);
            surviveAsEvent(json, head, List.of(argument));
            surviveAsEvent(messagePack, head, List.of(argument));
        });
    }

    private static Head head(Random random) {
        String namespace = "/" + Randoms.text(random, 12).replace(',', ';');
        long ackId = random.nextInt(4) == 0 ? random.nextLong(-1, 11) : random.nextLong(-1, 1_000_000_000_000_000L);
        String name = Randoms.text(random, 12);
        return new Head(namespace, ackId, ReservedEvents.contains(name) ? "say" : name);
    }

    private static JsonNode exactNumber(Random random) {
        BigInteger integer = new BigInteger(random.nextInt(201), random);
        BigInteger signed = random.nextBoolean() ? integer : integer.negate();
        return random.nextBoolean()
                ? NODES.numberNode(signed)
                : NODES.numberNode(new BigDecimal(signed, random.nextInt(21)));
    }

    /** The format has 64-bit integers and 64-bit floats only. */
    private static JsonNode packedNumber(Random random) {
        long integer = random.nextLong() >> random.nextInt(64);
        double fraction = random.nextGaussian() * Math.pow(10, random.nextInt(-300, 15));
        return random.nextBoolean() || fraction % 1 == 0 ? NODES.numberNode(integer) : NODES.numberNode(fraction);
    }

    private static List<JsonNode> trees(Random random, Function<Random, JsonNode> number) {
        return Stream.generate(() -> tree(random, number, 4))
                .limit(random.nextInt(7))
                .toList();
    }

    private static JsonNode tree(Random random, Function<Random, JsonNode> number, int depth) {
        int kind = random.nextInt(depth == 0 ? 6 : 10);
        return switch (kind) {
            case 0, 1 -> number.apply(random);
            case 2, 3 -> NODES.stringNode(Randoms.text(random, 30));
            case 4 -> NODES.booleanNode(random.nextBoolean());
            case 5 -> NODES.nullNode();
            case 6, 7 -> {
                ArrayNode array = NODES.arrayNode();
                children(random, number, depth, (_, child) -> array.add(child));
                yield array;
            }
            default -> {
                ObjectNode object = NODES.objectNode();
                children(random, number, depth, object::set);
                yield object;
            }
        };
    }

    private static void children(
            Random random, Function<Random, JsonNode> number, int depth, BiConsumer<String, JsonNode> add) {
        for (int count = random.nextInt(5); count > 0; count--) {
            String name = Randoms.text(random, 30);
            add.accept(name.equals("_placeholder") ? "placeholder" : name, tree(random, number, depth - 1));
        }
    }

    /** Up to ten attachments, as many as one packet may have, each at a depth of its own. */
    private static JsonNode withBinary(Random random) {
        ArrayNode root = NODES.arrayNode();
        for (int leaves = random.nextInt(11); leaves > 0; leaves--) {
            JsonNode wrapped = NODES.binaryNode(Randoms.bytes(random, 300));
            for (int depth = random.nextInt(6); depth > 0; depth--) {
                wrapped = random.nextBoolean()
                        ? NODES.arrayNode().add(wrapped)
                        : NODES.objectNode().set("k" + depth, wrapped);
            }
            root.add(wrapped);
        }
        return root;
    }

    private static void surviveAsEvent(Parser parser, Head head, List<JsonNode> arguments) {
        Packet packet = roundTrip(parser, parser.event(head.namespace(), head.ackId(), head.name(), arguments));

        assertThat(packet).isInstanceOfSatisfying(Packet.Event.class, event -> {
            assertThat(event.namespace()).isEqualTo(head.namespace());
            assertThat(event.ackId()).isEqualTo(head.ackId());
            assertThat(event.name()).isEqualTo(head.name());
            assertThat(TestApplication.all(event.arguments()).toString()).isEqualTo(arguments.toString());
        });
    }

    private static void surviveAsAck(Parser parser, Head head, List<JsonNode> arguments) {
        long ackId = Math.abs(head.ackId());

        Packet packet = roundTrip(parser, parser.ack(head.namespace(), ackId, arguments));

        assertThat(packet).isInstanceOfSatisfying(Packet.Ack.class, ack -> {
            assertThat(ack.ackId()).isEqualTo(ackId);
            assertThat(TestApplication.all(ack.arguments()).toString()).isEqualTo(arguments.toString());
        });
    }

    private static Packet roundTrip(Parser parser, List<Message> messages) {
        PacketDecoder decoder = parser.newDecoder();
        Decoded decoded = Decoded.INCOMPLETE;
        for (Message message : messages) {
            byte[] payload = MessageBytes.payload(message);
            decoded = message.binary() ? decoder.binary(payload) : decoder.text(payload);
        }
        assertThat(decoded).isInstanceOf(Decoded.Complete.class);
        return ((Decoded.Complete) decoded).packet();
    }
}
