package io.heliograph.eventlog;

import static io.heliograph.eventlog.Samples.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.instancio.junit.InstancioExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InstancioExtension.class)
class BusMessageCodecTest {
    private static final BusMessage HINT = new BusMessage.OfHint(BusContract.hint(ACME, 7, 8));
    private static final EnvelopeTemplate TEMPLATE = PayloadTest.template("{\"id\":\"\u0001\",\"n\":\u0003}");
    private static final BusMessage TEMPLATED =
            new BusMessage.OfHint(new Hint(ACME, Cursor.at("e1", 8, "evt_8"), List.of(templated(7), templated(8))));
    private static final BusMessage SIGNAL = new BusMessage.OfSignal(new Signal(ACME, "kind", "body ü"));
    private static final BusMessage MISSED = new BusMessage.Missed();
    private static final String ALPHABET = "aZ9_-:\"\\\u0000 üß€😀";

    @Test
    void messagesArriveAsTheyWereSent() {
        Randoms.samples(300).forEach(random -> {
            BusMessage.Received sent = new BusMessage.Received(random.nextLong(), message(random));

            assertThat(BusMessageCodec.decode(BusMessageCodec.encode(sent.sender(), sent.message())))
                    .get()
                    .usingRecursiveComparison()
                    .withEqualsForType(Arrays::equals, byte[].class)
                    .isEqualTo(sent);
        });
    }

