package io.heliograph.engineio;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/** Frames as clients write them: masked. Written apart from the code under test. */
final class ClientFrames {

    private static final byte[] MASK = {0x37, (byte) 0xFA, 0x21, 0x3D};

    private ClientFrames() {}

    static byte[] text(String text) {
        return frame(true, 1, text.getBytes(UTF_8));
    }

    static byte[] close(int code) {
        return frame(true, 8, new byte[] {(byte) (code >>> 8), (byte) code});
    }

    static byte[] frame(boolean fin, int opcode, byte[] payload) {
        return join(header(fin, opcode, payload.length), masked(payload));
    }

    static byte[] header(boolean fin, int opcode, long length) {
        ByteBuf header = Unpooled.buffer();
        header.writeByte((fin ? 0x80 : 0) | opcode);
        if (length < 126) {
            header.writeByte(0x80 | (int) length);
        } else if (length < 65_536) {
            header.writeByte(0x80 | 126).writeShort((int) length);
        } else {
            header.writeByte(0x80 | 127).writeLong(length);
        }
        header.writeBytes(MASK);
        byte[] bytes = ByteBufUtil.getBytes(header);
        header.release();
        return bytes;
    }

    static byte[] masked(byte[] payload) {
        byte[] masked = payload.clone();
        for (int i = 0; i < masked.length; i++) {
            masked[i] ^= MASK[i % 4];
        }
        return masked;
    }

    static byte[] join(byte[]... parts) {
        return ByteBufUtil.getBytes(Unpooled.wrappedBuffer(parts));
    }
}
