package io.heliograph.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestRedis;
import io.heliograph.server.fixtures.TestSocket;
import io.heliograph.server.workspaces.Role;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The nodes with Redis between them. */
final class TwoNodesOnRedisIT extends TwoNodesContract {
    private final TestRedis redis = TestRedis.start();

    @Override
    String bus() {
        return redis.url();
    }

    @AfterEach
    void stopRedis() {
        redis.close();
    }

    @Test
    void aRedisThatGoesAwayDegradesTheNodesAndItsReturnBringsWhatWasMissed() {
        TestClient agent = one.as(one.key("acme", "agent"));
        try (TestSocket there = TestSocket.connected(other, one.token("acme", "ada", Role.OPERATOR))) {
            ask(agent, "before?");
            assertThat(title(there)).isEqualTo("before?");

            redis.kill();
            await().until(() -> bus(one).equals("degraded") && bus(other).equals("degraded"));
            assertThat(metric(other, "heliograph_bus_connected")).endsWith(" 0.0");
            ask(agent, "meanwhile?");
            assertThat(metric(one, "heliograph_bus_dropped_total")).doesNotEndWith(" 0.0");

            redis.startAgain();
            assertThat(title(there)).isEqualTo("meanwhile?");
            await().until(() -> bus(one).equals("up") && bus(other).equals("up"));
            ask(agent, "after?");
            assertThat(title(there)).isEqualTo("after?");
        }
    }
}
