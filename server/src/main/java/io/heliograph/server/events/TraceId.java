package io.heliograph.server.events;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.Optional;

/**
 * Finds the trace id in an envelope without parsing it. An envelope with one ends in
 *
 * <pre>,"traceId":"4bf92f3577b34da6a3ce929d0e0e4736"}</pre>
 *
 * and no other envelope can: one without a trace id ends in its data, and in the text of that a quote has a backslash before it.
 */
public final class TraceId {
    private static final byte[] BEFORE = ",\"traceId\":\"".getBytes(US_ASCII);
    private static final byte[] AFTER = "\"}".getBytes(US_ASCII);
    private static final int DIGITS = 32;

    private TraceId() {}

    /** Allocates nothing for an envelope without one. */
    public static Optional<String> of(byte[] envelope) {
        int after = envelope.length - AFTER.length;
        int from = after - DIGITS;
        int before = from - BEFORE.length;
        if (before < 0
                || !Arrays.equals(envelope, after, envelope.length, AFTER, 0, AFTER.length)
                || !Arrays.equals(envelope, before, from, BEFORE, 0, BEFORE.length)) {
            return Optional.empty();
        }
        return Optional.of(new String(envelope, from, DIGITS, US_ASCII));
    }
}
