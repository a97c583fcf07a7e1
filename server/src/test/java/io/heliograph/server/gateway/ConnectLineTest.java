package io.heliograph.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.server.gateway.ConnectLine.Place.Full;
import io.heliograph.server.gateway.ConnectLine.Place.Taken;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConnectLineTest {
    private long now = Long.MAX_VALUE - 5; // a nano time may be anything, and overflow
    private final ConnectLine line = new ConnectLine(250, Duration.ofMillis(500), () -> now);

    @Test
    void aFiftiethOfASecondsGoAtOnceAndTheNextWaitInLine() {
        assertThat(IntStream.range(0, 5).mapToObj(_ -> line.enter())).allMatch(new Taken(Duration.ZERO)::equals);

        assertThat(line.enter()).isEqualTo(new Taken(Duration.ofMillis(4)));
        assertThat(line.enter()).isEqualTo(new Taken(Duration.ofMillis(8)));
    }

    @Test
    void whoWouldWaitTooLongIsToldWhenToComeAgainAndTakesNoPlace() {
        IntStream.range(0, 130).forEach(_ -> line.enter());

        assertThat(line.enter()).isEqualTo(new Full(Duration.ofMillis(4)));
        now += Duration.ofMillis(4).toNanos();
        assertThat(line.enter()).isEqualTo(new Taken(Duration.ofMillis(500)));
    }

    @Test
    void aLongQuietTimeIsWorthNoMore() {
        now += Duration.ofDays(300).toNanos();

        assertThat(IntStream.range(0, 5).mapToObj(_ -> line.enter())).allMatch(new Taken(Duration.ZERO)::equals);
        assertThat(line.enter()).isEqualTo(new Taken(Duration.ofMillis(4)));
    }

    @Test
    void aSlowPaceLetsOneGoAtOnce() {
        ConnectLine slow = new ConnectLine(2, Duration.ofSeconds(1), () -> now);

        assertThat(slow.enter()).isEqualTo(new Taken(Duration.ZERO));
        assertThat(slow.enter()).isEqualTo(new Taken(Duration.ofMillis(500)));
    }
}
