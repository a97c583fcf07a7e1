package io.heliograph.eventlog;

import static io.heliograph.eventlog.Samples.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private static final BusMessage SMALL = new BusMessage.OfSignal(new Signal(ACME, "kind", ""));
    private static final BusMessage LARGE = new BusMessage.OfSignal(new Signal(ACME, "kind", "x".repeat(4_000)));

    @Test
    void itTakesNothingWhileItIsClosed() {
        Outbox outbox = new Outbox(2, 1_000);

        assertThat(outbox.offer(SMALL)).isFalse();
        outbox.open();
        assertThat(outbox.offer(SMALL)).isTrue();
        assertThat(outbox.close()).isEqualTo(1);
        assertThat(outbox.offer(SMALL)).isFalse();
        assertThat(outbox.isEmpty()).isTrue();
    }

    @Test
    void itIsBoundedByMessagesAndByBytes() throws InterruptedException {
        Outbox outbox = new Outbox(2, 1_000);
        outbox.open();

        assertThat(outbox.offer(LARGE)).as("alone").isTrue();
        assertThat(outbox.offer(SMALL)).as("too many bytes").isFalse();
        assertThat(outbox.take(Duration.ZERO)).isSameAs(LARGE);
        assertThat(outbox.offer(SMALL)).isTrue();
        assertThat(outbox.offer(SMALL)).isTrue();
        assertThat(outbox.offer(SMALL)).as("too many messages").isFalse();
    }

    @Test
    void whoTakesIsWoken() throws InterruptedException {
        Outbox outbox = new Outbox(2, 1_000);
        outbox.wake();

        assertThat(outbox.take(Duration.ofDays(1))).isNull();
    }
}
