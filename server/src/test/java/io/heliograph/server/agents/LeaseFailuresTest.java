package io.heliograph.server.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.events.AgentId;
import io.heliograph.server.fixtures.FailingLog;
import io.heliograph.server.fixtures.Features;
import io.heliograph.server.identity.Caller;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A workspace whose transactions fail has no influence on the leases of agents of others. */
class LeaseFailuresTest {
    private static final List<WorkspaceId> OTHERS = List.of(new WorkspaceId("ws_a"), new WorkspaceId("ws_c"));
    private static final WorkspaceId BAD = new WorkspaceId("ws_b");
    private static final int BATCH = 200;

    private Features features;
    private FailingLog log;
    private AgentLeases leases;

    @BeforeEach
    void open(@TempDir Path folder) {
        features = Features.open(folder);
        log = new FailingLog(features.part(EventLog.class));
        leases = new AgentLeases(
                log,
                features.jdbc(),
                features.part(AgentStore.class),
                features.part(AgentRegistry.class),
                features.part(ScheduledExecutorService.class));
    }

    @AfterEach
    void close() {
        features.close();
    }

    @Test
    void agentsOfOtherWorkspacesGoOffline() {
        List<Supplier<? extends Throwable>> failures =
                List.of(() -> new IllegalStateException("a fault"), () -> new StackOverflowError("a fault"));
        for (Supplier<? extends Throwable> failure : failures) {
            report(OTHERS.getFirst(), 1);
            report(BAD, 1);
            report(OTHERS.getLast(), 1);
            features.clock.advance(Duration.ofSeconds(30));
            log.failWrites(BAD, failure);

            assertThatThrownBy(leases::sweep).hasMessage("a fault");

            assertThat(OTHERS)
                    .allSatisfy(
                            workspace -> assertThat(status(workspace, "agt_0")).isEqualTo("offline"));
            assertThat(status(BAD, "agt_0")).isEqualTo("idle");
            log.mend();
            leases.sweep();
            assertThat(status(BAD, "agt_0")).isEqualTo("offline");
        }
    }

    /** The agents of the failing workspace stay the longest overdue, and would fill each batch. */
    @Test
    void moreAgentsThanOneBatchHoldsDoNotKeepOthersFromBeingSeen() {
        report(BAD, 2 * BATCH + 1);
        features.clock.advance(Duration.ofSeconds(1));
        report(OTHERS.getFirst(), 1);
        features.clock.advance(Duration.ofSeconds(30));
        log.failWrites(BAD, () -> new IllegalStateException("a fault"));

        assertThatThrownBy(leases::sweep).hasMessage("a fault");

        assertThat(status(OTHERS.getFirst(), "agt_0")).isEqualTo("offline");
    }

    /** So many agents of the workspace's key report themselves, with a lease of 30 seconds. */
    private void report(WorkspaceId workspace, int agents) {
        Caller.Key any = features.key("robot");
        String id = "key_" + workspace.value();
        Caller.Key key =
                new Caller.Key(workspace, id, any.name(), any.scopes(), any.actAs(), Optional.empty(), List.of(), id);
        AgentReport report = features.json.readValue(
                "{\"name\":\"Robot\",\"status\":\"idle\",\"lease\":{\"seconds\":30}}", AgentReport.class);
        features.run(key, transaction -> {
            for (int agent = 0; agent < agents; agent++) {
                features.part(Agents.class)
                        .put(key, new AgentId("agt_" + agent), report)
                        .run(transaction);
            }
            return agents;
        });
    }

    private String status(WorkspaceId workspace, String agent) {
        return features.jdbc()
                .sql("select status from agent where workspace = ? and id = ?")
                .params(workspace.value(), agent)
                .query(String.class)
                .single();
    }
}