    private static BusMessage message(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> MISSED;
            case 1 ->
                new BusMessage.OfSignal(
                        new Signal(ACME, "k".repeat(1 + random.nextInt(64)), text(random, Signal.MAX_BODY / 2)));
            default -> new BusMessage.OfHint(hint(random));
        };
    }

    private static Hint hint(Random random) {
        String epoch = text(random, 16);
        long head = random.nextLong();
        int count = random.nextInt(8);
        List<PayloadTest.Sample> samples = List.of(PayloadTest.Sample.of(random), PayloadTest.Sample.of(random));
        Map<PayloadTest.Sample, EnvelopeTemplate> templates = new HashMap<>();
        samples.forEach(sample -> templates.put(sample, PayloadTest.template(sample.template())));
        List<Event> events = LongStream.rangeClosed(head - count + 1, head)
                .mapToObj(offset -> event(random, epoch, offset, templates))
                .toList();
        return new Hint(ACME, new Cursor(epoch, head, text(random, 6)), events);
    }

    private static Event templated(long offset) {
        String id = "evt_" + offset;
        return new Event(
                ACME,
                new Position("e1", offset, Instant.EPOCH),
                id,
                "notification:new",
                Audience.member("mem_1"),
                Optional.empty(),
                Payload.of(TEMPLATE, id, offset, List.of("5")));
    }

    private static Event event(
            Random random, String epoch, long offset, Map<PayloadTest.Sample, EnvelopeTemplate> templates) {
        String id = text(random, 64);
        List<PayloadTest.Sample> samples = List.copyOf(templates.keySet());
        // Large enough for the longer forms of a length.
        byte[] payload = new byte[random.nextInt(random.nextInt(10) == 0 ? 70_000 : 600)];
        random.nextBytes(payload);
        return new Event(
                ACME,
                new Position(epoch, offset, Instant.ofEpochMilli(random.nextLong(1L << 45))),
                id,
                text(random, 64),
                random.nextBoolean() ? Audience.EVERYONE : Audience.member(text(random, 64)),
                random.nextBoolean() ? Optional.empty() : Optional.of(text(random, 64)),
                random.nextBoolean() ? Optional.empty() : Optional.of(new ConflationKey(text(random, 24))),
                random.nextBoolean()
                        ? Payload.of(payload)
                        : payload(samples.get(random.nextInt(samples.size())), id, offset, templates));
    }

    private static Payload payload(
            PayloadTest.Sample sample, String id, long offset, Map<PayloadTest.Sample, EnvelopeTemplate> templates) {
        return Payload.of(Objects.requireNonNull(templates.get(sample)), id, offset, sample.values());
    }

    @Test
    void aTemplateIsSentOnceAndNoEnvelopeIsComposed() {
        byte[] bytes = BusMessageCodec.encode(1, TEMPLATED);

        List<Event> received = events(BusMessageCodec.decode(bytes).orElseThrow());

        assertThat(events(new BusMessage.Received(1, TEMPLATED)))
                .noneMatch(event -> event.payload().isComposed());
        assertThat(received).noneMatch(event -> event.payload().isComposed());
        assertThat(received.stream().map(event -> event.payload().template()).distinct())
                .hasSize(1);
        assertThat(received)
                .extracting(Samples::text)
                .containsExactly("{\"id\":\"evt_7\",\"n\":5}", "{\"id\":\"evt_8\",\"n\":5}");
    }

    private static List<Event> events(BusMessage.Received received) {
        return ((BusMessage.OfHint) received.message()).hint().events();
    }

    @Test
    void anEventThatDoesNotFitItsTemplateIsNoMessage() {
        byte[] bytes = BusMessageCodec.encode(1, TEMPLATED);

        // In CBOR: an array that has no length yet, the template's index, and the values as a byte string.
        String payload = "\u009f\u0000A5\u00ff";
        assertThat(BusMessageCodec.decode(replaced(bytes, payload, "\u009f\u0000A6\u00ff")))
                .isPresent();
        for (String wrong : List.of(
                "\u009f\u0001A5\u00ff", // there is one template
                "\u009f A5\u00ff", // an index below 0
                "\u009f\u0000C5\u00006\u00ff", // two values
                "\u009f\u0000a5\u00ff", // a text
                "\u009f\u0000A5\u0000\u00ff", // something behind the values
                "\u009f\u0000\u00ff")) {
            assertThat(BusMessageCodec.decode(replaced(bytes, payload, wrong)))
                    .as(wrong)
                    .isEmpty();
        }
        assertThat(BusMessageCodec.decode(replaced(bytes, "\"n\":\u0003", "\"n\":\u0004")))
                .as("a template for two values")
                .isEmpty();
        assertThat(BusMessageCodec.decode(
                        replaced(bytes, "{\"id\":\"\u0001\",\"n\":\u0003}", "{\"id\":\"0\",\"n\":00}")))
                .as("an envelope in the place of a template")
                .isEmpty();
    }

    private static String text(Random random, int max) {
        int[] letters = ALPHABET.codePoints().toArray();
        return random.ints(random.nextInt(max + 1), 0, letters.length)
                .map(i -> letters[i])
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    @Test
    void anUnpairedSurrogateIsReplaced() {
        byte[] bytes = BusMessageCodec.encode(1, new BusMessage.OfSignal(new Signal(ACME, "kind", "a\ud800b")));

        BusMessage.Received received = BusMessageCodec.decode(bytes).orElseThrow();

        assertThat(((BusMessage.OfSignal) received.message()).signal().body()).matches("a\\W+b");
    }

    @Test
    void whatIsCutShortIsNoMessage() {
        for (BusMessage message : List.of(HINT, TEMPLATED, SIGNAL, MISSED)) {
            byte[] bytes = BusMessageCodec.encode(1, message);
            for (int length = 0; length < bytes.length; length++) {
                assertThat(BusMessageCodec.decode(Arrays.copyOf(bytes, length)))
                        .as("%d bytes of %s", length, message)
                        .isEmpty();
            }
        }
    }

    @Test
    void whatHasMoreBehindItIsNoMessage() {
        for (BusMessage message : List.of(HINT, TEMPLATED, SIGNAL, MISSED)) {
            byte[] bytes = BusMessageCodec.encode(1, message);

            assertThat(BusMessageCodec.decode(Arrays.copyOf(bytes, bytes.length + 1)))
                    .isEmpty();
        }
    }

    @Test
    void anotherVersionIsNoMessage() {
        byte[] bytes = BusMessageCodec.encode(1, MISSED);
        assertThat(bytes[1]).as("the version").isEqualTo((byte) BusMessageCodec.VERSION);
        bytes[1]++;

        assertThat(BusMessageCodec.decode(bytes)).isEmpty();
        bytes[1] = 2;
        assertThat(BusMessageCodec.decode(bytes)).isEmpty();
        // The format before that one: version, kind, sender.
        assertThat(BusMessageCodec.decode(ByteBuffer.allocate(10)
                        .put((byte) 1)
                        .put((byte) 3)
                        .putLong(1)
                        .array()))
                .isEmpty();
    }

    @Test
    void anotherKindIsNoMessage() {
        byte[] bytes = BusMessageCodec.encode(1, MISSED);
        assertThat(bytes[2]).as("the kind").isEqualTo((byte) 3);
        for (byte kind = 0; kind < 24; kind++) {
            bytes[2] = kind;

            assertThat(BusMessageCodec.decode(bytes))
                    .as("kind %d", kind)
                    .matches(found -> found.isPresent() == (bytes[2] == 3));
        }
    }

    @Test
    void aSignalBeyondTheLimitsIsNoMessage() {
        byte[] bytes = BusMessageCodec.encode(1, SIGNAL);

        // In CBOR, texts of 4, 3 and 0 bytes begin with a byte that is d, c and ` in ASCII.
        assertThat(BusMessageCodec.decode(replaced(bytes, "dkind", "ckin"))).isPresent();
        assertThat(BusMessageCodec.decode(replaced(bytes, "dkind", "`"))).isEmpty();
    }

    private static byte[] replaced(byte[] bytes, String from, String to) {
        return new String(bytes, StandardCharsets.ISO_8859_1).replace(from, to).getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void aLengthBeyondTheBytesIsNoMessage() {
        byte[] bytes = BusMessageCodec.encode(1, new BusMessage.OfHint(BusContract.hint(ACME, 7)));
        byte[] payload = "{\"ü\":7}".getBytes(StandardCharsets.UTF_8);
        int at = bytes.length - payload.length - 4;
        assertThat(bytes[at]).as("a byte string of 8 bytes").isEqualTo((byte) (0x40 + payload.length));
        // A byte string, and a text, of 2,147,483,647 bytes.
        for (byte type : new byte[] {0x5a, 0x7a}) {
            byte[] claims = ByteBuffer.allocate(at + 9)
                    .put(bytes, 0, at)
                    .put(type)
                    .putInt(Integer.MAX_VALUE)
                    .putInt(0)
                    .array();

            assertThat(BusMessageCodec.decode(claims)).isEmpty();
        }
    }

    @Test
    void anyBytesAreAMessageOrNone() {
        Randoms.samples(1500).map(BusMessageCodecTest::likelyMessage).forEach(bytes -> {
            Optional<BusMessage.Received> found = BusMessageCodec.decode(bytes);

            // What is taken for a message can be sent on.
            found.ifPresent(received -> assertThat(
                            BusMessageCodec.decode(BusMessageCodec.encode(received.sender(), received.message())))
                    .as("%s", bytes)
                    .isPresent());
        });
    }

    /** Random bytes behind a header that is right, or a message of which some bytes were changed. */
    private static byte[] likelyMessage(Random random) {
        if (random.nextBoolean()) {
            byte[] bytes = BusMessageCodec.encode(
                    random.nextLong(), List.of(HINT, TEMPLATED, SIGNAL).get(random.nextInt(3)));
            for (int i = random.nextInt(4); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            return bytes;
        }
        byte[] bytes = new byte[3 + random.nextInt(200)];
        random.nextBytes(bytes);
        bytes[0] = (byte) 0x9f;
        bytes[1] = BusMessageCodec.VERSION;
        bytes[2] = (byte) (1 + random.nextInt(3));
        return bytes;
    }
}
