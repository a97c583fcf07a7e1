package io.heliograph.server.approvals;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.eventlog.Bus;
import io.heliograph.eventlog.Hint;
import io.heliograph.eventlog.Signal;
import io.heliograph.eventlog.Subscription;
import io.heliograph.eventlog.WorkspaceId;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ApprovalWaitsTest {
    private static final WorkspaceId ACME = new WorkspaceId("ws_acme");

    private final Followed bus = new Followed();
    private final ApprovalWaits waits = new ApprovalWaits(bus);

    @Test
    void aWorkspaceIsFollowedAsLongAsSomebodyWaitsInIt() {
        ApprovalWaits.Wait first = waits.open(ACME, new ApprovalId("apr_1"));
        ApprovalWaits.Wait second = waits.open(ACME, new ApprovalId("apr_2"));
        assertThat(bus.follows).containsExactly(Map.entry(ACME, 2));

        first.close();
        first.close();
        second.close();

        assertThat(bus.follows).containsExactly(Map.entry(ACME, 0));
    }

    /** Counts who is followed, and carries nothing. */
    private static final class Followed implements Bus {
        final Map<WorkspaceId, Integer> follows = new HashMap<>();

        @Override
        public void follow(WorkspaceId workspace) {
            follows.merge(workspace, 1, Integer::sum);
        }

        @Override
        public void unfollow(WorkspaceId workspace) {
            follows.merge(workspace, -1, Integer::sum);
        }

        @Override
        public void publish(Hint hint) {}

        @Override
        public void signal(Signal signal) {}

        @Override
        public Subscription subscribe(Listener listener) {
            return () -> {};
        }

        @Override
        public void close() {}
    }
}
