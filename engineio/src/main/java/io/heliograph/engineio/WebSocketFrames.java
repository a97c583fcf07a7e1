package io.heliograph.engineio;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * Server-side WebSocket frames: opcodes, close codes, headers.
 *
 * <pre>
 *  byte 0   FIN RSV1 RSV2 RSV3 opcode(4)
 *  byte 1   MASK length(7)      126: two more length bytes, 127: eight more
 *           [mask key(4)]       client to server only
 *           payload
 * </pre>
 *
 * <p>Source: RFC 6455 sections 1.3, 5.2 and 7.4.1.
 */
final class WebSocketFrames {

    static final int CONTINUATION = 0x0;
    static final int TEXT = 0x1;
    static final int BINARY = 0x2;
    static final int CLOSE = 0x8;
    static final int PING = 0x9;
    static final int PONG = 0xA;

    static final int NO_CODE = 1005;
    static final int NORMAL = 1000;
    static final int GOING_AWAY = 1001;
    static final int PROTOCOL_ERROR = 1002;
    static final int INVALID_DATA = 1007;
    static final int TOO_BIG = 1009;

    private static final int FIN = 0x80;
    private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private WebSocketFrames() {}

    /** Length of an unmasked header for a payload of {@code length} bytes: 2, 4 or 10. */
    static int headerLength(int length) {
        return length < 126 ? 2 : length < 65_536 ? 4 : 10;
    }

    /** Writes an unmasked, final header at the start of {@code out} and returns where the payload begins. */
    static int writeHeader(byte[] out, int opcode, int length) {
        out[0] = (byte) (FIN | opcode);
        if (length < 126) {
            out[1] = (byte) length;
            return 2;
        }
        int lengthBytes = length < 65_536 ? 2 : 8;
        out[1] = (byte) (lengthBytes == 2 ? 126 : 127);
        for (int i = 0; i < lengthBytes; i++) {
            out[1 + lengthBytes - i] = (byte) ((long) length >>> (8 * i));
        }
        return 2 + lengthBytes;
    }

    /** A control frame; {@code payload} has at most 125 bytes. */
    static ByteBuf control(int opcode, byte[] payload) {
        byte[] frame = new byte[2 + payload.length];
        writeHeader(frame, opcode, payload.length);
        System.arraycopy(payload, 0, frame, 2, payload.length);
        return Unpooled.wrappedBuffer(frame);
    }

    /** A close frame; {@link #NO_CODE} makes an empty one. */
    static ByteBuf close(int code, String reason) {
        if (code == NO_CODE) {
            return control(CLOSE, new byte[0]);
        }
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        byte[] payload = new byte[2 + Math.min(text.length, 123)];
        payload[0] = (byte) (code >>> 8);
        payload[1] = (byte) code;
        System.arraycopy(text, 0, payload, 2, payload.length - 2);
        return control(CLOSE, payload);
    }

    /** Whether a peer may put this code into a close frame. Source: RFC 6455 section 7.4. */
    static boolean mayBeReceived(int code) {
        boolean defined = code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006;
        return defined || (code >= 3000 && code <= 4999);
    }

    /** The answer to {@code Sec-WebSocket-Key}. Source: RFC 6455 section 4.2.2. */
    static String accept(String key) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            return Base64.getEncoder()
                    .encodeToString(sha1.digest((key + ACCEPT_SUFFIX).getBytes(StandardCharsets.ISO_8859_1)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-1", e);
        }
    }
}
