package io.heliograph.eventlog;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.dataformat.cbor.CBORFactory;
import tools.jackson.dataformat.cbor.CBORWriteFeature;

/**
 * The encoding of a {@link BusMessage}: a CBOR array, whose first element is the version of this format.
 *
 * <pre>
 *   message = [4, 1, sender, workspace, epoch, offset, check, [*template], [*event]]   ; a hint, with its head
 *           / [4, 2, sender, workspace, kind, body]                                    ; a signal
 *           / [4, 3, sender]                                                           ; missed
 *   event   = [epoch, offset, at, id, type, member / null, topic / null, conflation / null, payload]
 *   payload = envelope / [template index, values]
 * </pre>
 *
 * <p>Times are milliseconds since 1970. Templates, envelopes and values are byte strings: an event with a template is sent
 * as it is stored, and not composed. Bytes of another version or shape, with values that do not fit their template, or
 * with anything behind the array, are no message.
 *
 * <p>Safe from any thread. Source: RFC 8949.
 */
final class BusMessageCodec {
    static final int VERSION = 4;

    private static final int HINT = 1;
    private static final int SIGNAL = 2;
    private static final int MISSED = 3;
    private static final int FIRST_CAPACITY = 512;

    /** Text with an unpaired surrogate is sent with a replacement. */
    private static final CBORFactory FACTORY =
            CBORFactory.builder().enable(CBORWriteFeature.LENIENT_UTF_ENCODING).build();

    private BusMessageCodec() {}

