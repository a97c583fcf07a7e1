package io.heliograph.eventlog;

import static io.heliograph.eventlog.Samples.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

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

    @Property
    void anyBytesAreAMessageOrNone(@ForAll @Size(max = 200) byte[] bytes, @ForAll byte kind) {
        if (bytes.length > 1) {
            bytes[0] = BusMessage.VERSION;
            bytes[1] = (byte) (kind & 3);
        }
        Optional<BusMessage.Received> received = BusMessage.decode(bytes);
        assertThat(received.map(BusMessage.Received::message).isPresent()).isEqualTo(received.isPresent());
    }
}
