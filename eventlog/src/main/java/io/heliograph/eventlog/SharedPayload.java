package io.heliograph.eventlog;

import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A row of {@code log_shared}: what the payloads of several events of one transaction have in common. It is the template
 * that their envelopes are composed of. Rows of earlier versions are the envelope of the first of the events, and each
 * event's payload is its envelope deflated with that as the dictionary.
 *
 * <p>Immutable. Source of the earlier form: RFC 1951 without a header.
 */
@SuppressWarnings("ArrayRecordComponent") // nothing compares them
record SharedPayload(byte[] stored, Optional<EnvelopeTemplate> template) {
    private static final int CHUNK_BYTES = 1024;

    static SharedPayload of(byte[] stored) {
        return new SharedPayload(
                stored,
                EnvelopeTemplate.isTemplate(stored) ? Optional.of(new EnvelopeTemplate(stored)) : Optional.empty());
    }

    /**
     * The payload of an event that shares this.
     *
     * @param own what the event's row has
     * @throws EventLogException when that does not fit
     */
    Payload payload(String id, long offset, byte[] own) {
        if (template.isEmpty()) {
            return Payload.of(inflate(own, stored));
        }
        try {
            return Payload.of(template.get(), id, offset, own);
        } catch (IllegalArgumentException e) {
            throw new EventLogException(
                    "the stored values of event " + id + " at offset " + offset
                            + " do not fit the template that is stored for it: " + e.getMessage(),
                    e);
        }
    }

    private static byte[] inflate(byte[] deflated, byte[] dictionary) {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setDictionary(dictionary);
            inflater.setInput(deflated);
            ByteArrayOutputStream out = new ByteArrayOutputStream(dictionary.length + CHUNK_BYTES);
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
