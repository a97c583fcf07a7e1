package io.heliograph.engineio;

import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Decodes a client's bytes into WebSocket messages. The bytes may arrive in pieces of any size.
 *
 * <p>A frame that is wholly there is read into one array of its exact length. One that comes in pieces grows an array by
 * doubling, so a peer reserves no more than twice what it has really sent. Text is checked as it comes, so the first
 * invalid byte ends the connection. Idle, the decoder holds no buffer.
 *
 * <p>The arrays given to the sink belong to the sink. Threading: owned by the channel's loop. Source: RFC 6455 sections 5
 * and 8.1.
 */
final class WebSocketDecoder {

    /** Takes what was decoded; returning {@code false} ends decoding, as after a close frame. */
    interface Sink {
        boolean text(byte[] payload);

        boolean binary(byte[] payload);

        boolean ping(byte[] payload);

        boolean pong();

        /** {@code code} is {@link WebSocketFrames#NO_CODE} when the frame was empty. */
        boolean close(int code);
    }

    /** The peer broke the framing rules; the connection ends with {@code closeCode}. */
    record Violation(int closeCode, String reason) {}

    private enum Stage {
        FIRST,
        SECOND,
        LENGTH,
        MASK,
        PAYLOAD
    }

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final byte[] EMPTY = {};
    private static final int MIN_BUFFER = 256;
    private static final int MAX_CONTROL_PAYLOAD = 125;

    private final int maxPayload;
    // The frame now being read.
    private Stage stage = Stage.FIRST;
    private boolean fin;
    private int opcode;
    private int headerBytesLeft;
    private long frameLength;
    private int frameRead;
    private int mask;
    // The data message now being read, which may have several frames; 0 when there is none.
    private int messageOpcode;
    private byte[] message = EMPTY;
    private int messageLength;
    // The control frame now being read, which may stand between a message's frames.
    private byte[] control = EMPTY;
    private @Nullable Utf8Validator utf8;
    private @Nullable Violation violation;

    WebSocketDecoder(int maxPayload) {
        this.maxPayload = maxPayload;
    }

    /** Reads all of {@code in} unless the sink stops it; {@code null} while the peer keeps to the rules. */
    @Nullable
    Violation decode(ByteBuf in, Sink sink) {
        while (violation == null) {
            if (stage != Stage.PAYLOAD && !readHeader(in)) {
                break;
            }
            if (!readPayload(in)) {
                break;
            }
            stage = Stage.FIRST;
            if (!finishFrame(sink)) {
                break;
            }
        }
        return violation;
    }

    /** Whether the header is complete. Byte by byte, because it may be cut anywhere. */
    private boolean readHeader(ByteBuf in) {
        while (in.isReadable() && violation == null) {
            int b = in.readUnsignedByte();
            switch (stage) {
                case FIRST -> first(b);
                case SECOND -> second(b);
                case LENGTH -> length(b);
                case MASK -> {
                    mask = (mask << 8) | b;
                    if (--headerBytesLeft == 0) {
                        stage = Stage.PAYLOAD;
                        frameRead = 0;
                        beginPayload(in);
                        return true;
                    }
                }
                case PAYLOAD -> throw new IllegalStateException("the payload is not part of the header");
            }
        }
        return false;
    }

    private void first(int b) {
        fin = (b & 0x80) != 0;
        opcode = b & 0x0F;
        stage = Stage.SECOND;
        if ((b & 0x70) != 0) {
            violate("a reserved bit is set, but no extension was agreed on");
        } else if ((opcode > WebSocketFrames.BINARY && opcode < WebSocketFrames.CLOSE)
                || opcode > WebSocketFrames.PONG) {
            violate("opcode " + opcode + " is reserved");
        } else if (isControl() && !fin) {
            violate("a control frame must not be fragmented");
        } else if (opcode == WebSocketFrames.CONTINUATION && messageOpcode == 0) {
            violate("a continuation frame without a message to continue");
        } else if (!isControl() && opcode != WebSocketFrames.CONTINUATION && messageOpcode != 0) {
            violate("a new message began before the last frame of the previous one");
        }
    }

    private void second(int b) {
        frameLength = b & 0x7F;
        if ((b & 0x80) == 0) {
            violate("a client must mask its frames");
        } else if (isControl() && frameLength > MAX_CONTROL_PAYLOAD) {
            violate("a control frame holds at most 125 bytes");
        } else if (frameLength < 126) {
            endOfLength();
        } else {
            headerBytesLeft = frameLength == 126 ? 2 : 8;
            frameLength = 0;
            stage = Stage.LENGTH;
        }
    }

    private void length(int b) {
        frameLength = (frameLength << 8) | b;
        if (--headerBytesLeft == 0) {
            endOfLength();
        }
    }

    private void endOfLength() {
        stage = Stage.MASK;
        headerBytesLeft = 4;
        mask = 0;
        if (frameLength < 0) {
            violate("the most significant bit of the length is set");
        } else if (!isControl() && frameLength > maxPayload - messageLength) {
            // Without a reason, as Node closes; clients are tested against that.
            violation = new Violation(WebSocketFrames.TOO_BIG, "");
        }
    }

