package io.heliograph.socketio;

import io.heliograph.engineio.Message;
import java.util.List;

/**
 * The wire format of packets. Both ends must use the same one.
 *
 * <p>Threading: immutable. Use {@link #json} unless the clients are built with {@code socket.io-msgpack-parser}.
 */
public abstract sealed class Parser permits TextPacketCodec, MessagePackPacketCodec {

    Parser() {}

    /** The default: text packets with JSON, binary as attachments. */
    public static Parser json(ParserLimits limits) {
        return new TextPacketCodec(limits);
    }

    /** For clients that are built with {@code parser: require("socket.io-msgpack-parser")}. */
    public static Parser messagePack(ParserLimits limits) {
        return new MessagePackPacketCodec(limits);
    }

    /** What binds arguments. */
    abstract JsonBinding json();

    abstract PacketDecoder newDecoder();

    /** An event; {@code ackId} is the id under which an acknowledgement is awaited, or {@link Packet#NO_ACK}. */
    abstract List<Message> event(String namespace, long ackId, String name, List<?> arguments);

    /** An event whose first argument is ready JSON and whose last is a string. */
    abstract List<Message> event(String namespace, String name, byte[] json, String last);

    abstract List<Message> ack(String namespace, long ackId, List<?> arguments);

    abstract Message connect(String namespace, ConnectResponse answer);

    abstract Message connectError(String namespace, ConnectError error);

    abstract Message disconnect(String namespace);
}
