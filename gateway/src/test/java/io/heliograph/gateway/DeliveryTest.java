package io.heliograph.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.eventlog.Audience;
import io.heliograph.eventlog.Cursor;
import io.heliograph.eventlog.WorkspaceId;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/** New events on their way to the sockets of their readers. */
class DeliveryTest {
    private static final int MAX_OUTBOUND = 1_000;

    private final GatewayWorld world = GatewayWorld.builder()
            .maxOutboundBytes(MAX_OUTBOUND)
            .command("narrow", (socket, argument) -> {
                Set<String> topics = new HashSet<>();
                argument.path("to").forEach(topic -> topics.add(topic.asString("")));
                socket.watch(filter -> filter.with(
                        argument.path("family").asString(TopicFilter.OTHERS), Optional.of(TopicPatterns.of(topics))));
                return Map.of();
            })
            .command("widen", (socket, argument) -> {
                socket.watch(filter -> TopicFilter.ALL);
                return Map.of();
            })
            .build()
            .member("ada")
            .member("bob");

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void eventsForDifferentReadersKeepTheirOrder() {
        Peer ada = world.connect("ada");
        Peer bob = world.connect("bob");

        world.log.append("acme", "1", GatewayWorld.EVERYONE);
        world.log.append("acme", "2", GatewayWorld.EVERYONE);
        world.log.append("acme", "3", new Audience.Member("ada"));
        world.log.append("acme", "4", new Audience.Member("bob"));
        world.log.append("acme", "5", new Audience.Member("bob"));
        world.log.append("acme", "6", GatewayWorld.EVERYONE, Optional.of("robots/1"));
        world.log.append("acme", "7", GatewayWorld.EVERYONE);
        world.settle();

        assertThat(ada.events()).containsExactly("1", "2", "3", "6", "7");
        assertThat(bob.events()).containsExactly("1", "2", "4", "5", "6", "7");
        assertThat(world.observer.delivered)
                .containsExactly("test:1", "test:2", "test:3", "test:4", "test:5", "test:6", "test:7");
    }

    @Test
    void allSocketsOfAMemberGetItsEvents() {
        Peer first = world.connect("ada");
        Peer second = world.connect("ada");

        world.append("for-ada", "ada");

        assertThat(first.events()).containsExactly("for-ada");
        assertThat(second.events()).containsExactly("for-ada");
    }

    @Test
    void anEventForAMemberWithoutSocketsIsEncodedWhenTheMemberConnects() {
        Peer ada = world.connect("ada");
        String before = world.log.head("acme").toString();

        world.append("for-ada", "ada");
        world.append("for-bob", "bob");

        assertThat(ada.events()).containsExactly("for-ada");
        assertThat(world.observer.encoded).containsExactly("test:for-ada");
        assertThat(world.observer.delivered).containsExactly("test:for-ada");
        Peer bob = world.connect("bob", before);
        assertThat(bob.events()).containsExactly("for-bob");
        assertThat(world.observer.encoded).containsExactly("test:for-ada", "test:for-bob");
    }

    @Test
    void anEventForAMemberWhoseLastSocketIsGoneIsNotEncoded() {
        world.connect("ada");
        Peer bob = world.connect("bob");
        world.append("one", "bob");

        bob.leave();
        world.settle();
        world.append("two", "bob");

        assertThat(world.observer.encoded).containsExactly("test:one");
    }

    // --- topics ------------------------------------------------------------------------------------------------------

    @Test
    void aNarrowedSocketGetsItsTopicsWhatHasNoneAndWhatIsForItsMember() {
        Peer ada = world.connect("ada").emit(1, "narrow", "{\"to\":[\"robots/1\",\"robots/2\"]}");

        topic("one", "robots/1");
        topic("two", "robots/2");
        topic("three", "robots/3");
        world.append("plain");
        world.log.append("acme", "private", new Audience.Member("ada"), Optional.of("robots/3"));
        world.settle();

        assertThat(ada.events()).containsExactly("one", "two", "plain", "private");
    }

    @Test
    void aSocketThatIsReplayedToIsFilteredAsItIsWhenItIsLive() {
        Peer ada = world.connect("ada").emit(1, "narrow", "{\"to\":[]}");

        topic("one", "robots/1");
        world.append("plain");

        assertThat(ada.events()).containsExactly("plain");
    }

    @Test
    void aSocketThatWatchesOtherTopicsLeavesTheFormerOnes() {
        Peer ada = world.connect("ada").emit(1, "narrow", "{\"to\":[\"robots/1\",\"robots/2\"]}");

        ada.emit(2, "narrow", "{\"to\":[\"robots/2\",\"robots/3\"]}");
        topic("one", "robots/1");
        topic("two", "robots/2");
        topic("three", "robots/3");

        assertThat(ada.events()).containsExactly("two", "three");
    }

    @Test
    void aSocketThatWidensGetsAllTopicsAndEachEventOnce() {
        Peer ada = world.connect("ada").emit(1, "narrow", "{\"to\":[\"robots/1\"]}");

        ada.emit(2, "widen", "{}");
        topic("one", "robots/1");
        topic("two", "robots/2");

        assertThat(ada.events()).containsExactly("one", "two");
    }

    @Test
    void aPatternAndATopicOfItDeliverEachEventOnce() {
        Peer ada = world.connect("ada").emit(1, "narrow", "{\"to\":[\"robots/1\",\"robots/*\",\"*\"]}");

        topic("one", "robots/1");
        topic("two", "robots/2");
        topic("deep", "robots/1/arm");
        topic("single", "robots");

        assertThat(ada.events()).containsExactly("one", "two", "single");
    }

