package io.heliograph.server.events;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes ids: a prefix, {@code _}, and a UUIDv7 (RFC 9562 section 5.7) in 26 characters of lower-case Crockford base32,
 * so that ids of one kind sort by the time they were made. Those that one process makes for the same millisecond sort
 * in the order in which they were made, up to 4,096 of them (section 6.2, method 1). Safe from any thread.
 */
public final class Ids {
    private static final char[] ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
    /** The leading digits that hold the 48 bits of the time. */
    private static final int TIME_DIGITS = 10;

    private static final SecureRandom RANDOM = new SecureRandom();
    /** The millisecond of the id that was made last, and in the low 12 bits how many came before it in that millisecond. */
    private static final AtomicLong LAST = new AtomicLong();

    private Ids() {}

    /** An id such as {@code apr_01jd3zk4m5…}, whose leading characters tell {@code epochMillis}. */
    public static String next(String prefix, long epochMillis) {
        long counted = LAST.updateAndGet(last -> last >>> 12 == epochMillis ? next(last) : epochMillis << 12);
        long high = (epochMillis << 16) | 0x7000L | (counted & 0x0FFFL);
        long low = (RANDOM.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return prefix + "_" + base32(high, low);
    }

    /** No id of this prefix that was made at {@code time} or later is before it, and none that was made earlier is after it. */
    public static String first(String prefix, Instant time) {
        long millis = Math.clamp(time.toEpochMilli(), 0, (1L << 48) - 1);
        return prefix + "_" + base32(millis << 16, 0);
    }

    /**
     * The epoch milliseconds that an id tells, as {@link #next} was given them.
     *
     * @throws IllegalArgumentException when it is not an id that this class made
     */
    public static long millis(String id) {
        int start = id.indexOf('_') + 1;
        if (id.length() - start != 26) {
            throw new IllegalArgumentException("no id of this server: " + id);
        }
        long millis = 0;
        for (int digit = start; digit < start + TIME_DIGITS; digit++) {
            int value = Arrays.binarySearch(ALPHABET, id.charAt(digit));
            if (value < 0) {
                throw new IllegalArgumentException("no id of this server: " + id);
            }
            millis = millis << 5 | value;
        }
        return millis;
    }

    /** Stays in the same millisecond: after 4,096 the count begins again, and only the random bits differ. */
    private static long next(long last) {
        return (last & ~0x0FFFL) | ((last + 1) & 0x0FFFL);
    }

    /** 128 bits as 26 digits of 5 bits, most significant first; the first digit holds the top 3 bits. */
    private static String base32(long high, long low) {
        char[] digits = new char[26];
        for (int digit = 25; digit >= 0; digit--) {
            digits[digit] = ALPHABET[(int) (low & 31)];
            low = (low >>> 5) | (high << 59);
            high >>>= 5;
        }
        return new String(digits);
    }
}
