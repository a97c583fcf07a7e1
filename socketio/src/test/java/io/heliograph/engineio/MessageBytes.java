package io.heliograph.engineio;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Lets tests of the layer above look at what a message carries. */
public final class MessageBytes {

    private MessageBytes() {}

    /** Whether a polling response may be compressed for it. */
    public static boolean compressible(Message message) {
        return message.compressible();
    }

    /** What the peer's layer above receives: text without Engine.IO's type byte, or the binary. */
    public static byte[] payload(Message message) {
        ByteBuf frame = Unpooled.buffer(message.frameBytes());
        message.writeFrame(frame);
        int length = frame.getByte(1) & 0x7F;
        frame.skipBytes(length < 126 ? 2 : length == 126 ? 4 : 10);
        frame.skipBytes(message.binary() ? 0 : 1);
        byte[] payload = new byte[frame.readableBytes()];
        frame.readBytes(payload);
        frame.release();
        return payload;
    }
}
