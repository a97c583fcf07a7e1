package io.heliograph.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;
import org.instancio.junit.InstancioExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InstancioExtension.class)
final class SharedPayloadTest {

    @Test
    void aTemplateGivesAPayloadThatIsNotComposed() {
        SharedPayload shared = SharedPayload.of(text("{\"id\":\"\u0001\",\"unread\":\u0003}"));

        Payload payload = shared.payload("evt_1", 7, text("4"));

        assertThat(payload.isComposed()).isFalse();
        assertThat(payload.bytes()).isEqualTo(text("{\"id\":\"evt_1\",\"unread\":4}"));
    }

    @Test
    void valuesThatDoNotFitTheTemplateAreAnErrorThatNamesTheEvent() {
        SharedPayload shared = SharedPayload.of(text("{\"id\":\"\u0001\",\"unread\":\u0003}"));

        assertThatThrownBy(() -> shared.payload("evt_1", 7, text("4\u00005")))
                .isInstanceOf(EventLogException.class)
                .hasMessage(
                        "the stored values of event evt_1 at offset 7 do not fit the template that is stored for it:"
                                + " an event with 2 values has a template for 1");
    }

    @Test
    void whatAnEarlierVersionDeflatedComesBack() {
        Randoms.samples(300).forEach(random -> {
            byte[] first = envelope(random, 1 + random.nextInt(70_000));
            byte[] payload = random.nextBoolean() ? edited(random, first) : envelope(random, random.nextInt(70_000));

            assertThat(SharedPayload.of(first)
                            .payload("evt_1", 1, deflated(payload, first))
                            .bytes())
                    .isEqualTo(payload);
        });
    }

    @Test
    void aDeflatedPayloadThatIsCutOffIsAnError() {
        byte[] first = text("Refund order 9?");
        byte[] deflated = deflated(text("Refund order 10?"), first);

        assertThatThrownBy(
                        () -> SharedPayload.of(first).payload("evt_1", 1, Arrays.copyOf(deflated, deflated.length - 3)))
                .isInstanceOf(EventLogException.class);
    }

    /** As earlier versions stored the payload of an event after the first of several. */
    static byte[] deflated(byte[] payload, byte[] first) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try {
            deflater.setDictionary(first);
            deflater.setInput(payload);
            deflater.finish();
            byte[] out = new byte[2 * payload.length + 100];
            return Arrays.copyOf(out, deflater.deflate(out));
        } finally {
            deflater.end();
        }
    }

    private static byte[] edited(Random random, byte[] shared) {
        byte[] edited = shared.clone();
        for (int i = 0; i < 5; i++) {
            edited[random.nextInt(edited.length)] = (byte) random.nextInt();
        }
        return edited;
    }

    /** Without the bytes that no JSON has. */
    private static byte[] envelope(Random random, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (' ' + random.nextInt(224));
        }
        return bytes;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
