package io.heliograph.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConnectionQuotaTest {
    private final ConnectionQuota quota = new ConnectionQuota(3, 2);
    private final Principal ada = Principals.member("acme", "ada");
    private final Principal bob = Principals.member("acme", "bob");

    @Test
    void limitsOfMemberAndWorkspaceAreNamed() {
        assertThat(quota.enter(ada)).isEmpty();
        assertThat(quota.enter(ada)).isEmpty();
        assertThat(quota.enter(ada))
                .get()
                .extracting(ConnectionQuota.Full::limit)
                .isEqualTo(Limit.MAX_SOCKETS_PER_MEMBER);
        assertThat(quota.enter(bob)).isEmpty();

        assertThat(quota.enter(bob))
                .get()
                .extracting(ConnectionQuota.Full::limit)
                .isEqualTo(Limit.MAX_SOCKETS_PER_WORKSPACE);
        assertThat(quota.of("acme")).isEqualTo(3);
    }

    @Test
    void aMemberAtItsOwnLimitIsToldThatAlsoWhenTheWorkspaceIsFull() {
        for (Principal caller : new Principal[] {ada, ada, bob}) {
            quota.enter(caller);
        }

        assertThat(quota.enter(ada))
                .get()
                .extracting(ConnectionQuota.Full::limit)
                .isEqualTo(Limit.MAX_SOCKETS_PER_MEMBER);
        assertThat(quota.of("acme")).isEqualTo(3);
    }

    @Test
    void refusedSocketsTakeNoPlaceAndThoseThatLeaveGiveItBack() {
        quota.enter(ada);
        quota.enter(ada);
        quota.enter(ada);

        quota.leave(ada);
        quota.leave(ada);

        assertThat(quota.of("acme")).isZero();
        assertThat(quota.enter(ada)).isEmpty();
    }

    @Test
    void workspacesDoNotShareTheirPlaces() {
        Principal namesake = Principals.member("other", "ada");
        for (Principal caller : new Principal[] {ada, ada, bob}) {
            quota.enter(caller);
        }

        assertThat(quota.enter(namesake)).isEmpty();
    }
}
