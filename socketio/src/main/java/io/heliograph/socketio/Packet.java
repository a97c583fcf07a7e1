package io.heliograph.socketio;

import tools.jackson.databind.JsonNode;

/**
 * One Socket.IO packet that a client sent, with its attachments in place.
 *
 * <p>Threading: immutable. Source: socket.io-protocol v5, "Packet encoding".
 */
sealed interface Packet {

    /** The ack id of a packet that asks for none. */
    long NO_ACK = -1;

    String namespace();

    /** {@code auth} is an object, empty when the client sent none. */
    record Connect(String namespace, JsonNode auth) implements Packet {}

    record Disconnect(String namespace) implements Packet {}

    /** {@code ackId} is {@link #NO_ACK} or at least zero. */
    record Event(String namespace, long ackId, String name, Arguments arguments) implements Packet {}

    record Ack(String namespace, long ackId, Arguments arguments) implements Packet {}

    /** Only servers send it; from a client it is an error that the layer above handles. */
    record ConnectError(String namespace) implements Packet {}
}
