package io.heliograph.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class GatewaySettingsTest {
    private static final String[] COUNTS = {
        "maxSockets",
        "maxSocketsPerWorkspace",
        "maxSocketsPerMember",
        "maxConnectsPerSecond",
        "maxVerifications",
        "maxEventsPerSecond",
        "drainRate"
    };

    @Test
    void theSmallestSettingsAreAccepted() {
        assertThat(settings(new int[] {1, 1, 1, 1, 1, 1, 1}, Duration.ZERO, Duration.ZERO, Duration.ofNanos(1)))
                .isNotNull();
    }

    @Test
    void eachCountIsOneOrMore() {
        for (int count = 0; count < COUNTS.length; count++) {
            int[] counts = {1, 1, 1, 1, 1, 1, 1};
            counts[count] = 0;

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> settings(counts, Duration.ZERO, Duration.ZERO, Duration.ofNanos(1)))
                    .withMessage(COUNTS[count] + " is 0, expected 1 or more");
        }
    }

    @Test
    void timesAreNotNegativeAndTheKeepAliveIsPositive() {
        int[] counts = {1, 1, 1, 1, 1, 1, 1};
        Duration negative = Duration.ofNanos(-1);
        Duration positive = Duration.ofNanos(1);

        assertThatIllegalArgumentException().isThrownBy(() -> settings(counts, negative, Duration.ZERO, positive));
        assertThatIllegalArgumentException().isThrownBy(() -> settings(counts, Duration.ZERO, negative, positive));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(counts, Duration.ZERO, Duration.ZERO, Duration.ZERO));
    }

    private static GatewaySettings settings(int[] counts, Duration connect, Duration warning, Duration keepAlive) {
        return new GatewaySettings(
                counts[0], counts[1], counts[2], counts[3], connect, counts[4], counts[5], warning, counts[6],
                keepAlive);
    }
}
