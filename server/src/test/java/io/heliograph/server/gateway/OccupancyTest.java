package io.heliograph.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.workspaces.Role;
import org.junit.jupiter.api.Test;

class OccupancyTest {
    private final Occupancy occupancy = new Occupancy(3, 2);
    private final Caller ada = member("acme", "ada");
    private final Caller bob = member("acme", "bob");

    @Test
    void limitsOfMemberAndWorkspaceAreNamed() {
        assertThat(occupancy.enter(ada)).isEmpty();
        assertThat(occupancy.enter(ada)).isEmpty();
        assertThat(occupancy.enter(ada))
                .get()
                .extracting(Occupancy.Full::limit)
                .isEqualTo(Limit.MAX_SOCKETS_PER_MEMBER);
        assertThat(occupancy.enter(bob)).isEmpty();

        assertThat(occupancy.enter(bob))
                .get()
                .extracting(Occupancy.Full::limit)
                .isEqualTo(Limit.MAX_SOCKETS_PER_WORKSPACE);
        assertThat(occupancy.of("acme")).isEqualTo(3);
    }

    @Test
    void refusedSocketsTakeNoPlaceAndThoseThatLeaveGiveItBack() {
        occupancy.enter(ada);
        occupancy.enter(ada);
        occupancy.enter(ada);

        occupancy.leave(ada);
        occupancy.leave(ada);

        assertThat(occupancy.of("acme")).isZero();
        assertThat(occupancy.enter(ada)).isEmpty();
    }

    @Test
    void workspacesDoNotShareTheirPlaces() {
        Caller namesake = member("other", "ada");
        for (Caller caller : new Caller[] {ada, ada, bob}) {
            occupancy.enter(caller);
        }

        assertThat(occupancy.enter(namesake)).isEmpty();
    }

    private static Caller member(String workspace, String id) {
        return new Caller.Member(new WorkspaceId(workspace), id, id, Role.OPERATOR);
    }
}
