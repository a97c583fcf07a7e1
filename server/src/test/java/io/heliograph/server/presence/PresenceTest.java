package io.heliograph.server.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliograph.eventlog.LocalBus;
import io.heliograph.gateway.CommandRejectedException;
import io.heliograph.gateway.Principal;
import io.heliograph.server.identity.IdentityAuthenticator;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Who is shown to whom, and when, on one node. */
class PresenceTest {
    private final ManualTimers time = new ManualTimers();
    private final PresenceNode node = PresenceNode.on(new LocalBus(), time);

    @Test
    void aNewSocketGetsTheStateAndTheOthersLearnOfIt() {
        PresenceNode.Client ada = node.connect("acme", "ada");
        time.advance(Duration.ofSeconds(1));
        assertThat(ada.seen()).isEqualTo("ada");

        PresenceNode.Client bob = node.connect("acme", "bob");
        time.advance(Duration.ofSeconds(1));

        assertThat(bob.seen()).isEqualTo("ada bob");
        assertThat(ada.seen()).isEqualTo("ada bob");
        assertThat(ada.updates.getLast())
                .hasToString("{\"members\":[{\"id\":\"ada\",\"name\":\"ADA\"},{\"id\":\"bob\",\"name\":\"BOB\"}]}");
    }

    @Test
    void anotherSocketOfAMemberWhoIsShownGetsTheStateAndTheOthersNothing() {
        PresenceNode.Client ada = node.connect("acme", "ada");
        time.advance(Duration.ofSeconds(2));
        int before = ada.updates.size();

        PresenceNode.Client second = node.connect("acme", "ada");
        time.advance(Duration.ofSeconds(1));

        assertThat(second.seen()).isEqualTo("ada");
        assertThat(ada.updates).hasSize(before);
    }

    @Test
    void oneUpdateASecondAtMostAndTheLastStateAlways() {
        PresenceNode.Client ada = node.connect("acme", "ada");
        time.advance(Duration.ofSeconds(2));
        int before = ada.updates.size();

        for (int i = 1; i <= 40; i++) {
            ada.look("apr_" + i);
            time.advance(Duration.ofMillis(100));
        }
        time.advance(Duration.ofSeconds(1));

        assertThat(ada.updates.size() - before).isBetween(4, 6);
        assertThat(ada.seen()).isEqualTo("ada@apr_40");
    }

    @Test
    void aMemberIsOnlineWhileOneOfTheSocketsIsOpenAndGoneWithTheLast() {
        PresenceNode.Client ada = node.connect("acme", "ada");
        PresenceNode.Client bob = node.connect("acme", "bob");
        PresenceNode.Client bobsOther = node.connect("acme", "bob");
        time.advance(Duration.ofSeconds(1));

        bob.close();
        time.advance(Duration.ofSeconds(1));
        assertThat(ada.seen()).isEqualTo("ada bob");

        bobsOther.close();
        time.advance(Duration.ofSeconds(1));
        assertThat(ada.seen()).isEqualTo("ada");
    }

    @Test
    void theApprovalThatWasSetLastCountsAndRepeatingAnEarlierOneDoesNot() {
        PresenceNode.Client laptop = node.connect("acme", "ada");
        PresenceNode.Client phone = node.connect("acme", "ada");
        laptop.look("apr_laptop");
        time.advance(Duration.ofSeconds(2));
        phone.look("apr_phone");
        time.advance(Duration.ofSeconds(2));
        assertThat(laptop.seen()).isEqualTo("ada@apr_phone");

        laptop.look("apr_laptop");
        time.advance(Duration.ofSeconds(2));
        assertThat(laptop.seen()).isEqualTo("ada@apr_phone");

        phone.lookAway();
        time.advance(Duration.ofSeconds(2));
        assertThat(laptop.seen()).isEqualTo("ada@apr_laptop");

        laptop.close();
        time.advance(Duration.ofSeconds(2));
        assertThat(phone.seen()).isEqualTo("ada");
    }

    @Test
    void anApprovalThatIsNotNamedAgainIsLeftAfterThirtySeconds() {
        PresenceNode.Client ada = node.connect("acme", "ada").look("apr_1");
        time.advance(Duration.ofSeconds(20));
        ada.look("apr_1");
        time.advance(Duration.ofSeconds(25));
        ada.ping();
        assertThat(ada.seen()).isEqualTo("ada@apr_1");

        time.advance(Duration.ofSeconds(11));

        assertThat(ada.seen()).isEqualTo("ada");
    }

    @Test
    void aSocketThatIsSilentForThirtySecondsDoesNotCount() {
        PresenceNode.Client ada = node.connect("acme", "ada");
        node.connect("acme", "bob");
        time.advance(Duration.ofSeconds(25));
        ada.ping();
        time.advance(Duration.ofSeconds(4));
        assertThat(ada.seen()).isEqualTo("ada bob");

        time.advance(Duration.ofSeconds(7));

        assertThat(ada.seen()).isEqualTo("ada");
    }

    @Test
    void aSlowHeartbeatIsNoSilence() {
        node.presence.start((_, _, _, _) -> {}, Duration.ofMinutes(2));
        PresenceNode.Client ada = node.connect("acme", "ada");
        time.advance(Duration.ofSeconds(100));

        PresenceNode.Client again = node.connect("acme", "ada");
        ada.close();
        time.advance(Duration.ofSeconds(1));

        assertThat(again.seen()).isEqualTo("ada");
    }

