package io.heliograph.server.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.workspaces.Role;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharesTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Shares shares = new Shares(
            Shares.Limit.of("heliograph.test.max", 4, registry),
            Shares.Limit.of("heliograph.test.max-per-workspace", 3, registry),
            Shares.Limit.of("heliograph.test.max-per-caller", 2, registry));

    @Test
    void aCallerThatIsRefusedTakesNothingFromItsWorkspace() {
        taken(2, "acme", "ada");
        for (int refused = 0; refused < 5; refused++) {
            assertThat(refusedBy("acme", "ada")).isEqualTo("heliograph.test.max-per-caller");
        }

        taken(1, "acme", "bob");

        assertThat(shares.taken()).isEqualTo(3);
        assertThat(registry.counter("heliograph.shares.limits.met", "limit", "test.max-per-caller")
                        .count())
                .isEqualTo(10);
    }

    @Test
    void aCallerThatItsWorkspaceLeavesNoPlaceKeepsItsOwnShare() {
        List<Shares.Place> adas = taken(2, "acme", "ada");
        taken(1, "acme", "bob");
        for (int refused = 0; refused < 5; refused++) {
            assertThat(refusedBy("acme", "eve")).isEqualTo("heliograph.test.max-per-workspace");
        }

        adas.forEach(Shares.Place::close);

        taken(2, "acme", "eve");
    }

    @Test
    void aWaitThatAFullNodeRefusesKeepsNoPlace() {
        List<Shares.Place> first = taken(2, "acme", "ada");
        taken(2, "other", "bob");
        for (int refused = 0; refused < 5; refused++) {
            assertThat(refusedBy("third", "eve")).isEqualTo("heliograph.test.max");
        }
        assertThat(shares.taken()).isEqualTo(4);

        first.forEach(Shares.Place::close);

        taken(2, "third", "eve");
    }

    @Test
    void aPlaceIsGivenBackOnce() {
        Shares.Place place = taken(1, "acme", "ada").getFirst();
        taken(1, "acme", "ada");

        place.close();
        place.close();

        assertThat(shares.taken()).isEqualTo(1);
        taken(1, "acme", "ada");
        assertThat(refusedBy("acme", "ada")).isEqualTo("heliograph.test.max-per-caller");
    }

    private List<Shares.Place> taken(int count, String workspace, String member) {
        List<Shares.Place> places = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            assertThat(shares.take(caller(workspace, member)))
                    .isInstanceOfSatisfying(Shares.Result.Taken.class, taken -> places.add(taken.place()));
        }
        return places;
    }

    private String refusedBy(String workspace, String member) {
        assertThat(shares.take(caller(workspace, member))).isInstanceOf(Shares.Result.Full.class);
        return ((Shares.Result.Full) shares.take(caller(workspace, member)))
                .limit()
                .setting();
    }

    private static Caller caller(String workspace, String member) {
        return new Caller.Member(new WorkspaceId(workspace), member, member, Role.OPERATOR);
    }
}
