package io.heliograph.eventlog;

import static io.heliograph.eventlog.Samples.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.instancio.junit.InstancioExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InstancioExtension.class)
class BusMessageTest {

    @Test
    void everyKindArrivesAsItWasSent() {
        Signal signal = new Signal(ACME, "kind", "body ü");
        Hint bare = new Hint(ACME, Cursor.beforeFirst("e1"), List.of());

        for (BusMessage message :
                List.of(new BusMessage.OfSignal(signal), new BusMessage.OfHint(bare), new BusMessage.Missed())) {
            assertThat(BusMessage.decode(BusMessage.encode(-7, message)))
                    .contains(new BusMessage.Received(-7, message));
        }
    }

    @Test
    void aLargeHintArrivesAsItWasSent() {
        Hint hint = BusContract.hint(ACME, 7, 8, 9);

        BusMessage.Received received = BusMessage.decode(BusMessage.encode(1, new BusMessage.OfHint(hint)))
                .orElseThrow();

        assertThat(received)
                .usingRecursiveComparison()
                .isEqualTo(new BusMessage.Received(1, new BusMessage.OfHint(hint)));
    }

    @Test
    void whatIsCutShortOrOfAnotherVersionIsNoMessage() {
        byte[] bytes = BusMessage.encode(1, new BusMessage.OfHint(BusContract.hint(ACME, 7, 8)));
        for (int length = 0; length < bytes.length; length++) {
            assertThat(BusMessage.decode(Arrays.copyOf(bytes, length))).isEmpty();
        }
        bytes[0]++;
        assertThat(BusMessage.decode(bytes)).isEmpty();
    }

    @Test
    void anyBytesAreAMessageOrNone() {
        Randoms.samples(1500)
                .map(BusMessageTest::likelyMessage)
                .forEach(bytes -> assertThatCode(() -> BusMessage.decode(bytes))
                        .as("%s", bytes)
                        .doesNotThrowAnyException());
    }

    /** Random bytes behind a header that is right, in most cases. */
    private static byte[] likelyMessage(Random random) {
        byte[] bytes = new byte[random.nextInt(201)];
        random.nextBytes(bytes);
        if (bytes.length > 1) {
            bytes[0] = BusMessage.VERSION;
            bytes[1] &= 3;
        }
        return bytes;
    }
}
