package io.heliograph.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.eventlog.Audience;
import io.heliograph.eventlog.Cursor;
import io.heliograph.eventlog.PollResult;
import io.heliograph.eventlog.StartPosition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Where a connecting client goes on, and what it is sent of what it missed. */
class RecoveryTest {
    private static final int PAGE = 10;

    private final GatewayWorld world = GatewayWorld.builder()
            .page(PAGE)
            .maxOutboundBytes(2_000)
            .command("narrow", (socket, argument) -> {
                socket.watch(filter -> filter.with(
                        TopicFilter.OTHERS,
                        Optional.of(new TopicPatterns(Set.of(argument.path("to").asString(""))))));
                return Map.of();
            })
            .build()
            .member("ada")
            .member("bob");

    @AfterEach
    void close() {
        world.close();
    }

    // --- a client that was here before -------------------------------------------------------------------------------

    @Test
    void aNewClientGetsWhatComesAfterItConnected() {
        world.append("before");

        Peer ada = world.connect("ada");
        world.append("after");

        assertThat(ada.events()).containsExactly("after");
        assertThat(world.observer.recoveries).containsExactly("fresh");
    }

    @Test
    void aClientThatResumesKeepsItsPidAndGetsWhatItMissedBeforeWhatIsNew() {
        Peer lost = world.connect("ada");
        world.append("one");
        lost.leave();
        world.append("two");
        world.append("three");

        Peer again = world.open().resume("ada", lost.pid(), lost.offset());
        world.append("four");

        assertThat(again.pid()).isEqualTo(lost.pid());
        assertThat(again.events()).containsExactly("two", "three", "four");
        assertThat(world.observer.recoveries).containsExactly("fresh", "recovered");
    }

    @Test
    void aClientThatHasReceivedNothingResumesWhereItsConnectionBegan() {
        world.append("before");
        Peer lost = world.connect("ada");
        lost.leave();
        world.append("missed");

        Peer again = world.open().resume("ada", lost.pid(), "");

        assertThat(again.pid()).isEqualTo(lost.pid());
        assertThat(again.events()).containsExactly("missed");
    }

    @Test
    void aClientThatMissedNothingIsRecoveredAndSentNothing() {
        Peer lost = world.connect("ada");
        world.append("one");
        lost.leave();

        Peer again = world.open().resume("ada", lost.pid(), lost.offset());

        assertThat(again.pid()).isEqualTo(lost.pid());
        assertThat(again.events()).isEmpty();
    }

    @Test
    void theCursorOfAListContinuesUnderANewPid() {
        Cursor list = world.log.append("acme", "listed", GatewayWorld.EVERYONE);
        world.append("since");

        Peer ada = world.connect("ada", list.toString());

        assertThat(ada.events()).containsExactly("since");
        assertThat(ada.pid()).endsWith("." + list);
        assertThat(world.observer.recoveries).containsExactly("continued");
    }

    @Test
    void eachEventCarriesItsCursorAsItsLastArgument() {
        Peer ada = world.connect("ada");

        Cursor cursor = world.log.append("acme", "one", GatewayWorld.EVERYONE);
        world.settle();

        JsonNode event = ada.event();
        assertThat(event).hasSize(3);
        assertThat(event.get(1).toString()).isEqualTo("{\"n\":\"one\"}");
        assertThat(event.get(2).asString()).isEqualTo(cursor.toString());
    }

    // --- whose events it gets ----------------------------------------------------------------------------------------

    @Test
    void aMemberThatResumesTheConnectionOfAnotherGetsItsOwnEvents() {
        Peer ada = world.connect("ada");
        world.append("begin");
        ada.leave();
        world.append("for-ada", "ada");
        world.append("for-bob", "bob");
        world.append("for-all");

        Peer bob = world.open().resume("bob", ada.pid(), ada.offset());
        world.append("again-for-ada", "ada");
        world.append("again-for-bob", "bob");

        assertThat(bob.events()).containsExactly("for-bob", "for-all", "again-for-bob");
    }

    @Test
    void aKeyGetsNoEventOfAMemberAlsoNotOfOneWithItsName() {
        world.credential("key", Principals.key("acme", "key_1"));
        Cursor begin = world.log.append("acme", "begin", GatewayWorld.EVERYONE);
        world.append("for-ada", "ada");
        world.append("for-key", "key_1");
        world.append("for-all");

        Peer key = world.connect("key", begin.toString());
        world.append("again-for-key", "key_1");
        world.append("again-for-all");

        assertThat(key.events()).containsExactly("for-all", "again-for-all");
    }

