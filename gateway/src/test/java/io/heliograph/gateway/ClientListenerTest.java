package io.heliograph.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.eventlog.WorkspaceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What an application learns of sockets that come and go, and what it can do with them. */
class ClientListenerTest {
    private static final JsonNode SHOUT = JsonNodeFactory.instance.objectNode().put("text", "hello");

    private final List<String> log = new ArrayList<>();
    private final List<ClientSocket> sockets = new ArrayList<>();
    private final GatewayWorld world = GatewayWorld.builder()
            .clients(new ClientListener() {
                @Override
                public void attached(ClientSocket socket) {
                    log.add("attached " + socket.principal().subject().id() + " " + socket.open());
                    sockets.add(socket);
                }

                @Override
                public void closed(ClientSocket socket) {
                    log.add("closed " + socket.principal().subject().id() + " " + socket.open());
                }
            })
            .build()
            .member("ada")
            .member("bob")
            .credential("eve", Principals.member("globex", "eve"));

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void eachSocketIsToldOnceWhenItReceivesNewEventsAndWhenItIsClosed() {
        Peer ada = world.connect("ada");
        world.append("one");
        assertThat(log).containsExactly("attached ada true");

        ada.leave();

        assertThat(log).containsExactly("attached ada true", "closed ada false");
    }

    @Test
    void aSocketThatWasRefusedIsNotTold() {
        world.connect("a stranger").leave();

        assertThat(log).isEmpty();
    }

    @Test
    void aGroupGetsWhatIsSentToItInItsWorkspaceOnly() {
        Peer ada = world.connect("ada");
        Peer bob = world.connect("bob");
        Peer eve = world.connect("eve");
        sockets.get(0).join("callers");
        sockets.get(2).join("callers");
        world.settle();

        world.gateway.sendVolatileToGroup(new WorkspaceId("acme"), "callers", "test:shout", SHOUT);
        world.settle();

        assertThat(ada.event()).isEqualTo(Peer.json("[\"test:shout\",{\"text\":\"hello\"}]"));
        assertThat(bob.events()).isEmpty();
        assertThat(eve.events()).isEmpty();
    }

    @Test
    void oneSocketGetsWhatIsSentToItAlone() {
        Peer ada = world.connect("ada");
        Peer bob = world.connect("bob");

        sockets.get(1).sendVolatile("test:shout", SHOUT);
        world.settle();

        assertThat(ada.events()).isEmpty();
        assertThat(bob.event()).isEqualTo(Peer.json("[\"test:shout\",{\"text\":\"hello\"}]"));
    }

    @Test
    void silenceIsTheTimeSinceAnythingCame() {
        Peer ada = world.connect("ada");
        world.advance(Duration.ofSeconds(10));
        assertThat(sockets.getFirst().silence()).isGreaterThanOrEqualTo(Duration.ofSeconds(10));

        ada.emit(1, "clock", "{}");

        assertThat(sockets.getFirst().silence()).isLessThan(Duration.ofSeconds(1));
    }
}
