package io.heliograph.eventlog;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The payloads of PostgreSQL's notifications, which are text of less than 8,000 bytes. A longer message is sent in parts.
 *
 * <pre>
 *   payload = sender ":" sequence ":" ("+" / ".") base64      ; "+": the next payload of this sender continues the message
 * </pre>
 *
 * <p>Sender and sequence are hexadecimal. The sequence counts a sender's payloads: no two are the same text, which PostgreSQL
 * would deliver once, and a message of which a part is missing is noticed. Parts are sent in one transaction, so that no other
 * payload comes between them. A payload without bytes shows only that the sender reaches its receivers.
 *
 * <p>Source: PostgreSQL, "NOTIFY".
 */
final class NotificationCodec {
    /** The longest payload that PostgreSQL takes, in bytes. */
    static final int MAX_PAYLOAD = 7_999;

    private static final int MAX_HEADER = 35;
    /** Bytes of a message that one payload carries. */
    static final int MAX_PART = (MAX_PAYLOAD - MAX_HEADER) / 4 * 3;

    private static final Pattern PAYLOAD = Pattern.compile("([0-9a-f]{1,16}):([0-9a-f]{1,16}):([+.])([A-Za-z0-9+/=]*)");
    private static final int HEXADECIMAL = 16;

    private NotificationCodec() {}

    /** The payloads of a message, whose first one has this number. */
    static List<String> encode(long sender, long firstSequence, byte[] message) {
        List<String> payloads = new ArrayList<>();
        int from = 0;
        do {
            int to = Math.min(message.length, from + MAX_PART);
            payloads.add(Long.toHexString(sender)
                    + ":"
                    + Long.toHexString(firstSequence + payloads.size())
                    + (to < message.length ? ":+" : ":.")
                    + Base64.getEncoder().encodeToString(Arrays.copyOfRange(message, from, to)));
            from = to;
        } while (from < message.length);
        return payloads;
    }

    /** Empty when the text is no payload of this form. */
    static Optional<Part> parse(String payload) {
        Matcher matcher = PAYLOAD.matcher(payload);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Part(
                    Long.parseUnsignedLong(matcher.group(1), HEXADECIMAL),
                    Long.parseUnsignedLong(matcher.group(2), HEXADECIMAL),
                    matcher.group(3).equals("."),
                    Base64.getDecoder().decode(matcher.group(4))));
        } catch (IllegalArgumentException noBase64) {
            return Optional.empty();
        }
    }

    /**
     * A payload.
     *
     * @param last whether its message ends with it
     * @param bytes handed over
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Part(long sender, long sequence, boolean last, byte[] bytes) {}

    /** Puts parts together again. Used by one thread. */
    static final class Assembly {
        /** The part that came last, while its message is incomplete. */
        private @Nullable Part previous;

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        /**
         * Adds the part that came next.
         *
         * @return the message that it completes
         */
        Result add(Part part) {
            boolean incomplete = previous != null;
            boolean continues = previous != null
                    && previous.sender() == part.sender()
                    && previous.sequence() + 1 == part.sequence();
            if (!continues) {
                bytes.reset();
            }
            bytes.writeBytes(part.bytes());
            previous = part.last() ? null : part;
            return new Result(
                    part.last() ? Optional.of(bytes.toByteArray()) : Optional.empty(), incomplete && !continues);
        }

        /** Forgets the parts of an incomplete message. */
        void clear() {
            previous = null;
            bytes.reset();
        }
    }

    /**
     * What a part made of the ones before.
     *
     * @param lost whether the message before it stays incomplete
     */
    record Result(Optional<byte[]> message, boolean lost) {}
}