    @Test
    void aMemberOfTheSameNameInAnotherWorkspaceGetsNothingOfThisOne() {
        world.credential("namesake", Principals.member("other", "ada"));
        Peer namesake = world.connect("namesake");
        Peer ada = world.connect("ada");

        world.append("for-ada", "ada");
        world.append("for-all");

        assertThat(namesake.events()).isEmpty();
        assertThat(ada.events()).containsExactly("for-ada", "for-all");
    }

    // --- cursors that lead nowhere -----------------------------------------------------------------------------------

    @Test
    void aCursorPastTheEndOfTheLogIsReset() {
        world.append("one");

        assertReset("ahead-of-head", world.connect("ada", "eacme:9:abcdef"));
    }

    @Test
    void aCursorAtAnotherEventThanTheLogHasIsReset() {
        world.append("one");
        world.append("two");

        assertReset("mismatch", world.connect("ada", "eacme:1:zzzzzz"));
    }

    @Test
    void aCursorWhoseEventsWereRemovedIsReset() {
        Cursor old = world.log.append("acme", "one", GatewayWorld.EVERYONE);
        for (int event = 0; event < 5; event++) {
            world.append("more" + event);
        }
        world.log.removeUpTo("acme", 3);

        assertReset("too-old", world.connect("ada", old.toString()));
    }

    @Test
    void aCursorOfAnEarlierLifeOfTheLogIsReset() {
        Cursor old = world.log.append("acme", "one", GatewayWorld.EVERYONE);
        world.log.restart("acme", "enew");
        world.append("new");

        assertReset("epoch-changed", world.connect("ada", old.toString()));
    }

    @Test
    void aCursorOfTheLogOfAnotherWorkspaceIsReset() {
        Cursor foreign = world.log.append("other", "secret", GatewayWorld.EVERYONE);
        world.log.append("other", "later", GatewayWorld.EVERYONE);
        world.append("one");

        assertReset("other-workspace", world.connect("ada", foreign.toString()));
    }

    @Test
    void aCursorThatIsNoneIsReset() {
        world.append("one");

        assertReset("malformed", world.connect("ada", "nonsense"));
    }

    @Test
    void aPidThatIsNoneIsReset() {
        Cursor one = world.log.append("acme", "one", GatewayWorld.EVERYONE);
        world.append("two");

        assertReset("malformed", world.open().resume("ada", "made-up", one.toString()));
    }

    /** The client is told the reason and the head, once and as its first event, and goes on from there. */
    private void assertReset(String reason, Peer ada) {
        Cursor head = world.log.head("acme");
        JsonNode reset = ada.event();
        assertThat(reset.get(0).asString()).isEqualTo("reset");
        assertThat(reset.get(1).toString()).isEqualTo("{\"reason\":\"" + reason + "\"}");
        assertThat(reset.get(2).asString()).isEqualTo(head.toString());
        assertThat(ada.pid()).endsWith("." + head);
        assertThat(world.observer.recoveries).containsExactly(reason);

        world.append("after");
        assertThat(ada.events()).containsExactly("after");

        ada.leave();
        world.append("missed");
        Peer again = world.open().resume("ada", ada.pid(), ada.offset());
        assertThat(again.pid()).isEqualTo(ada.pid());
        assertThat(again.events()).containsExactly("missed");
    }

    @Test
    void aClientThatIsResetAndResumesWithItsOldOffsetGoesOnFromTheReset() {
        Cursor old = world.log.append("acme", "one", GatewayWorld.EVERYONE);
        world.append("two");
        world.log.restart("acme", "enew");
        world.append("new");
        Peer reset = world.connect("ada", old.toString());
        reset.leave();
        world.append("missed");

        Peer again = world.open().resume("ada", reset.pid(), old.toString());

        assertThat(again.events()).containsExactly("missed");
    }

    @Test
    void aConnectedClientIsResetWhenTheLogBeginsAnew() {
        Peer ada = world.connect("ada");
        world.append("one");
        assertThat(ada.events()).containsExactly("one");

        world.log.restart("acme", "enew");
        world.append("lost-in-the-restart");
        JsonNode reset = ada.event();
        world.append("two");

        assertThat(reset.get(1).toString()).isEqualTo("{\"reason\":\"epoch-changed\"}");
        assertThat(reset.get(2).asString()).isEqualTo("enew:1:estart");
        assertThat(ada.events()).containsExactly("two");
        assertThat(world.observer.recoveries).containsExactly("fresh", "epoch-changed");
    }

    // --- a log that cannot be read, and a client that does not read --------------------------------------------------

