package io.heliograph.socketio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.engineio.Message;
import io.heliograph.engineio.MessageBytes;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Every packet survives its round trip, in both parsers. jqwik prints the seed of what fails. */
class PacketPropertiesTest {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Parser json = Parser.json(ParserLimits.defaults());
    private final Parser messagePack = Parser.messagePack(ParserLimits.defaults());

    /** Where a packet goes. */
    record Head(String namespace, long ackId, String name) {}

    @Property
    void eventsSurviveAsJson(@ForAll("heads") Head head, @ForAll("json") List<JsonNode> arguments) {
        surviveAsEvent(json, head, arguments);
    }

    @Property
    void acknowledgementsSurviveAsJson(@ForAll("heads") Head head, @ForAll("json") List<JsonNode> arguments) {
        surviveAsAck(json, head, arguments);
    }

    @Property
    void eventsSurviveAsMessagePack(@ForAll("heads") Head head, @ForAll("packed") List<JsonNode> arguments) {
        surviveAsEvent(messagePack, head, arguments);
    }

    @Property
    void acknowledgementsSurviveAsMessagePack(@ForAll("heads") Head head, @ForAll("packed") List<JsonNode> arguments) {
        surviveAsAck(messagePack, head, arguments);
    }

    @Provide
    Arbitrary<Head> heads() {
        Arbitrary<String> names = Arbitraries.strings()
                .all()
                .ofMaxLength(12)
                .filter(name -> !ReservedEvents.contains(name) && isText(name));
        Arbitrary<String> namespaces = Arbitraries.strings()
                .all()
                .excludeChars(',')
                .ofMaxLength(12)
                .filter(PacketPropertiesTest::isText)
                .map(name -> "/" + name);
        Arbitrary<Long> ids = Arbitraries.longs().between(-1, 999_999_999_999_999L);
        return Combinators.combine(namespaces, ids, names).as(Head::new);
    }

    @Provide
    Arbitrary<List<JsonNode>> json() {
        Arbitrary<JsonNode> numbers = Arbitraries.oneOf(
                Arbitraries.bigIntegers()
                        .between(BigInteger.TWO.pow(200).negate(), BigInteger.TWO.pow(200))
                        .map(NODES::numberNode),
                Arbitraries.bigDecimals()
                        .between(new BigDecimal("-1e40"), new BigDecimal("1e40"))
                        .ofScale(20)
                        .map(NODES::numberNode));
        return trees(numbers, 4).list().ofMaxSize(6);
    }

    /** The format has 64-bit integers and 64-bit floats only. */
    @Provide
    Arbitrary<List<JsonNode>> packed() {
        Arbitrary<JsonNode> numbers = Arbitraries.oneOf(
                Arbitraries.longs().map(NODES::numberNode),
                Arbitraries.doubles().filter(value -> value % 1 != 0).map(NODES::numberNode));
        return trees(numbers, 4).list().ofMaxSize(6);
    }

    private static Arbitrary<JsonNode> trees(Arbitrary<JsonNode> numbers, int depth) {
        Arbitrary<String> texts = Arbitraries.strings().all().ofMaxLength(30).filter(PacketPropertiesTest::isText);
        Arbitrary<JsonNode> leaves = Arbitraries.oneOf(
                numbers,
                texts.map(NODES::stringNode),
                Arbitraries.of(true, false).map(NODES::booleanNode),
                Arbitraries.just(NODES.nullNode()));
        if (depth == 0) {
            return leaves;
        }
        Arbitrary<JsonNode> children = trees(numbers, depth - 1);
        Arbitrary<JsonNode> arrays = children.list().ofMaxSize(4).map(elements -> {
            ArrayNode array = NODES.arrayNode();
            elements.forEach(array::add);
            return array;
        });
        Arbitrary<JsonNode> objects = Arbitraries.maps(texts.filter(name -> !name.equals("_placeholder")), children)
                .ofMaxSize(4)
                .map(properties -> {
                    ObjectNode object = NODES.objectNode();
                    properties.forEach(object::set);
                    return object;
                });
        // No more than ten attachments in one packet: few of the leaves are binary.
        return Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(6, leaves),
                net.jqwik.api.Tuple.of(2, arrays),
                net.jqwik.api.Tuple.of(2, objects));
    }

    /** Half of a surrogate pair is no text that UTF-8 could hold. */
    private static boolean isText(String text) {
        return UTF_8.newEncoder().canEncode(text);
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

    @Property
    void binarySurvivesAtAnyDepth(@ForAll("withBinary") JsonNode argument, @ForAll("heads") Head head) {
        surviveAsEvent(json, head, List.of(argument));
        surviveAsEvent(messagePack, head, List.of(argument));
    }

    @Provide
    Arbitrary<JsonNode> withBinary() {
        Arbitrary<JsonNode> binary =
                Arbitraries.bytes().array(byte[].class).ofMaxSize(300).map(NODES::binaryNode);
        return Combinators.combine(binary.list().ofMaxSize(10), Arbitraries.longs())
                .as((leaves, seed) -> {
                    // A tree whose shape the seed decides, with these leaves.
                    java.util.Random random = new java.util.Random(seed);
                    ArrayNode root = NODES.arrayNode();
                    for (JsonNode leaf : leaves) {
                        JsonNode wrapped = leaf;
                        for (int depth = random.nextInt(6); depth > 0; depth--) {
                            wrapped = random.nextBoolean()
                                    ? NODES.arrayNode().add(wrapped)
                                    : NODES.objectNode().set("k" + depth, wrapped);
                        }
                        root.add(wrapped);
                    }
                    return root;
                });
    }
}
