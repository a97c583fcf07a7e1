package io.heliograph.engineio;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/** Fuzz target: a polling body is decoded or malformed; what was decoded survives being encoded and decoded again. */
final class PayloadFuzz {

    private PayloadFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        List<Packet> packets = decode(data);
        for (int i = 0; i < packets.size() - 1; i++) {
            if (packets.get(i) instanceof Packet.Malformed) {
                throw new IllegalStateException("decoding went on behind a malformed packet");
            }
        }
        List<Message> messages = new ArrayList<>();
        List<Packet> expected = new ArrayList<>();
        for (Packet packet : packets) {
            if (packet instanceof Packet.Text text) {
                messages.add(Message.text(text.payload()));
                expected.add(packet);
            } else if (packet instanceof Packet.Binary binary) {
                messages.add(Message.binary(binary.payload()));
                expected.add(packet);
            }
        }
        if (!messages.isEmpty()) {
            ByteBuf encoded = Payload.encode(UnpooledByteBufAllocator.DEFAULT, messages);
            byte[] bytes = ByteBufUtil.getBytes(encoded);
            encoded.release();
            if (!decode(bytes).equals(expected)) {
                throw new IllegalStateException("another encoding means something else");
            }
        }
    }

    private static List<Packet> decode(byte[] body) {
        List<Packet> packets = new ArrayList<>();
        Payload.decode(body, packets::add);
        return packets;
    }
}
