package io.heliograph.bench;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The text that is published, 200 characters of ASCII that JSON does not escape:
 *
 * <pre>
 *   0  2   10                26                       200
 *   +--+---+-----------------+------------------------+
 *   |pp|seq|time sent (nanos)|xxxxxxxxxxx...          |   all in lower-case hexadecimal
 *   +--+---+-----------------+------------------------+
 * </pre>
 *
 * <p>It is the last argument of its event, so that it stands at a fixed distance from the end of the frame, whatever
 * the event is called.
 */
final class Payload {
    static final int LENGTH = 200;

    /** How far the payload starts before the end of a text frame: its own length and {@code "]}. */
    static final int FROM_END = LENGTH + 2;

    private static final int SEQUENCE_AT = 2;
    private static final int SENT_AT = 10;
    private static final int HEADER = 26;
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] VALUES = new byte[128];

    static {
        Arrays.fill(VALUES, (byte) -1);
        for (int value = 0; value < DIGITS.length; value++) {
            VALUES[DIGITS[value]] = (byte) value;
        }
    }

    private Payload() {}

    static byte[] encode(int publisher, int sequence, long sentNanos) {
        byte[] text = new byte[LENGTH];
        Arrays.fill(text, (byte) 'x');
        write(text, 0, SEQUENCE_AT, publisher);
        write(text, SEQUENCE_AT, SENT_AT, sequence);
        write(text, SENT_AT, HEADER, sentNanos);
        return text;
    }

    static int publisher(ByteBuf buffer, int start) {
        return (int) read(buffer, start, start + SEQUENCE_AT);
    }

    static int sequence(ByteBuf buffer, int start) {
        return (int) read(buffer, start + SEQUENCE_AT, start + SENT_AT);
    }

    static long sentNanos(ByteBuf buffer, int start) {
        return read(buffer, start + SENT_AT, start + HEADER);
    }

    private static void write(byte[] text, int from, int to, long value) {
        long rest = value;
        for (int at = to - 1; at >= from; at--) {
            text[at] = DIGITS[(int) (rest & 15)];
            rest >>>= 4;
        }
    }

    /** The number in hexadecimal digits from {@code from} on, up to {@code to}. */
    static long read(ByteBuf buffer, int from, int to) {
        long value = 0;
        for (int at = from; at < to; at++) {
            int digit = VALUES[buffer.getByte(at) & 127];
            if (digit < 0) {
                throw new PeerFaultException(
                        "the payload came back changed: byte " + (at - from) + " is no hexadecimal digit");
            }
            value = value << 4 | digit;
        }
        return value;
    }
}
