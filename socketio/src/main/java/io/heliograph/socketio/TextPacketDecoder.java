package io.heliograph.socketio;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Decodes text packets.
 *
 * <p>The JSON of an event without attachments is checked and split into arguments in one pass, without building a tree.
 * With attachments it becomes a tree at once, whose placeholders are replaced when the last attachment has arrived.
 *
 * <p>Threading: owned by the session's loop. Source: socket.io-protocol v5, "Packet encoding"; the checks are those of
 * Node's socket.io-parser.
 */
final class TextPacketDecoder implements PacketDecoder {

    private static final int MAX_ACK_DIGITS = 15;

    private final TextPacketCodec parser;
    private final ObjectMapper mapper;
    private @Nullable Unfinished unfinished;

    TextPacketDecoder(TextPacketCodec parser) {
        this.parser = parser;
        this.mapper = parser.json().mapper();
    }

    /** A binary packet that waits for attachments. */
    private record Unfinished(Head head, ArrayNode tree, List<byte[]> attachments) {}

    /** The part before the JSON; {@code at} is where the JSON begins. */
    private record Head(char type, int attachments, String namespace, long ackId, int at) {}

    @Override
    public Decoded text(byte[] utf8) {
        if (unfinished != null) {
            return new Decoded.Malformed("a text message while binary attachments were expected");
        }
        try {
            return decode(utf8);
        } catch (MalformedPacketException e) {
            return new Decoded.Malformed(e.reason);
        } catch (JacksonException e) {
            return new Decoded.Malformed("JSON is malformed or nested too deeply (maxDepth)");
        } catch (NumberFormatException e) {
            // Jackson lets BigDecimal's own exception through.
            return new Decoded.Malformed("a number whose exponent is out of range");
        }
    }

    @Override
    public Decoded binary(byte[] bytes) {
        Unfinished waiting = unfinished;
        if (waiting == null) {
            return new Decoded.Malformed("a binary message while no attachment was expected");
        }
        waiting.attachments().add(bytes);
        if (waiting.attachments().size() < waiting.head().attachments()) {
            return Decoded.INCOMPLETE;
        }
        unfinished = null;
        try {
            reconstruct(waiting.tree(), waiting.attachments());
            return complete(waiting.head(), waiting.tree());
        } catch (MalformedPacketException e) {
            return new Decoded.Malformed(e.reason);
        }
    }

    private Decoded decode(byte[] utf8) {
        Head head = head(utf8);
        return switch (head.type()) {
            case '0' -> new Decoded.Complete(new Packet.Connect(head.namespace(), auth(utf8, head)));
            case '1' -> {
                require(head.at() == utf8.length, "a disconnect packet with a payload");
                yield new Decoded.Complete(new Packet.Disconnect(head.namespace()));
            }
            case '4' -> new Decoded.Complete(new Packet.ConnectError(head.namespace()));
            case '5', '6' -> {
                JsonNode tree = tree(utf8, head.at());
                require(tree.isArray(), "a payload that is not an array");
                unfinished = new Unfinished(head, (ArrayNode) tree, new ArrayList<>(head.attachments()));
                yield Decoded.INCOMPLETE;
            }
            default -> plain(utf8, head);
        };
    }

    private Head head(byte[] utf8) {
        require(utf8.length > 0, "an empty packet");
        char type = (char) utf8[0];
        require(type >= '0' && type <= '6', "an unknown packet type");
        int at = 1;
        int attachments = 0;
        if (type == '5' || type == '6') {
            int dash = indexOf(utf8, '-', at);
            attachments = (int) number(utf8, at, dash, 9, "an invalid attachment count");
            require(attachments >= 1, "a binary packet without attachments");
            require(attachments <= parser.limits().maxAttachments(), "too many attachments (maxAttachments)");
            at = dash + 1;
        }
        String namespace = "/";
        if (at < utf8.length && utf8[at] == '/') {
            int comma = indexOf(utf8, ',', at);
            namespace = new String(utf8, at, comma - at, StandardCharsets.UTF_8);
            at = Math.min(comma + 1, utf8.length);
        }
        int afterId = at;
        while (afterId < utf8.length && isDigit(utf8[afterId])) {
            afterId++;
        }
        long ackId = afterId == at ? Packet.NO_ACK : number(utf8, at, afterId, MAX_ACK_DIGITS, "an invalid ack id");
        return new Head(type, attachments, namespace, ackId, afterId);
    }

    private JsonNode auth(byte[] utf8, Head head) {
        if (head.at() == utf8.length) {
            return mapper.createObjectNode();
        }
        JsonNode auth = tree(utf8, head.at());
        require(auth.isObject(), "a connect packet whose payload is not an object");
        return auth;
    }

    private JsonNode tree(byte[] utf8, int from) {
        try (var json = parser.factory().createParser(ObjectReadContext.empty(), utf8, from, utf8.length - from)) {
            checkSyntax(json);
        }
        return mapper.readTree(utf8, from, utf8.length - from);
    }