    @Test
    void aClientWhosePositionCannotBeFoundIsClosedWithoutARefusalSoThatItReconnects() {
        world.log.failing(true);
        Peer ada = world.connect("ada");
        assertThat(ada.open()).isTrue();

        world.advance(Duration.ofSeconds(3));

        assertThat(ada.open()).isFalse();
        assertThat(ada.refused()).isFalse();
        assertThat(ada.disconnected()).isFalse();
        assertThat(world.sockets()).isZero();
        assertThat(world.guard.size()).isZero();
    }

    @Test
    void aClientThatCatchesUpIsSentTheNextPageWhenItHasTakenTheLast() {
        Cursor begin = world.log.append("acme", "begin", GatewayWorld.EVERYONE);
        for (int event = 0; event < 10 * PAGE; event++) {
            world.log.append("acme", "event", GatewayWorld.EVERYONE);
        }
        Peer ada = world.open();
        ada.reads(false);

        ada.connect("ada", begin.toString());
        assertThat(ada.events()).hasSizeLessThanOrEqualTo(PAGE);
        assertThat(ada.open()).isTrue();
        ada.reads(true);
        world.append("live");

        assertThat(ada.offset()).isEqualTo(world.log.head("acme").toString());
        assertThat(ada.open()).isTrue();
    }

    @Test
    void aFilterThatIsSetWhileCatchingUpHoldsForTheRestAndForWhatIsNew() {
        Cursor begin = world.log.append("acme", "begin", GatewayWorld.EVERYONE);
        for (int event = 0; event < 3 * PAGE; event++) {
            world.log.append("acme", "any", GatewayWorld.EVERYONE, Optional.of("robots/" + event % 2));
        }
        world.log.append("acme", "private", new Audience.Member("ada"), Optional.of("robots/1"));
        Peer ada = world.open();
        ada.reads(false);
        ada.connect("ada", begin.toString());

        ada.emit(1, "narrow", "{\"to\":\"robots/9\"}");
        ada.reads(true);
        world.log.append("acme", "unwanted", GatewayWorld.EVERYONE, Optional.of("robots/1"));
        world.log.append("acme", "wanted", GatewayWorld.EVERYONE, Optional.of("robots/9"));
        world.log.append("acme", "plain", GatewayWorld.EVERYONE);
        world.settle();

        assertThat(ada.events())
                .hasSizeLessThanOrEqualTo(PAGE + 3)
                .endsWith("private", "wanted", "plain")
                .doesNotContain("unwanted");
    }

    @Test
    void aClientThatCannotBeSentAnEventOfThePastIsClosedSoThatItReconnects() {
        Cursor begin = world.log.append("acme", "begin", GatewayWorld.EVERYONE);
        world.append("broken");
        world.broken = "test:broken";

        Peer ada = world.connect("ada", begin.toString());

        assertThat(ada.open()).isFalse();
        assertThat(ada.disconnected()).isFalse();
        assertThat(ada.events()).isEmpty();
        world.broken = "";
        assertThat(world.connect("ada", begin.toString()).events()).containsExactly("broken");
    }

    @Test
    void aConnectedClientThatCannotBeSentAnEventIsResetBehindIt() {
        Peer ada = world.connect("ada");
        world.broken = "test:broken";

        world.append("broken");
        JsonNode reset = ada.event();
        world.append("next");

        assertThat(reset.get(1)).isEqualTo(Peer.json("{\"reason\":\"delivery-failed\"}"));
        assertThat(reset.get(2).asString()).isEqualTo("eacme:1:broken");
        assertThat(ada.events()).containsExactly("next");
    }

    @Test
    void aClientThatLeavesWhileItCatchesUpIsForgotten() {
        Cursor begin = world.log.append("acme", "begin", GatewayWorld.EVERYONE);
        for (int event = 0; event < 10 * PAGE; event++) {
            world.log.append("acme", "event", GatewayWorld.EVERYONE);
        }
        Peer ada = world.open();
        ada.reads(false);
        ada.connect("ada", begin.toString());

        ada.leave();
        world.advance(Duration.ofMinutes(2));

        assertThat(world.sockets()).isZero();
        assertThat(world.guard.size()).isZero();
        assertThat(world.gateway.activeFeeds()).isZero();
    }

    @Test
    void aPollOfTheSameLogStandsWhereAClientStands() {
        Cursor begin = world.log.append("acme", "begin", GatewayWorld.EVERYONE);
        world.log.append("acme", "for-ada", new Audience.Member("ada"));

        var page = world.gateway
                .reads()
                .read(new EventReads.Reader(Principals.member("acme", "bob")), StartPosition.after(begin), 10);
        world.settle();
        Peer bob = world.connect("bob", begin.toString());

        assertThat(page.join()).isEqualTo(new PollResult.Page(List.of(), world.log.head("acme")));
        assertThat(bob.events()).isEmpty();
    }
}
