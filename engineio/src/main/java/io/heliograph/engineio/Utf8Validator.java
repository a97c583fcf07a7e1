package io.heliograph.engineio;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Checks UTF-8 that arrives in pieces, and fails at the first byte that no valid text can contain.
 *
 * <p>Between pieces it remembers how many continuation bytes are due and the range of the next one; the range is what
 * excludes overlong forms, surrogates and code points past U+10FFFF. Runs of ASCII are skipped eight bytes at a time.
 *
 * <p>Threading: owned by one decoder. Source: RFC 3629 section 4; RFC 6455 section 8.1.
 */
final class Utf8Validator {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long HIGH_BITS = 0x8080808080808080L;

    private int due;
    private int low = 0x80;
    private int high = 0xBF;

    static boolean valid(byte[] bytes, int from, int to) {
        Utf8Validator validator = new Utf8Validator();
        return validator.accept(bytes, from, to) && validator.complete();
    }

    /** Takes the next piece; {@code false} as soon as the text cannot be valid any more. */
    boolean accept(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            if (due == 0) {
                at = skipAscii(bytes, at, to);
                if (at < to && !lead(bytes[at++] & 0xFF)) {
                    return false;
                }
            } else if (!continuation(bytes[at++] & 0xFF)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the text seen so far may end here. */
    boolean complete() {
        return due == 0;
    }

    void reset() {
        due = 0;
        low = 0x80;
        high = 0xBF;
    }

    private static int skipAscii(byte[] bytes, int from, int to) {
        int at = from;
        while (at + 8 <= to && ((long) LONGS.get(bytes, at) & HIGH_BITS) == 0) {
            at += 8;
        }
        while (at < to && bytes[at] >= 0) {
            at++;
        }
        return at;
    }

    private boolean lead(int b) {
        if (b >= 0xC2 && b <= 0xDF) {
            due = 1;
        } else if (b >= 0xE0 && b <= 0xEF) {
            due = 2;
            low = b == 0xE0 ? 0xA0 : 0x80;
            high = b == 0xED ? 0x9F : 0xBF;
        } else if (b >= 0xF0 && b <= 0xF4) {
            due = 3;
            low = b == 0xF0 ? 0x90 : 0x80;
            high = b == 0xF4 ? 0x8F : 0xBF;
        } else {
            return false;
        }
        return true;
    }

    private boolean continuation(int b) {
        if (b < low || b > high) {
            return false;
        }
        due--;
        low = 0x80;
        high = 0xBF;
        return true;
    }
}
