package io.heliograph.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.server.gateway.ConnectLine.Place.Full;
import io.heliograph.server.gateway.ConnectLine.Place.Taken;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConnectLineTest {
    private long now = Long.MAX_VALUE - 5; // a nano time may be anything, and overflow
    private final ConnectLine line = new ConnectLine(10, Duration.ofMillis(500), () -> now);

    @Test
    void asManyAsInASecondGoAtOnceAndTheNextWaitInLine() {
        assertThat(IntStream.range(0, 10).mapToObj(_ -> line.enter())).allMatch(new Taken(Duration.ZERO)::equals);

        assertThat(line.enter()).isEqualTo(new Taken(Duration.ofMillis(100)));
        assertThat(line.enter()).isEqualTo(new Taken(Duration.ofMillis(200)));
    }

    @Test
    void whoWouldWaitTooLongIsToldWhenToComeAgainAndTakesNoPlace() {
        IntStream.range(0, 15).forEach(_ -> line.enter());

        assertThat(line.look()).isEqualTo(new Full(Duration.ofMillis(100)));
        assertThat(line.enter()).isEqualTo(new Full(Duration.ofMillis(100)));
        now += Duration.ofMillis(100).toNanos();
        assertThat(line.look()).isEqualTo(new Taken(Duration.ofMillis(500)));
        assertThat(line.enter()).isEqualTo(new Taken(Duration.ofMillis(500)));
    }

    @Test
    void aLongQuietTimeIsWorthOneSecondAndNoMore() {
        now += Duration.ofDays(300).toNanos();

        assertThat(IntStream.range(0, 10).mapToObj(_ -> line.enter())).allMatch(new Taken(Duration.ZERO)::equals);
        assertThat(line.enter()).isEqualTo(new Taken(Duration.ofMillis(100)));
    }
}
