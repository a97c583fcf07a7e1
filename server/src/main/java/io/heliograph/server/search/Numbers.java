package io.heliograph.server.search;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.BitSet;

/**
 * The stored form of a set of numbers from 0:
 *
 * <pre>
 *   1 byte   0: a bitmap follows, 1: distances follow
 *   n bytes  the bits, the lowest first; or each number's distance from the one before it, or from -1, in groups of seven
 *            bits, the lowest first, with the highest bit set in all bytes but the last
 * </pre>
 *
 * whichever is shorter. Stateless.
 */
final class Numbers {
    private static final byte BITMAP = 0;
    private static final byte DISTANCES = 1;

    private Numbers() {}

    static byte[] encode(BitSet numbers) {
        ByteArrayOutputStream distances = new ByteArrayOutputStream();
        distances.write(DISTANCES);
        int before = -1;
        for (int number = numbers.nextSetBit(0); number >= 0; number = numbers.nextSetBit(number + 1)) {
            int distance = number - before;
            while (distance >= 0x80) {
                distances.write((distance & 0x7F) | 0x80);
                distance >>>= 7;
            }
            distances.write(distance);
            before = number;
        }
        byte[] bits = numbers.toByteArray();
        if (distances.size() <= bits.length + 1) {
            return distances.toByteArray();
        }
        byte[] bitmap = new byte[bits.length + 1];
        bitmap[0] = BITMAP;
        System.arraycopy(bits, 0, bitmap, 1, bits.length);
        return bitmap;
    }

    /** Adds what {@link #encode} has stored. */
    static void decode(byte[] stored, BitSet into) {
        if (stored[0] == BITMAP) {
            into.or(BitSet.valueOf(ByteBuffer.wrap(stored, 1, stored.length - 1)));
            return;
        }
        int number = -1;
        int distance = 0;
        int shift = 0;
        for (int index = 1; index < stored.length; index++) {
            distance |= (stored[index] & 0x7F) << shift;
            shift += 7;
            if (stored[index] >= 0) {
                number += distance;
                into.set(number);
                distance = 0;
                shift = 0;
            }
        }
    }
}
