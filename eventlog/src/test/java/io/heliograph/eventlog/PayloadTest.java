package io.heliograph.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.instancio.junit.InstancioExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InstancioExtension.class)
final class PayloadTest {
    private static final String TITLED =
            "{\"id\":\"\u0001\",\"offset\":\u0002,\"subject\":\u0003,\"title\":\"✓ ü\\u0001\","
                    + "\"again\":\u0003,\"unread\":\u0004}";

    @Test
    void anEnvelopeIsItsTemplateWithTheEventsValuesInTheirPlaces() {
        Payload payload = Payload.of(template(TITLED), "evt_1", 1234, List.of("\"ntf_ß\"", "17"));

        assertThat(text(payload))
                .isEqualTo("{\"id\":\"evt_1\",\"offset\":1234,\"subject\":\"ntf_ß\",\"title\":\"✓ ü\\u0001\","
                        + "\"again\":\"ntf_ß\",\"unread\":17}");
    }

    @Test
    void anyValuesStandInTheirPlacesOfAnyTemplate() {
        Randoms.samples(300).forEach(random -> {
            Sample sample = Sample.of(random);

            Payload payload = Payload.of(template(sample.template()), sample.id(), sample.offset(), sample.values());

            assertThat(text(payload)).isEqualTo(sample.envelope());
            assertThat(payload.length()).isEqualTo(payload.bytes().length);
        });
    }

    @Test
    void theStoredFormOfTheValuesGivesTheSameEnvelope() {
        Randoms.samples(300).forEach(random -> {
            Sample sample = Sample.of(random);
            EnvelopeTemplate template = template(sample.template());
            byte[] stored = Payload.of(template, sample.id(), sample.offset(), sample.values())
                    .values();

            assertThat(text(Payload.of(template, sample.id(), sample.offset(), stored)))
                    .isEqualTo(sample.envelope());
        });
    }

    @Test
    void theLengthIsKnownBeforeTheEnvelopeIsComposed() {
        Payload payload = Payload.of(template(TITLED), "evt_1", 1234, List.of("\"ntf_ß\"", "17"));

        int length = payload.length();

        assertThat(payload.isComposed()).isFalse();
        assertThat(payload.bytes()).hasSize(length);
        assertThat(payload.isComposed()).isTrue();
    }

    @Test
    void anEnvelopeIsComposedOnceForAllItsReaders() throws InterruptedException {
        Payload payload = Payload.of(template(TITLED), "evt_1", 1234, List.of("\"ntf_1\"", "17"));
        Set<byte[]> seen = Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
        List<Thread> readers = new ArrayList<>();
        synchronized (payload) {
            for (int i = 0; i < 4; i++) {
                readers.add(Thread.ofPlatform().start(() -> seen.add(payload.bytes())));
            }
            // All of them have found no bytes before the first of them composes.
            await().until(() -> readers.stream().allMatch(reader -> reader.getState() == Thread.State.BLOCKED));
        }
        for (Thread reader : readers) {
            reader.join();
        }

        assertThat(seen).hasSize(1);
    }

    @Test
    void bytesAreTheEnvelopeAsTheyAre() {
        byte[] bytes = {0, 1, -1};
        Payload payload = Payload.of(bytes);

        assertThat(payload.bytes()).isSameAs(bytes);
        assertThat(payload.length()).isEqualTo(3);
        assertThat(payload.template()).isEmpty();
    }

    @Test
    void anEventHasAsManyValuesAsItsTemplate() {
        EnvelopeTemplate two = template(TITLED);
        EnvelopeTemplate none = template("{\"id\":\"\u0001\",\"offset\":\u0002}");

        for (List<String> values : List.of(List.of("1"), List.of("1", "2", "3"), List.of("1\u00002", "3"))) {
            assertThatThrownBy(() -> Payload.of(two, "evt_1", 1, values))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("for 2");
        }
        assertThatThrownBy(() -> Payload.of(none, "evt_1", 1, List.of("1")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(text(Payload.of(none, "evt_1", 1, List.of()))).isEqualTo("{\"id\":\"evt_1\",\"offset\":1}");
    }

    @Test
    void textWithoutAMarkIsNoTemplate() {
        byte[] text = "{\t\"id\":\r\n\"evt_1\"\b}".replace("\b", "\u000b").getBytes(StandardCharsets.UTF_8);

        assertThat(EnvelopeTemplate.isTemplate(text)).isFalse();
        assertThatThrownBy(() -> new EnvelopeTemplate(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anEventHasAtMostSixValuesOfItsOwn() {
        String marks = IntStream.range(0, EnvelopeTemplate.MAX_VALUES)
                .mapToObj(EnvelopeTemplate::value)
                .reduce("", String::concat);

        assertThat(text(Payload.of(template(marks), "evt_1", 1, List.of("a", "b", "c", "d", "e", "f"))))
                .isEqualTo("abcdef");
        assertThatThrownBy(() -> EnvelopeTemplate.value(6)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> EnvelopeTemplate.value(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    /** A template and an event's values for it, and what they have to give. */
    record Sample(String template, String id, long offset, List<String> values, String envelope) {
        private static final String ALPHABET = "aZ9{}[]:,\"\\\t\n ü€😀";

        static Sample of(Random random) {
            String id = "evt_" + random.nextInt(1_000_000);
            long offset = random.nextLong(Long.MAX_VALUE);
            List<String> values = Stream.generate(() -> letters(random, 40))
                    .limit(random.nextInt(EnvelopeTemplate.MAX_VALUES + 1))
                    .toList();
            StringBuilder template = new StringBuilder();
            StringBuilder envelope = new StringBuilder();
            // The last value's mark stands at the end: it tells how many there are.
            for (int i = 0; i < 12; i++) {
                String between = letters(random, random.nextInt(10) == 0 ? 5_000 : 50);
                int mark = i == 11 ? values.size() + 1 : random.nextInt(values.size() + 2);
                template.append(between).append((char) (mark + 1));
                envelope.append(between)
                        .append(mark == 0 ? id : mark == 1 ? Long.toString(offset) : values.get(mark - 2));
            }
            return new Sample(template.toString(), id, offset, values, envelope.toString());
        }

        private static String letters(Random random, int max) {
            int[] letters = ALPHABET.codePoints().toArray();
            return random.ints(random.nextInt(max + 1), 0, letters.length)
                    .map(i -> letters[i])
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
        }
    }

    static EnvelopeTemplate template(String text) {
        return new EnvelopeTemplate(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(Payload payload) {
        return new String(payload.bytes(), StandardCharsets.UTF_8);
    }
}
