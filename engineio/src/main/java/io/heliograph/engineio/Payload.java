package io.heliograph.engineio;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Collection;

/**
 * The body of a polling request or response: packets in their text form, joined by {@code U+001E}.
 *
 * <p>Source: engine.io-protocol v4, "HTTP long-polling transport", "Packet encoding".
 */
final class Payload {

    /** Takes the packets of a payload; {@code false} ends the decoding. */
    interface Receiver {
        boolean receive(Packet packet);
    }

    private static final byte SEPARATOR = 0x1E;

    private Payload() {}

    /**
     * Decodes one packet after the other, in order, until {@code receiver} wants no more.
     *
     * @param receiver gets each packet; a {@link Packet.Malformed} is the last one
     */
    static void decode(byte[] body, Receiver receiver) {
        if (!Utf8Validator.valid(body, 0, body.length)) {
            receiver.receive(new Packet.Malformed("a payload that is not valid UTF-8"));
            return;
        }
        int from = 0;
        boolean more = true;
        while (more && from <= body.length) {
            int to = endOfPacket(body, from);
            Packet packet = Packet.decode(body, from, to);
            more = receiver.receive(packet) && !(packet instanceof Packet.Malformed);
            from = to + 1;
        }
    }

    /** The joined form; the caller releases it. {@code messages} is not empty. */
    static ByteBuf encode(ByteBufAllocator allocator, Collection<Message> messages) {
        int length = messages.size() - 1;
        for (Message message : messages) {
            length += message.pollingBytes();
        }
        ByteBuf out = allocator.buffer(length);
        for (Message message : messages) {
            if (out.isReadable()) {
                out.writeByte(SEPARATOR);
            }
            message.writePolling(out);
        }
        return out;
    }

    private static int endOfPacket(byte[] body, int from) {
        int at = from;
        while (at < body.length && body[at] != SEPARATOR) {
            at++;
        }
        return at;
    }
}
