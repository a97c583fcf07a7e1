package io.heliograph.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;

/** What a client sends: the WebSocket handshake, and masked frames. Source: RFC 6455 sections 4.1 and 5. */
final class ClientFrames {
    private static final int FINAL_TEXT = 0x81;
    private static final int MASKED = 0x80;
    private static final int LENGTH_16 = 126;
    private static final byte[] MASK = {0x5a, 0x13, (byte) 0xc4, 0x7e};
    private static final byte[] EVENT_START = "42[\"publish\",\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EVENT_END = "\"]".getBytes(StandardCharsets.US_ASCII);

    private ClientFrames() {}

    static ByteBuf handshake(ByteBufAllocator allocator, int port) {
        String request = "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n"
                + "Host: 127.0.0.1:" + port + "\r\n"
                + "Upgrade: websocket\r\n"
                + "Connection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                + "Sec-WebSocket-Version: 13\r\n\r\n";
        return allocator.directBuffer(request.length()).writeBytes(request.getBytes(StandardCharsets.US_ASCII));
    }

    static ByteBuf text(ByteBufAllocator allocator, String text) {
        byte[] body = text.getBytes(StandardCharsets.US_ASCII);
        ByteBuf frame = header(allocator, body.length);
        mask(frame, body, 0);
        return frame;
    }

    static ByteBuf publish(ByteBufAllocator allocator, byte[] payload) {
        ByteBuf frame = header(allocator, EVENT_START.length + payload.length + EVENT_END.length);
        int phase = mask(frame, EVENT_START, 0);
        phase = mask(frame, payload, phase);
        mask(frame, EVENT_END, phase);
        return frame;
    }

    private static ByteBuf header(ByteBufAllocator allocator, int length) {
        ByteBuf frame = allocator.directBuffer(length + 8).writeByte(FINAL_TEXT);
        if (length < LENGTH_16) {
            frame.writeByte(MASKED | length);
        } else {
            frame.writeByte(MASKED | LENGTH_16).writeShort(length);
        }
        return frame.writeBytes(MASK);
    }

    /** Appends {@code body} masked, and returns the phase of the mask after it. */
    private static int mask(ByteBuf frame, byte[] body, int phase) {
        for (int i = 0; i < body.length; i++) {
            frame.writeByte(body[i] ^ MASK[phase + i & 3]);
        }
        return phase + body.length & 3;
    }
}