    @Test
    void anUnchangedStateIsSentAgainNowAndThen() {
        PresenceNode.Client ada = node.connect("acme", "ada");
        time.advance(Duration.ofSeconds(2));
        int before = ada.updates.size();

        for (int i = 0; i < 10; i++) {
            time.advance(Duration.ofSeconds(10));
            ada.ping();
        }

        assertThat(ada.updates.size() - before).isBetween(2, 4);
    }

    @Test
    void membersOfAnotherWorkspaceNeverAppear() {
        PresenceNode.Client ada = node.connect("acme", "ada");
        PresenceNode.Client eve = node.connect("globex", "eve").look("apr_1");
        time.advance(Duration.ofSeconds(2));

        assertThat(ada.seen()).isEqualTo("ada");
        assertThat(eve.seen()).isEqualTo("eve@apr_1");
    }

    @Test
    void keysAndTokensWithoutTheScopeNeitherSeeNorAreSeen() {
        PresenceNode.Client ada = node.connect("acme", "ada");
        PresenceNode.Client key = node.connect("acme", Optional.empty(), Set.of(Principal.READ));
        PresenceNode.Client named =
                node.connect("acme", Optional.empty(), Set.of(Principal.READ, IdentityAuthenticator.PRESENCE));
        PresenceNode.Client narrowed = node.connect("acme", Optional.of("customer"), Set.of(Principal.READ));
        time.advance(Duration.ofSeconds(2));

        assertThat(ada.seen()).isEqualTo("ada");
        for (PresenceNode.Client other : List.of(key, named, narrowed)) {
            assertThat(other.updates).isEmpty();
            assertThatThrownBy(() -> other.look("apr_1"))
                    .isInstanceOfSatisfying(
                            CommandRejectedException.class,
                            rejected -> assertThat(rejected.code()).isEqualTo("forbidden"));
            other.close();
        }
    }

    @Test
    void switchedOffNothingIsSentAndSettingIsRefused() {
        PresenceNode off = new PresenceNode(new LocalBus(), time, new PresenceSettings(false, 200), Runnable::run);
        PresenceNode.Client ada = off.connect("acme", "ada");
        time.advance(Duration.ofSeconds(10));

        assertThat(ada.updates).isEmpty();
        assertThat(time.waiting()).isZero();
        assertThatThrownBy(() -> ada.look("apr_1")).hasMessageContaining("heliograph.presence.enabled");
    }

    @Test
    void noMoreMembersThanTheSettingSaysAreListedThoseWhoLookFirst() {
        PresenceNode small = new PresenceNode(new LocalBus(), time, new PresenceSettings(true, 2), Runnable::run);
        PresenceNode.Client ada = small.connect("acme", "ada");
        small.connect("acme", "bob");
        small.connect("acme", "cid").look("apr_1");
        time.advance(Duration.ofSeconds(2));

        assertThat(ada.seen()).isEqualTo("cid@apr_1 ada");
        assertThat(small.registry.counter("heliograph.presence.updates").count())
                .isPositive();
    }

    @Test
    void nothingRunsOnceTheLastSocketIsClosed() {
        PresenceNode.Client ada = node.connect("acme", "ada");
        PresenceNode.Client eve = node.connect("globex", "eve");
        time.advance(Duration.ofSeconds(7));
        assertThat(time.waiting()).isPositive();

        ada.close();
        eve.close();
        time.advance(Duration.ofSeconds(10));

        assertThat(time.waiting()).isZero();
        assertThat(node.presence.workspaces()).isZero();
    }

    @Test
    void aSocketThatIsClosedWhileItIsAddedStaysNot() {
        PresenceNode.Client ada = node.connecting("acme", "ada");
        ada.closeUnnoticed();

        node.presence.attached(ada);

        assertThat(node.presence.workspaces()).isZero();
    }

    @Test
    void whatASocketSetBeforeItWasAttachedCounts() {
        PresenceNode.Client ada = node.connecting("acme", "ada").look("apr_1");
        time.advance(Duration.ofSeconds(3));
        assertThat(ada.updates).isEmpty();

        node.presence.attached(ada);
        time.advance(Duration.ofSeconds(1));

        assertThat(ada.seen()).isEqualTo("ada@apr_1");
    }

    @Test
    void anUpdateForWhichThereIsNoRoomIsMadeUpFor() {
        Queue<Runnable> tasks = new ArrayDeque<>();
        boolean[] full = {true};
        PresenceNode busy = new PresenceNode(new LocalBus(), time, new PresenceSettings(true, 200), task -> {
            if (full[0]) {
                throw new RejectedExecutionException("full");
            }
            tasks.add(task);
        });
        PresenceNode.Client ada = busy.connect("acme", "ada");
        time.advance(Duration.ofSeconds(3));
        assertThat(tasks).isEmpty();
        assertThat(busy.registry.counter("heliograph.presence.dropped").count()).isEqualTo(1);

        full[0] = false;
        time.advance(Duration.ofSeconds(3));
        tasks.remove().run();

        assertThat(ada.seen()).isEqualTo("ada");
    }
}