    private static void checkSyntax(tools.jackson.core.JsonParser json) {
        require(json.nextToken() != null, "a packet without a payload");
        json.skipChildren();
        json.finishToken();
        require(json.nextToken() == null, "trailing data after the payload");
    }

    /** An event or acknowledgement without attachments. */
    private Decoded plain(byte[] utf8, Head head) {
        boolean event = head.type() == '2';
        String name = "";
        int[] bounds = new int[8];
        int count = 0;
        try (var json =
                parser.factory().createParser(ObjectReadContext.empty(), utf8, head.at(), utf8.length - head.at())) {
            require(json.nextToken() == JsonToken.START_ARRAY, "a payload that is not an array");
            if (event) {
                name = eventName(json);
            }
            while (json.nextToken() != JsonToken.END_ARRAY) {
                if (count + 2 > bounds.length) {
                    bounds = Arrays.copyOf(bounds, bounds.length * 2);
                }
                bounds[count++] = head.at() + (int) json.currentTokenLocation().getByteOffset();
                json.skipChildren();
                json.finishToken();
                bounds[count++] = head.at() + (int) json.currentLocation().getByteOffset();
            }
            require(json.nextToken() == null, "trailing data after the payload");
        }
        Arguments arguments = Arguments.ofJson(parser.json(), utf8, Arrays.copyOf(bounds, count));
        return new Decoded.Complete(packet(head, name, arguments));
    }

    /** A string, or a number as Node allows too. */
    private static String eventName(tools.jackson.core.JsonParser json) {
        JsonToken token = json.nextToken();
        require(
                token == JsonToken.VALUE_STRING || (token != null && token.isNumeric()),
                "an event whose name is not a string");
        String name = json.getString();
        require(token != JsonToken.VALUE_STRING || !ReservedEvents.contains(name), "a reserved event name");
        return name;
    }

    private Decoded complete(Head head, ArrayNode tree) {
        List<JsonNode> values = new ArrayList<>(tree.values());
        String name = "";
        if (head.type() == '5') {
            require(!values.isEmpty(), "an event without a name");
            JsonNode first = values.removeFirst();
            require(first.isString() || first.isNumber(), "an event whose name is not a string");
            name = first.asString();
            require(!first.isString() || !ReservedEvents.contains(name), "a reserved event name");
        }
        return new Decoded.Complete(packet(head, name, Arguments.ofNodes(parser.json(), values)));
    }

    private static Packet packet(Head head, String name, Arguments arguments) {
        if (head.type() == '2' || head.type() == '5') {
            return new Packet.Event(head.namespace(), head.ackId(), name, arguments);
        }
        require(head.ackId() != Packet.NO_ACK, "an acknowledgement without an id");
        return new Packet.Ack(head.namespace(), head.ackId(), arguments);
    }

    /** Replaces placeholders by their attachments. Recursion is bounded by maxDepth. */
    private static void reconstruct(JsonNode node, List<byte[]> attachments) {
        if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                JsonNode child = array.get(i);
                if (isPlaceholder(child)) {
                    array.set(i, array.binaryNode(attachment(child, attachments)));
                } else {
                    reconstruct(child, attachments);
                }
            }
        } else if (node instanceof ObjectNode object) {
            for (String name : List.copyOf(object.propertyNames())) {
                JsonNode child = object.get(name);
                if (isPlaceholder(child)) {
                    object.set(name, object.binaryNode(attachment(child, attachments)));
                } else {
                    reconstruct(child, attachments);
                }
            }
        }
    }

    private static boolean isPlaceholder(JsonNode node) {
        return node.isObject() && node.path(TextPacketCodec.PLACEHOLDER).asBoolean(false);
    }

    private static byte[] attachment(JsonNode placeholder, List<byte[]> attachments) {
        JsonNode number = placeholder.path(TextPacketCodec.NUMBER);
        boolean valid = number.isInt() && number.intValue() >= 0 && number.intValue() < attachments.size();
        require(valid, "a placeholder that names no attachment");
        return attachments.get(number.intValue());
    }

    private static long number(byte[] utf8, int from, int to, int maxDigits, String reason) {
        require(to > from && to - from <= maxDigits && to <= utf8.length, reason);
        long value = 0;
        for (int i = from; i < to; i++) {
            require(isDigit(utf8[i]), reason);
            value = value * 10 + (utf8[i] - '0');
        }
        return value;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** The index of {@code wanted}, or the end. */
    private static int indexOf(byte[] utf8, char wanted, int from) {
        int at = from;
        while (at < utf8.length && utf8[at] != wanted) {
            at++;
        }
        return at;
    }

    private static void require(boolean condition, String reason) {
        if (!condition) {
            throw new MalformedPacketException(reason);
        }
    }

    /** Never leaves the decoder. Without a stack trace, since peers can cause many. */
    private static final class MalformedPacketException extends RuntimeException {
        private final String reason;

        MalformedPacketException(String reason) {
            super(reason, null, false, false);
            this.reason = reason;
        }
    }
}
