package io.heliograph.server.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.events.MemberId;
import io.heliograph.server.workspaces.Role;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConcurrencyLimiterTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ConcurrencyLimiter limiter = new ConcurrencyLimiter(
            ConcurrencyLimiter.Limit.of("heliograph.test.max", 4, registry),
            ConcurrencyLimiter.Limit.of("heliograph.test.max-per-workspace", 3, registry),
            ConcurrencyLimiter.Limit.of("heliograph.test.max-per-caller", 2, registry));

    @Test
    void aCallerThatIsRefusedTakesNothingFromItsWorkspace() {
        taken(2, "acme", "ada");
        for (int refused = 0; refused < 5; refused++) {
            assertThat(refusedBy("acme", "ada")).isEqualTo("heliograph.test.max-per-caller");
        }

        taken(1, "acme", "bob");

        assertThat(limiter.taken()).isEqualTo(3);
        assertThat(registry.counter("heliograph.shares.limits.met", "limit", "test.max-per-caller")
                        .count())
                .isEqualTo(10);
    }

    @Test
    void aCallerThatItsWorkspaceLeavesNoPlaceKeepsItsOwnShare() {
        List<ConcurrencyLimiter.Permit> adas = taken(2, "acme", "ada");
        taken(1, "acme", "bob");
        for (int refused = 0; refused < 5; refused++) {
            assertThat(refusedBy("acme", "eve")).isEqualTo("heliograph.test.max-per-workspace");
        }

        adas.forEach(ConcurrencyLimiter.Permit::close);

        taken(2, "acme", "eve");
    }

    @Test
    void aWaitThatAFullNodeRefusesKeepsNoPlace() {
        List<ConcurrencyLimiter.Permit> first = taken(2, "acme", "ada");
        taken(2, "other", "bob");
        for (int refused = 0; refused < 5; refused++) {
            assertThat(refusedBy("third", "eve")).isEqualTo("heliograph.test.max");
        }
        assertThat(limiter.taken()).isEqualTo(4);

        first.forEach(ConcurrencyLimiter.Permit::close);

        taken(2, "third", "eve");
    }

    @Test
    void aPlaceIsGivenBackOnce() {
        ConcurrencyLimiter.Permit permit = taken(1, "acme", "ada").getFirst();
        taken(1, "acme", "ada");

        permit.close();
        permit.close();

        assertThat(limiter.taken()).isEqualTo(1);
        taken(1, "acme", "ada");
        assertThat(refusedBy("acme", "ada")).isEqualTo("heliograph.test.max-per-caller");
    }

    private List<ConcurrencyLimiter.Permit> taken(int count, String workspace, String member) {
        List<ConcurrencyLimiter.Permit> permits = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            assertThat(limiter.take(caller(workspace, member)))
                    .isInstanceOfSatisfying(
                            ConcurrencyLimiter.Result.Taken.class, taken -> permits.add(taken.permit()));
        }
        return permits;
    }

    private String refusedBy(String workspace, String member) {
        assertThat(limiter.take(caller(workspace, member))).isInstanceOf(ConcurrencyLimiter.Result.Full.class);
        return ((ConcurrencyLimiter.Result.Full) limiter.take(caller(workspace, member)))
                .limit()
                .setting();
    }

    private static Caller caller(String workspace, String member) {
        return new Caller.Member(new WorkspaceId(workspace), new MemberId(member), member, Role.OPERATOR);
    }
}
