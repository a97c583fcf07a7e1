package io.heliograph.engineio;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * One outbound Engine.IO packet, encoded once into the bytes that every receiver gets.
 *
 * <p>Shape: a finished, unmasked WebSocket frame on the heap. The polling form of a text packet is a slice of the same
 * bytes; that of a binary packet is made when the first polling session needs it. Held by the garbage collector: there is
 * nothing to release, and one instance may be sent to any number of sessions.
 *
 * <p>Threading: immutable. Source: engine.io-protocol v4, "Packet encoding"; RFC 6455 section 5.2.
 */
public final class Message {

    static final Message PING = packet("2");
    static final Message PROBE_ANSWER = packet("3probe");
    static final Message NOOP = packet("6");
    static final Message CLOSE = packet("1");

    private final byte[] frame;
    private final int payloadStart;
    private final boolean binary;
    private final boolean compressible;
    // Made on first use; two loops may both make it, which is harmless.
    private volatile byte @Nullable [] base64;

    private Message(byte[] frame, int payloadStart, boolean binary, boolean compressible) {
        this.frame = frame;
        this.payloadStart = payloadStart;
        this.binary = binary;
        this.compressible = compressible;
    }

    /**
     * A message packet with text, without the leading {@code 4}.
     *
     * @param parts UTF-8 bytes that are joined in order; copied
     */
    public static Message text(byte[]... parts) {
        int length = 1;
        for (byte[] part : parts) {
            length = Math.addExact(length, part.length);
        }
        int start = WebSocketFrames.headerLength(length);
        byte[] frame = new byte[start + length];
        int at = WebSocketFrames.writeHeader(frame, WebSocketFrames.TEXT, length);
        frame[at++] = '4';
        for (byte[] part : parts) {
            System.arraycopy(part, 0, frame, at, part.length);
            at += part.length;
        }
        return new Message(frame, start, false, true);
    }

    /** A message packet with text, without the leading {@code 4}. */
    public static Message text(String text) {
        return text(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A message packet with binary; {@code bytes} is copied. */
    public static Message binary(byte[] bytes) {
        int start = WebSocketFrames.headerLength(bytes.length);
        byte[] frame = new byte[start + bytes.length];
        WebSocketFrames.writeHeader(frame, WebSocketFrames.BINARY, bytes.length);
        System.arraycopy(bytes, 0, frame, start, bytes.length);
        return new Message(frame, start, true, true);
    }

    /** A packet of any type, given as its whole text. */
    static Message packet(String packet) {
        byte[] bytes = packet.getBytes(StandardCharsets.UTF_8);
        int start = WebSocketFrames.headerLength(bytes.length);
        byte[] frame = new byte[start + bytes.length];
        WebSocketFrames.writeHeader(frame, WebSocketFrames.TEXT, bytes.length);
        System.arraycopy(bytes, 0, frame, start, bytes.length);
        return new Message(frame, start, false, false);
    }

    /** The same message, for which alone no polling response is compressed; shares the bytes. */
    public Message uncompressed() {
        return new Message(frame, payloadStart, binary, false);
    }

    boolean compressible() {
        return compressible;
    }

    /** Whether it is binary, and not text. */
    public boolean binary() {
        return binary;
    }

    /** Bytes that this message takes on a WebSocket, header included. */
    public int frameBytes() {
        return frame.length;
    }

    /** Bytes that this message takes in a polling payload, separator not included. */
    int pollingBytes() {
        return binary ? base64Form().length : frame.length - payloadStart;
    }

    void writeFrame(ByteBuf out) {
        out.writeBytes(frame);
    }

    void writePolling(ByteBuf out) {
        if (binary) {
            out.writeBytes(base64Form());
        } else {
            out.writeBytes(frame, payloadStart, frame.length - payloadStart);
        }
    }

    private byte[] base64Form() {
        byte[] form = base64;
        if (form == null) {
            byte[] encoded = Base64.getEncoder().encode(payload());
            form = new byte[encoded.length + 1];
            form[0] = 'b';
            System.arraycopy(encoded, 0, form, 1, encoded.length);
            base64 = form;
        }
        return form;
    }

    private byte[] payload() {
        byte[] payload = new byte[frame.length - payloadStart];
        System.arraycopy(frame, payloadStart, payload, 0, payload.length);
        return payload;
    }

    /** The packet's length and kind; the content is never shown, it may be private. */
    @Override
    public String toString() {
        return "Message[" + (binary ? "binary" : "text") + ", " + (frame.length - payloadStart) + " bytes]";
    }
}
