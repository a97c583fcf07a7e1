package io.heliograph.socketio;

import io.heliograph.engineio.Message;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Each packet is one binary message: a MessagePack map with {@code type}, {@code nsp}, {@code data} and {@code id}. Binary
 * is part of the data, so there are no attachments and no binary packet types.
 *
 * <p>Threading: immutable. Source: npm's socket.io-msgpack-parser 3.
 */
final class MessagePackPacketCodec extends Parser {

    private static final int CONNECT = 0;
    private static final int DISCONNECT = 1;
    private static final int EVENT = 2;
    private static final int ACK = 3;
    private static final int CONNECT_ERROR = 4;

    private final ParserLimits limits;
    private final JsonBinding json;
    private final ObjectMapper mapper;

    MessagePackPacketCodec(ParserLimits limits) {
        this.limits = limits;
        this.json = new JsonBinding(limits.json());
        this.mapper = json.mapper();
    }

    @Override
    JsonBinding json() {
        return json;
    }

    @Override
    PacketDecoder newDecoder() {
        return new Decoder();
    }

    @Override
    List<Message> event(String namespace, long ackId, String name, List<?> arguments) {
        ArrayNode data = mapper.createArrayNode();
        data.add(name);
        arguments.forEach(argument -> data.add(json.tree(argument)));
        return List.of(message(EVENT, namespace, data, ackId));
    }

    @Override
    List<Message> event(String namespace, String name, byte[] first, String last) {
        return event(namespace, Packet.NO_ACK, name, List.of(mapper.readTree(first), last));
    }

    @Override
    List<Message> ack(String namespace, long ackId, List<?> arguments) {
        ArrayNode data = mapper.createArrayNode();
        arguments.forEach(argument -> data.add(json.tree(argument)));
        return List.of(message(ACK, namespace, data, ackId));
    }

    @Override
    Message connect(String namespace, ConnectResponse answer) {
        ObjectNode data = mapper.createObjectNode();
        data.put("sid", answer.socketId());
        answer.pid().ifPresent(pid -> data.put("pid", pid));
        return message(CONNECT, namespace, data, Packet.NO_ACK);
    }

    @Override
    Message connectError(String namespace, ConnectError error) {
        ObjectNode data = mapper.createObjectNode();
        data.put("message", error.message());
        error.data().ifPresent(more -> data.set("data", json.tree(more)));
        return message(CONNECT_ERROR, namespace, data, Packet.NO_ACK);
    }

    @Override
    Message disconnect(String namespace) {
        return message(DISCONNECT, namespace, null, Packet.NO_ACK);
    }

    private Message message(int type, String namespace, @Nullable JsonNode data, long ackId) {
        ObjectNode packet = mapper.createObjectNode();
        packet.put("type", type);
        packet.put("nsp", namespace);
        if (data != null) {
            packet.set("data", data);
        }
        if (ackId != Packet.NO_ACK) {
            packet.put("id", ackId);
        }
        return Message.binary(MessagePack.write(packet));
    }

    /** Keeps nothing between messages. */
    private final class Decoder implements PacketDecoder {

        @Override
        public Decoded text(byte[] utf8) {
            return new Decoded.Malformed("a text message; MessagePack packets are binary");
        }

        @Override
        public Decoded binary(byte[] bytes) {
            try {
                return decode(MessagePack.read(bytes, limits.maxDepth(), JsonNodeFactory.instance));
            } catch (MessagePack.MalformedException e) {
                return new Decoded.Malformed("MessagePack is malformed or nested too deeply (maxDepth)");
            }
        }

        /** The checks are those of socket.io-msgpack-parser, and of the JSON parser where it has more. */
        private Decoded decode(JsonNode packet) {
            JsonNode type = packet.path("type");
            JsonNode namespace = packet.path("nsp");
            JsonNode id = packet.path("id");
            JsonNode data = packet.path("data");
            boolean withId = id.isIntegralNumber() && id.canConvertToLong() && id.longValue() >= 0;
            boolean withData = !data.isMissingNode() && !data.isNull();
            boolean idFits = withId || id.isMissingNode() || id.isNull();
            boolean named = namespace.isString() && namespace.stringValue().startsWith("/");
            if (!packet.isObject() || !type.isInt() || !named || !idFits) {
                return new Decoded.Malformed("a packet with an invalid type, namespace or id");
            }
            String name = namespace.stringValue();
            long ackId = withId ? id.longValue() : Packet.NO_ACK;
            return switch (type.intValue()) {
                case CONNECT ->
                    !withData || data.isObject()
                            ? complete(new Packet.Connect(name, withData ? data : mapper.createObjectNode()))
                            : new Decoded.Malformed("a connect packet whose payload is not an object");
                case DISCONNECT ->
                    withData
                            ? new Decoded.Malformed("a disconnect packet with a payload")
                            : complete(new Packet.Disconnect(name));
                case EVENT -> event(name, ackId, data);
                case ACK ->
                    withId && data.isArray()
                            ? complete(new Packet.Ack(name, ackId, Arguments.ofNodes(json, values(data))))
                            : new Decoded.Malformed("an acknowledgement without an id, or that is not an array");
                case CONNECT_ERROR -> complete(new Packet.ConnectError(name));
                default -> new Decoded.Malformed("an unknown packet type");
            };
        }

        private Decoded event(String namespace, long ackId, JsonNode data) {
            JsonNode first = data.path(0);
            boolean named = first.isNumber() || (first.isString() && !ReservedEvents.contains(first.stringValue()));
            if (!data.isArray() || !named) {
                return new Decoded.Malformed("an event whose name is reserved or not a string");
            }
            List<JsonNode> values = values(data);
            values.removeFirst();
            return complete(new Packet.Event(namespace, ackId, first.asString(), Arguments.ofNodes(json, values)));
        }

        private static List<JsonNode> values(JsonNode array) {
            return new ArrayList<>(array.values());
        }

        private static Decoded complete(Packet packet) {
            return new Decoded.Complete(packet);
        }
    }
}
