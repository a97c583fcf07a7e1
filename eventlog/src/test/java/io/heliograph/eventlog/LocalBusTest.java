package io.heliograph.eventlog;

import static io.heliograph.eventlog.Samples.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LocalBusTest extends BusContract {
    private final LocalBus bus = new LocalBus();

    @Override
    Bus open() {
        // One process is one node.
        return bus;
    }

    @Test
    void aClosedBusCallsNobody() {
        RecordingListener listener = new RecordingListener();
        bus.subscribe(listener);
        bus.close();

        bus.publish(hint(ACME, 1));
        bus.signal(new Signal(ACME, "last", ""));

        assertThat(listener.hints).isEmpty();
        assertThat(listener.signals).isEmpty();
    }
}
