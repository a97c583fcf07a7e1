package io.heliograph.bench;

import io.netty.buffer.ByteBuf;

/**
 * The text of a message with its send time: {@code @@}, the nanoseconds in 16 hexadecimal digits, and padding to
 * {@value #LENGTH} characters.
 *
 * <p>It is at nearly the same position in all envelopes of a run; the position is cached, so that few bytes are
 * searched. Threading: owned by one event loop.
 */
final class SendTime {
    static final int LENGTH = 200;

    private static final byte MARK = '@';
    private static final int DIGITS = 16;

    private int lastAt;

    static String text(long nanos) {
        String head = "@@%016x".formatted(nanos);
        return head + "x".repeat(LENGTH - head.length());
    }

    /** The nanoseconds in the event at {@code body}, or -1 when it has no stamp. */
    long read(ByteBuf buffer, int body, int length) {
        if (!marked(buffer, body, length, lastAt)) {
            int found = find(buffer, body, length);
            if (found < 0) {
                return -1;
            }
            lastAt = found;
        }
        return Payload.read(buffer, body + lastAt + 2, body + lastAt + 2 + DIGITS);
    }

    private static int find(ByteBuf buffer, int body, int length) {
        for (int at = 0; at < length; at++) {
            if (marked(buffer, body, length, at)) {
                return at;
            }
        }
        return -1;
    }

    private static boolean marked(ByteBuf buffer, int body, int length, int at) {
        return at + 2 + DIGITS <= length && buffer.getByte(body + at) == MARK && buffer.getByte(body + at + 1) == MARK;
    }
}
