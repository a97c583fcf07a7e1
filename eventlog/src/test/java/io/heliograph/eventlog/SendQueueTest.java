package io.heliograph.eventlog;

import static io.heliograph.eventlog.Samples.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SendQueueTest {
    private static final BusMessage SMALL = new BusMessage.OfSignal(new Signal(ACME, "kind", ""));
    private static final BusMessage LARGE = new BusMessage.OfSignal(new Signal(ACME, "kind", "x".repeat(4_000)));

    @Test
    void itTakesNothingWhileItIsClosed() {
        SendQueue queue = new SendQueue(2, 1_000);

        assertThat(queue.offer(SMALL)).isFalse();
        queue.open();
        assertThat(queue.offer(SMALL)).isTrue();
        assertThat(queue.close()).isEqualTo(1);
        assertThat(queue.offer(SMALL)).isFalse();
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void itIsBoundedByMessagesAndByBytes() throws InterruptedException {
        SendQueue queue = new SendQueue(2, 1_000);
        queue.open();

        assertThat(queue.offer(LARGE)).as("alone").isTrue();
        assertThat(queue.offer(SMALL)).as("too many bytes").isFalse();
        assertThat(queue.take(Duration.ZERO)).isSameAs(LARGE);
        assertThat(queue.offer(SMALL)).isTrue();
        assertThat(queue.offer(SMALL)).isTrue();
        assertThat(queue.offer(SMALL)).as("too many messages").isFalse();
    }

    @Test
    void whoTakesIsWoken() throws InterruptedException {
        SendQueue queue = new SendQueue(2, 1_000);
        queue.wake();

        assertThat(queue.take(Duration.ofDays(1))).isNull();
    }

    @Test
    void aClosedQueueHasAllItsRoomWhenItOpensAgain() {
        SendQueue queue = new SendQueue(2, 1_000);
        queue.open();
        assertThat(queue.offer(LARGE)).isTrue();
        queue.close();
        queue.open();

        assertThat(queue.offer(SMALL)).isTrue();
        assertThat(queue.offer(SMALL)).isTrue();
    }
}
