package io.heliograph.socketio;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heliograph.engineio.Message;
import io.heliograph.engineio.MessageBytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Fuzz target: one session's messages are packets or malformed; every argument of a packet is there, and survives being
 * encoded and decoded again.
 *
 * <p>Input: messages one after the other: 0xFF begins text, 0xFE an attachment. Neither occurs in UTF-8.
 */
final class PacketDecoderFuzz {

    private static final Parser PARSER = Parser.json(ParserLimits.defaults());

    private PacketDecoderFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        PacketDecoder decoder = PARSER.newDecoder();
        int from = 0;
        while (from < data.length) {
            int to = from + 1;
            while (to < data.length && data[to] != (byte) 0xFF && data[to] != (byte) 0xFE) {
                to++;
            }
            byte[] message = Arrays.copyOfRange(data, from, to);
            Decoded decoded;
            if (message[0] == (byte) 0xFE) {
                decoded = decoder.binary(Arrays.copyOfRange(message, 1, message.length));
            } else {
                int text = message[0] == (byte) 0xFF ? 1 : 0;
                // Never anything but UTF-8: the layer below sees to it.
                decoded = decoder.text(new String(message, text, message.length - text, UTF_8).getBytes(UTF_8));
            }
            if (decoded instanceof Decoded.Malformed) {
                return;
            }
            if (decoded instanceof Decoded.Complete complete) {
                check(PARSER, complete.packet());
            }
            from = to;
        }
    }

    static void check(Parser parser, Packet packet) {
        try {
            checkPacket(parser, packet);
        } catch (ArgumentMismatchException e) {
            // A number that no tree can hold: its listener is told so, and nothing else happens.
        }
    }

    private static void checkPacket(Parser parser, Packet packet) {
        switch (packet) {
            case Packet.Event event -> checkEvent(parser, event);
            case Packet.Ack ack -> checkAck(parser, ack);
            case Packet.Connect connect -> require(connect.auth().isObject(), "auth that is no object");
            case Packet.Disconnect disconnect -> require(!disconnect.namespace().isEmpty(), "no namespace");
            case Packet.ConnectError error -> require(!error.namespace().isEmpty(), "no namespace");
        }
    }

    private static void checkEvent(Parser parser, Packet.Event event) {
        List<JsonNode> arguments = nodes(event.arguments());
        var again = decode(parser, parser.event(event.namespace(), event.ackId(), event.name(), arguments));
        require(
                again instanceof Packet.Event other
                        && other.namespace().equals(event.namespace())
                        && other.ackId() == event.ackId()
                        && other.name().equals(event.name())
                        && same(nodes(other.arguments()), arguments),
                "an event that does not survive");
    }

    private static void checkAck(Parser parser, Packet.Ack ack) {
        List<JsonNode> arguments = nodes(ack.arguments());
        var again = decode(parser, parser.ack(ack.namespace(), ack.ackId(), arguments));
        require(
                again instanceof Packet.Ack other
                        && other.ackId() == ack.ackId()
                        && same(nodes(other.arguments()), arguments),
                "an acknowledgement that does not survive");
    }

    private static boolean same(List<JsonNode> left, List<JsonNode> right) {
        return left.toString().equals(right.toString());
    }

    private static List<JsonNode> nodes(Arguments arguments) {
        List<JsonNode> nodes = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            require(arguments.json(i).length > 0, "an argument without JSON");
            nodes.add(arguments.get(i));
        }
        return nodes;
    }

    private static Packet decode(Parser parser, List<Message> messages) {
        PacketDecoder decoder = parser.newDecoder();
        Decoded decoded = Decoded.INCOMPLETE;
        for (var message : messages) {
            byte[] payload = MessageBytes.payload(message);
            decoded = message.binary() ? decoder.binary(payload) : decoder.text(payload);
        }
        if (decoded instanceof Decoded.Complete complete) {
            return complete.packet();
        }
        throw new IllegalStateException("what we encode is " + decoded);
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalStateException(otherwise);
        }
    }
}
