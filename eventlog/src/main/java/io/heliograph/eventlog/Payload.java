package io.heliograph.eventlog;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The envelope of one event: UTF-8 JSON, exactly the bytes that every reader gets. It is either these bytes, or a template
 * with the event's values, from which the bytes are composed when they are first asked for.
 *
 * <p>Safe from any thread.
 */
public final class Payload {
    /** Between the values of an event; neither JSON nor a template has this byte. */
    private static final char SEPARATOR = 0;

    private final @Nullable Parts parts;
    private final int length;

    /** Null until the first reader asks. Written once, under this object's lock. */
    private volatile byte @Nullable [] bytes;

    /**
     * What an envelope is composed of.
     *
     * @param values the event's own values with a separator between each two
     */
    @SuppressWarnings("ArrayRecordComponent") // nothing compares parts
    private record Parts(EnvelopeTemplate template, String id, long offset, byte[] values) {
        /** What goes in the places of the template's marks, in the order of the marks. */
        byte[][] placed() {
            byte[][] placed = new byte[2 + template.values()][];
            placed[0] = id.getBytes(StandardCharsets.UTF_8);
            placed[1] = Long.toString(offset).getBytes(StandardCharsets.US_ASCII);
            int from = 0;
            for (int i = 2; i < placed.length; i++) {
                int to = from;
                while (to < values.length && values[to] != SEPARATOR) {
                    to++;
                }
                placed[i] = Arrays.copyOfRange(values, from, to);
                from = to + 1;
            }
            return placed;
        }
    }

    private Payload(byte[] bytes) {
        this.parts = null;
        this.length = bytes.length;
        this.bytes = bytes;
    }

    private Payload(Parts parts) {
        this.parts = parts;
        this.length = parts.template.length(parts.placed());
    }

    /** The bytes must not be written to any more. */
    public static Payload of(byte[] bytes) {
        return new Payload(bytes);
    }

    /**
     * Composed of a template.
     *
     * @param id of the event
     * @param offset of the event
     * @param values the event's own values as JSON, as many as the template has
     * @throws IllegalArgumentException when they are more or fewer
     */
    public static Payload of(EnvelopeTemplate template, String id, long offset, List<String> values) {
        return of(
                template,
                id,
                offset,
                String.join(String.valueOf(SEPARATOR), values).getBytes(StandardCharsets.UTF_8));
    }

    /** With the values as they are stored and sent: {@link #values()}. */
    static Payload of(EnvelopeTemplate template, String id, long offset, byte[] values) {
        int count = values.length == 0 && template.values() == 0 ? 0 : 1;
        for (byte at : values) {
            count += at == SEPARATOR ? 1 : 0;
        }
        if (count != template.values()) {
            throw new IllegalArgumentException(
                    "an event with " + count + " values has a template for " + template.values());
        }
        return new Payload(new Parts(template, id, offset, values));
    }

    /** How many bytes the envelope has; composes nothing. */
    public int length() {
        return length;
    }

    /** The envelope, shared by all readers: it must not be written to. */
    public byte[] bytes() {
        byte[] known = bytes;
        return known == null ? compose() : known;
    }

    private synchronized byte[] compose() {
        byte[] known = bytes;
        if (known == null) {
            Parts of = parts();
            known = of.template.compose(of.placed(), length);
            bytes = known;
        }
        return known;
    }

    /** What the envelope is composed of; empty when it was given as bytes. */
    Optional<EnvelopeTemplate> template() {
        return parts == null ? Optional.empty() : Optional.of(parts.template);
    }

    /** The event's own values, in the form in which they are stored and sent. There must be a template. */
    byte[] values() {
        return parts().values;
    }

    /** Whether the bytes are there. */
    boolean isComposed() {
        return bytes != null;
    }

    private Parts parts() {
        if (parts == null) {
            throw new IllegalStateException("the payload has no template");
        }
        return parts;
    }

    @Override
    public String toString() {
        return "Payload[" + length + " bytes]";
    }
}