    /** Makes room for the frame: exactly, when all of it is there; else little by little. */
    private void beginPayload(ByteBuf in) {
        if (isControl()) {
            control = frameLength == 0 ? EMPTY : new byte[(int) frameLength];
            return;
        }
        if (opcode != WebSocketFrames.CONTINUATION) {
            messageOpcode = opcode;
        }
        boolean whole = fin && messageLength == 0 && in.readableBytes() >= frameLength;
        if (whole) {
            message = frameLength == 0 ? EMPTY : new byte[(int) frameLength];
        }
    }

    /** Whether the frame's payload is complete. */
    private boolean readPayload(ByteBuf in) {
        int wanted = (int) frameLength - frameRead;
        int length = Math.min(in.readableBytes(), wanted);
        if (isControl()) {
            in.readBytes(control, frameRead, length);
            unmask(control, frameRead, length);
        } else {
            ensureRoom(length);
            in.readBytes(message, messageLength, length);
            unmask(message, messageLength, length);
            if (!checkText(length)) {
                return false;
            }
            messageLength += length;
        }
        frameRead += length;
        return length == wanted;
    }

    private void ensureRoom(int length) {
        int needed = messageLength + length;
        if (needed > message.length) {
            int doubled = Math.max(MIN_BUFFER, Math.max(needed, message.length * 2));
            message = Arrays.copyOf(message, Math.min(doubled, Math.max(needed, maxPayload)));
        }
    }

    private boolean checkText(int length) {
        if (messageOpcode != WebSocketFrames.TEXT || length == 0) {
            return true;
        }
        Utf8Validator validator = utf8;
        if (validator == null) {
            validator = new Utf8Validator();
            utf8 = validator;
        }
        if (validator.accept(message, messageLength, messageLength + length)) {
            return true;
        }
        violation = new Violation(WebSocketFrames.INVALID_DATA, "text is not valid UTF-8");
        return false;
    }

    /** Eight bytes at a time; {@link #frameRead} tells where in the mask's cycle the piece begins. */
    private void unmask(byte[] bytes, int from, int length) {
        if (mask == 0) {
            return;
        }
        int turned = Integer.rotateLeft(mask, 8 * (frameRead & 3));
        long wide = ((long) turned << 32) | (turned & 0xFFFF_FFFFL);
        int at = from;
        int end = from + length;
        for (; at + 8 <= end; at += 8) {
            LONGS.set(bytes, at, (long) LONGS.get(bytes, at) ^ wide);
        }
        for (int i = 0; at < end; at++, i++) {
            bytes[at] ^= (byte) (turned >>> (24 - 8 * (i & 3)));
        }
    }

    private boolean finishFrame(Sink sink) {
        return switch (opcode) {
            case WebSocketFrames.CLOSE -> finishClose(sink);
            case WebSocketFrames.PING -> sink.ping(takeControl());
            case WebSocketFrames.PONG -> {
                control = EMPTY;
                yield sink.pong();
            }
            default -> !fin || finishMessage(sink);
        };
    }

    private byte[] takeControl() {
        byte[] payload = control;
        control = EMPTY;
        return payload;
    }

    private boolean finishMessage(Sink sink) {
        Utf8Validator validator = utf8;
        if (validator != null) {
            utf8 = null;
            if (!validator.complete()) {
                violation = new Violation(WebSocketFrames.INVALID_DATA, "text ends within a character");
                return false;
            }
        }
        byte[] payload = message.length == messageLength ? message : Arrays.copyOf(message, messageLength);
        boolean text = messageOpcode == WebSocketFrames.TEXT;
        message = EMPTY;
        messageLength = 0;
        messageOpcode = 0;
        return text ? sink.text(payload) : sink.binary(payload);
    }

    /** Source: RFC 6455 sections 5.5.1 and 7.4. */
    private boolean finishClose(Sink sink) {
        byte[] payload = takeControl();
        if (payload.length == 0) {
            return sink.close(WebSocketFrames.NO_CODE);
        }
        int code = payload.length == 1 ? 0 : ((payload[0] & 0xFF) << 8) | (payload[1] & 0xFF);
        if (payload.length == 1) {
            violate("a close frame holds a code of two bytes, or nothing");
        } else if (!WebSocketFrames.mayBeReceived(code)) {
            violate("close code " + code + " must not be sent");
        } else if (!Utf8Validator.valid(payload, 2, payload.length)) {
            violation = new Violation(WebSocketFrames.INVALID_DATA, "the close reason is not valid UTF-8");
        } else {
            return sink.close(code);
        }
        return false;
    }

    private boolean isControl() {
        return opcode >= WebSocketFrames.CLOSE;
    }

    private void violate(String reason) {
        violation = new Violation(WebSocketFrames.PROTOCOL_ERROR, reason);
    }

    /** For tests: the bytes now reserved for a message that has not ended. */
    int reservedBytes() {
        return message.length + control.length;
    }
}
