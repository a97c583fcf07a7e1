package io.heliograph.engineio;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * One Engine.IO packet that a client sent.
 *
 * <pre>
 *   0 open   1 close   2 ping   3 pong   4 message   5 upgrade   6 noop      b… binary message in base64 (polling)
 * </pre>
 *
 * <p>Threading: immutable by agreement; payload arrays are handed over to the receiver of the packet. Source:
 * engine.io-protocol v4, "Packet encoding".
 */
sealed interface Packet {

    record Close() implements Packet {}

    record Ping(boolean probe) implements Packet {}

    record Pong() implements Packet {}

    @SuppressWarnings("ArrayRecordComponent") // handed over, never shared
    record Text(byte[] payload) implements Packet {
        @Override
        public boolean equals(Object other) {
            return other instanceof Text that && Arrays.equals(payload, that.payload);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(payload);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // handed over, never shared
    record Binary(byte[] payload) implements Packet {
        @Override
        public boolean equals(Object other) {
            return other instanceof Binary that && Arrays.equals(payload, that.payload);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(payload);
        }
    }

    record Upgrade() implements Packet {}

    /** A packet that means nothing when it comes from a client: open and noop. */
    record Ignored() implements Packet {}

    record Malformed(String reason) implements Packet {}

    Packet CLOSE = new Close();
    Packet PING = new Ping(false);
    Packet PROBE = new Ping(true);
    Packet PONG = new Pong();
    Packet UPGRADE = new Upgrade();
    Packet IGNORED = new Ignored();

    /** Decodes the text form that stands in {@code bytes[from, to)}, which is valid UTF-8. */
    static Packet decode(byte[] bytes, int from, int to) {
        if (from == to) {
            return new Malformed("an empty packet");
        }
        return switch (bytes[from]) {
            case '0', '6' -> IGNORED;
            case '1' -> CLOSE;
            case '2' -> isProbe(bytes, from + 1, to) ? PROBE : PING;
            case '3' -> PONG;
            case '4' -> new Text(Arrays.copyOfRange(bytes, from + 1, to));
            case '5' -> UPGRADE;
            case 'b' -> decodeBase64(bytes, from + 1, to);
            default -> new Malformed("unknown packet type " + Character.toString(bytes[from] & 0xFF));
        };
    }

    private static boolean isProbe(byte[] bytes, int from, int to) {
        return to - from == 5 && new String(bytes, from, 5, StandardCharsets.ISO_8859_1).equals("probe");
    }

    /**
     * Read as leniently as Node does, as far as clients need it: those of Java and Android break lines, some write the
     * URL-safe alphabet, and padding may be left out.
     */
    private static Packet decodeBase64(byte[] bytes, int from, int to) {
        byte[] plain = new byte[to - from];
        int length = 0;
        for (int i = from; i < to; i++) {
            switch (bytes[i]) {
                case '\r', '\n' -> {}
                case '-' -> plain[length++] = '+';
                case '_' -> plain[length++] = '/';
                default -> plain[length++] = bytes[i];
            }
        }
        try {
            ByteBuffer decoded = Base64.getDecoder().decode(ByteBuffer.wrap(plain, 0, length));
            return new Binary(Arrays.copyOf(decoded.array(), decoded.remaining()));
        } catch (IllegalArgumentException e) {
            return new Malformed("binary that is not base64");
        }
    }
}
