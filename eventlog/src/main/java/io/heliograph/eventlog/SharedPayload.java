package io.heliograph.eventlog;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * How nearly equal events for many members are stored: the first one's payload once, and each event's own
 * payload deflated with that as the dictionary, which leaves little more than what differs. Reading gives exactly the
 * bytes that were appended.
 *
 * <p>Source: RFC 1951 without a header. Stateless.
 */
final class SharedPayload {
    /** Of fewer events, the shared row would cost more than it saves. */
    private static final int MIN_EVENTS = 3;

    private static final int CHUNK_BYTES = 1024;

    private SharedPayload() {}

    /** Events that follow one another. When they share, all of them are stored with the first one's payload. */
    record Run(List<Event> events, boolean shares) {
        long lastOffset() {
            return events.getLast().offset();
        }

        byte[] payload() {
            return events.getFirst().payload();
        }
    }

    /** Events of one transaction, in their order, in runs: those of one type for one member each share. */
    static List<Run> runs(List<Event> events) {
        List<Run> runs = new ArrayList<>();
        int from = 0;
        while (from < events.size()) {
            int to = from + 1;
            while (to < events.size() && isAlike(events.get(from), events.get(to))) {
                to++;
            }
            runs.add(new Run(events.subList(from, to), to - from >= MIN_EVENTS));
            from = to;
        }
        return runs;
    }

    private static boolean isAlike(Event one, Event other) {
        return one.audience() instanceof Audience.Member
                && other.audience() instanceof Audience.Member
                && one.type().equals(other.type());
    }

    static byte[] deflate(byte[] payload, byte[] shared) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try {
            deflater.setDictionary(shared);
            deflater.setInput(payload);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream(CHUNK_BYTES);
            byte[] chunk = new byte[CHUNK_BYTES];
            while (!deflater.finished()) {
                out.write(chunk, 0, deflater.deflate(chunk));
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }

    /**
     * The payload that was deflated with {@code shared}.
     *
     * @throws EventLogException when the bytes are not such a payload
     */
    static byte[] inflate(byte[] deflated, byte[] shared) {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setDictionary(shared);
            inflater.setInput(deflated);
            ByteArrayOutputStream out = new ByteArrayOutputStream(shared.length + CHUNK_BYTES);
            byte[] chunk = new byte[CHUNK_BYTES];
            while (!inflater.finished()) {
                int length = inflater.inflate(chunk);
                if (length == 0 && !inflater.finished()) {
                    throw new EventLogException("a stored payload is cut off");
                }
                out.write(chunk, 0, length);
            }
            return out.toByteArray();
        } catch (DataFormatException e) {
            throw new EventLogException("a stored payload is damaged", e);
        } finally {
            inflater.end();
        }
    }
}