    @Test
    void aFamilyIsNarrowedApartFromOtherTopics() {
        Peer ada = world.connect("ada").emit(1, "narrow", "{\"to\":[\"agents/1\"],\"family\":\"agents\"}");

        topic("one", "agents/1");
        topic("two", "agents/2");
        topic("order", "orders/1");
        ada.emit(2, "narrow", "{\"to\":[\"orders/2\"]}");
        topic("still", "agents/1");
        topic("unwanted", "orders/1");
        topic("wanted", "orders/2");

        assertThat(ada.events()).containsExactly("one", "order", "still", "wanted");
    }

    @Test
    void aSocketThatIsLimitedToTopicsGetsThemAndWhatIsForItsMemberAndNeverMore() {
        world.credential("limited", Principals.limited("acme", "ada", "orders/*", "agents/1"));
        Peer limited = world.connect("limited");
        everyKindOfEvent("live");
        Peer late = world.connect("limited", new Cursor(world.log.head("acme").epoch(), 0, "").toString());

        assertThat(limited.events()).containsExactly("live-order", "live-agent", "live-own", "live-own-order");
        assertThat(late.events()).containsExactly("live-order", "live-agent", "live-own", "live-own-order");
    }

    @Test
    void aLimitedSocketNarrowsItselfWithinItsTopics() {
        world.credential("limited", Principals.limited("acme", "ada", "orders/*", "agents/1"));
        Peer limited = world.connect("limited").emit(1, "narrow", "{\"to\":[\"*\",\"robots/*\",\"orders/2\"]}");
        everyKindOfEvent("narrowed");
        topic("second", "orders/2");
        limited.emit(2, "widen", "{}");
        topic("third", "orders/3");
        topic("hidden", "robots/3");

        assertThat(limited.events())
                .containsExactly("narrowed-agent", "narrowed-own", "narrowed-own-order", "second", "third");
    }

    private void everyKindOfEvent(String name) {
        world.append(name + "-plain");
        topic(name + "-robot", "robots/1");
        topic(name + "-order", "orders/1");
        topic(name + "-items", "orders/1/items");
        topic(name + "-agent", "agents/1");
        topic(name + "-agent2", "agents/2");
        world.append(name + "-own", "ada");
        world.append(name + "-foreign", "bob");
        world.log.append("acme", name + "-own-order", new Audience.Member("ada"), Optional.of("orders/9"));
        world.log.append("acme", name + "-own-robot", new Audience.Member("ada"), Optional.of("robots/9"));
        world.settle();
    }

    @Test
    void aFilterOfOneSocketIsNotThatOfAnother() {
        Peer narrow = world.connect("ada").emit(1, "narrow", "{\"to\":[\"robots/1\"]}");
        Peer wide = world.connect("ada");

        topic("two", "robots/2");

        assertThat(narrow.events()).isEmpty();
        assertThat(wide.events()).containsExactly("two");
    }

    // --- events that are in no log -----------------------------------------------------------------------------------

    @Test
    void aVolatileEventReachesTheWritableSocketsThatWatchItsTopic() {
        world.credential("foreign", Principals.member("other", "ada"));
        Peer wide = world.connect("ada");
        Peer narrow = world.connect("ada").emit(1, "narrow", "{\"to\":[\"robots/1\"]}");
        Peer elsewhere = world.connect("ada").emit(1, "narrow", "{\"to\":[\"robots/2\"]}");
        Peer foreign = world.connect("foreign");
        Peer stalled = world.connect("bob");
        stalled.reads(false);

        world.gateway.sendVolatile(new VolatileMessage(
                new WorkspaceId("acme"),
                new Audience.Everyone(),
                Optional.of("robots/1"),
                "delta",
                JsonNodeFactory.instance.objectNode()));
        world.settle();
        stalled.reads(true);

        assertThat(wide.events()).containsExactly("delta");
        assertThat(narrow.events()).containsExactly("delta");
        assertThat(elsewhere.events()).isEmpty();
        assertThat(foreign.events()).isEmpty();
        assertThat(stalled.events()).isEmpty();
    }

    // --- slow readers ------------------------------------------------------------------------------------------------

    @Test
    void aSlowSocketIsClosedAtItsBoundAndMissesNothingWhileOthersDoNotWait() {
        Peer slow = world.connect("ada");
        Peer quick = world.connect("bob");
        slow.reads(false);

        int sent = 0;
        while (slow.open() && sent < 100) {
            world.append("event" + sent++);
            assertThat(quick.events()).containsExactly("event" + (sent - 1));
        }

        assertThat(slow.open()).isFalse();
        // A message of this test is a frame of about 60 bytes, and Netty counts 96 more.
        assertThat(sent).isBetween(MAX_OUTBOUND / 170, MAX_OUTBOUND / 120);
        assertThat(slow.disconnected()).isFalse();
        int before = slow.events().size();
        Peer again = world.open().resume("ada", slow.pid(), slow.offset());
        assertThat(again.events()).hasSize(sent - before).endsWith("event" + (sent - 1));
    }

    @Test
    void aSocketBelowItsBoundIsNotClosed() {
        Peer slow = world.connect("ada");
        slow.reads(false);

        for (int event = 0; event < MAX_OUTBOUND / 2 / 170; event++) {
            world.append("event" + event);
        }
        slow.reads(true);

        assertThat(slow.open()).isTrue();
        assertThat(slow.events()).hasSize(MAX_OUTBOUND / 2 / 170);
    }

    private void topic(String name, String topic) {
        world.log.append("acme", name, GatewayWorld.EVERYONE, Optional.of(topic));
        world.settle();
    }
}