    static byte[] encode(long sender, BusMessage message) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(FIRST_CAPACITY);
        try (JsonGenerator cbor = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            cbor.writeStartArray();
            cbor.writeNumber(VERSION);
            switch (message) {
                case BusMessage.OfHint carried -> {
                    begin(cbor, HINT, sender);
                    write(cbor, carried.hint());
                }
                case BusMessage.OfSignal carried -> {
                    begin(cbor, SIGNAL, sender);
                    write(cbor, carried.signal());
                }
                case BusMessage.Missed missed -> begin(cbor, MISSED, sender);
            }
            cbor.writeEndArray();
        }
        return out.toByteArray();
    }

    private static void begin(JsonGenerator cbor, int kind, long sender) {
        cbor.writeNumber(kind);
        cbor.writeNumber(sender);
    }

    private static void write(JsonGenerator cbor, Hint hint) {
        cbor.writeString(hint.workspace().value());
        cbor.writeString(hint.head().epoch());
        cbor.writeNumber(hint.head().offset());
        cbor.writeString(hint.head().check());
        Map<EnvelopeTemplate, Integer> templates = new LinkedHashMap<>();
        for (Event event : hint.events()) {
            event.payload().template().ifPresent(template -> templates.putIfAbsent(template, templates.size()));
        }
        cbor.writeStartArray();
        templates.keySet().forEach(template -> cbor.writeBinary(template.text()));
        cbor.writeEndArray();
        cbor.writeStartArray();
        for (Event event : hint.events()) {
            write(cbor, event, templates);
        }
        cbor.writeEndArray();
    }

    private static void write(JsonGenerator cbor, Event event, Map<EnvelopeTemplate, Integer> templates) {
        cbor.writeStartArray();
        cbor.writeString(event.position().epoch());
        cbor.writeNumber(event.position().offset());
        cbor.writeNumber(event.position().at().toEpochMilli());
        cbor.writeString(event.id());
        cbor.writeString(event.type());
        switch (event.audience()) {
            case Audience.Everyone everyone -> cbor.writeNull();
            case Audience.Member member -> cbor.writeString(member.memberId());
        }
        event.topic().ifPresentOrElse(cbor::writeString, cbor::writeNull);
        event.conflationKey().map(ConflationKey::value).ifPresentOrElse(cbor::writeString, cbor::writeNull);
        event.payload()
                .template()
                .map(templates::get)
                .ifPresentOrElse(
                        index -> write(cbor, index, event.payload().values()),
                        () -> cbor.writeBinary(event.payload().bytes()));
        cbor.writeEndArray();
    }

    private static void write(JsonGenerator cbor, int template, byte[] values) {
        cbor.writeStartArray();
        cbor.writeNumber(template);
        cbor.writeBinary(values);
        cbor.writeEndArray();
    }

    private static void write(JsonGenerator cbor, Signal signal) {
        cbor.writeString(signal.workspace().value());
        cbor.writeString(signal.kind());
        cbor.writeString(signal.body());
    }

    /** Empty when the bytes are not a message of this version. */
    static Optional<BusMessage.Received> decode(byte[] bytes) {
        try (JsonParser cbor = FACTORY.createParser(ObjectReadContext.empty(), bytes)) {
            expect(cbor, JsonToken.START_ARRAY);
            if (number(cbor) != VERSION) {
                return Optional.empty();
            }
            long kind = number(cbor);
            long sender = number(cbor);
            BusMessage message = message(cbor, kind);
            expect(cbor, JsonToken.END_ARRAY);
            return cbor.nextToken() == null ? Optional.of(new BusMessage.Received(sender, message)) : Optional.empty();
        } catch (JacksonException | IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static BusMessage message(JsonParser cbor, long kind) {
        if (kind == HINT) {
            return new BusMessage.OfHint(hint(cbor));
        }
        if (kind == SIGNAL) {
            return new BusMessage.OfSignal(new Signal(new WorkspaceId(text(cbor)), text(cbor), text(cbor)));
        }
        if (kind == MISSED) {
            return new BusMessage.Missed();
        }
        throw new IllegalArgumentException("there is no kind " + kind);
    }

    private static Hint hint(JsonParser cbor) {
        WorkspaceId workspace = new WorkspaceId(text(cbor));
        Cursor head = new Cursor(text(cbor), number(cbor), text(cbor));
        List<EnvelopeTemplate> templates = new ArrayList<>();
        expect(cbor, JsonToken.START_ARRAY);
        while (cbor.nextToken() == JsonToken.VALUE_EMBEDDED_OBJECT) {
            templates.add(new EnvelopeTemplate(bytesNow(cbor)));
        }
        expectNow(cbor, JsonToken.END_ARRAY);
        List<Event> events = new ArrayList<>();
        expect(cbor, JsonToken.START_ARRAY);
        while (cbor.nextToken() == JsonToken.START_ARRAY) {
            events.add(event(cbor, workspace, templates));
            expect(cbor, JsonToken.END_ARRAY);
        }
        expectNow(cbor, JsonToken.END_ARRAY);
        return new Hint(workspace, head, events);
    }

    private static Event event(JsonParser cbor, WorkspaceId workspace, List<EnvelopeTemplate> templates) {
        Position position = new Position(text(cbor), number(cbor), Instant.ofEpochMilli(number(cbor)));
        String id = text(cbor);
        return new Event(
                workspace,
                position,
                id,
                text(cbor),
                optionalText(cbor).map(Audience::member).orElse(Audience.EVERYONE),
                optionalText(cbor),
                optionalText(cbor).map(ConflationKey::new),
                payload(cbor, id, position.offset(), templates));
    }

    private static Payload payload(JsonParser cbor, String id, long offset, List<EnvelopeTemplate> templates) {
        if (cbor.nextToken() != JsonToken.START_ARRAY) {
            return Payload.of(bytesNow(cbor));
        }
        long index = number(cbor);
        if (index < 0 || index >= templates.size()) {
            throw new IllegalArgumentException("there is no template " + index);
        }
        cbor.nextToken();
        Payload payload = Payload.of(templates.get((int) index), id, offset, bytesNow(cbor));
        expect(cbor, JsonToken.END_ARRAY);
        return payload;
    }

    private static long number(JsonParser cbor) {
        expect(cbor, JsonToken.VALUE_NUMBER_INT);
        return cbor.getLongValue();
    }

    private static String text(JsonParser cbor) {
        expect(cbor, JsonToken.VALUE_STRING);
        return cbor.getString();
    }

    private static Optional<String> optionalText(JsonParser cbor) {
        if (cbor.nextToken() == JsonToken.VALUE_NULL) {
            return Optional.empty();
        }
        expectNow(cbor, JsonToken.VALUE_STRING);
        return Optional.of(cbor.getString());
    }

    private static byte[] bytesNow(JsonParser cbor) {
        expectNow(cbor, JsonToken.VALUE_EMBEDDED_OBJECT);
        byte[] bytes = cbor.getBinaryValue();
        if (bytes == null) {
            // CBOR's "undefined" is a value of the same kind.
            throw new IllegalArgumentException("not a message of the bus");
        }
        return bytes;
    }

    private static void expect(JsonParser cbor, JsonToken token) {
        cbor.nextToken();
        expectNow(cbor, token);
    }

    private static void expectNow(JsonParser cbor, JsonToken token) {
        if (cbor.currentToken() != token) {
            throw new IllegalArgumentException("not a message of the bus");
        }
    }
}
