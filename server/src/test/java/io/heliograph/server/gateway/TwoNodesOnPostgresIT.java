package io.heliograph.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestSocket;
import io.heliograph.server.workspaces.Role;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The nodes with nothing but their PostgreSQL. */
final class TwoNodesOnPostgresIT extends TwoNodesContract {

    @Override
    String bus() {
        return "";
    }

    @Test
    void endedConnectionsOfTheBusAreMadeAgainAndBringWhatWasMissed() {
        TestClient agent = one.as(one.key("acme", "agent"));
        try (TestSocket there = TestSocket.connected(other, one.token("acme", "ada", Role.OPERATOR))) {
            ask(agent, "before?");
            assertThat(title(there)).isEqualTo("before?");

            int ended = JdbcClient.create(postgres.getPostgresDatabase())
                    .sql("select count(pg_terminate_backend(pid)) from pg_stat_activity"
                            + " where application_name = 'heliograph-bus'")
                    .query(Integer.class)
                    .single();
            assertThat(ended).as("two connections of each node").isEqualTo(4);
            ask(agent, "meanwhile?");

            assertThat(title(there)).isEqualTo("meanwhile?");
            await().until(() -> bus(one).equals("up") && bus(other).equals("up"));
            ask(agent, "after?");
            assertThat(title(there)).isEqualTo("after?");
        }
    }
}
