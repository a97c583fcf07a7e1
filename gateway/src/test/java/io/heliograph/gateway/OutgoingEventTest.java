package io.heliograph.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.eventlog.Audience;
import io.heliograph.eventlog.Event;
import io.heliograph.eventlog.Payload;
import io.heliograph.eventlog.Position;
import io.heliograph.eventlog.WorkspaceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who sees an event: by its rooms when it is new, and by its principal when it is read. */
class OutgoingEventTest {
    private static final Audience EVERYONE = new Audience.Everyone();

    @Test
    void anEventOfAMemberHasNoRoomOfOthersAlsoWhenItHasATopic() {
        List<String> others = new ArrayList<>(rooms(event("acme", EVERYONE, Optional.empty())));
        others.addAll(rooms(event("acme", EVERYONE, Optional.of("robots/1"))));
        others.addAll(rooms(event("acme", new Audience.Member("bob"), Optional.of("robots/1"))));

        assertThat(rooms(event("acme", new Audience.Member("ada"), Optional.empty())))
                .doesNotContainAnyElementsOf(others);
        assertThat(rooms(event("acme", new Audience.Member("ada"), Optional.of("robots/1"))))
                .doesNotContainAnyElementsOf(others);
    }

    @Test
    void noTwoAudiencesShareARoom() {
        Set<String> rooms = new HashSet<>();
        int count = 0;
        for (String workspace : List.of("acme", "acme2")) {
            for (Event event : List.of(
                    event(workspace, EVERYONE, Optional.empty()),
                    event(workspace, new Audience.Member("ada"), Optional.empty()),
                    event(workspace, new Audience.Member("bob"), Optional.empty()))) {
                rooms.addAll(rooms(event));
            }
            // Of everyone, and of each member, with credentials that are limited to topics and others.
            count += 1 + 2 + 2;
            // Of a topic: those who watch it, or its pattern, and those who watch all.
            rooms.addAll(rooms(event(workspace, EVERYONE, Optional.of("robots/ada"))));
            count += 3;
        }

        assertThat(rooms).hasSize(count);
    }

    @Test
    void aPrincipalReadsWhatIsForEveryoneAndForItsMember() {
        Event all = event("acme", EVERYONE, Optional.empty());
        Event forAda = event("acme", new Audience.Member("ada"), Optional.empty());
        Event forKey = event("acme", new Audience.Member("key_1"), Optional.empty());

        assertThat(List.of(all, forAda, forKey))
                .filteredOn(Principals.member("acme", "ada")::mayRead)
                .containsExactly(all, forAda);
        assertThat(List.of(all, forAda, forKey))
                .filteredOn(Principals.key("acme", "key_1")::mayRead)
                .containsExactly(all);
    }

    @Test
    void aPrincipalThatIsLimitedToTopicsReadsThemAndWhatIsForItsMemberAndHasNone() {
        Event plain = event("acme", EVERYONE, Optional.empty());
        Event order = event("acme", EVERYONE, Optional.of("orders/1"));
        Event other = event("acme", EVERYONE, Optional.of("orders/1/items"));
        Event own = event("acme", new Audience.Member("ada"), Optional.empty());
        Event ownOrder = event("acme", new Audience.Member("ada"), Optional.of("orders/2"));
        Event ownOther = event("acme", new Audience.Member("ada"), Optional.of("bills/2"));
        Event foreign = event("acme", new Audience.Member("bob"), Optional.of("orders/1"));

        assertThat(List.of(plain, order, other, own, ownOrder, ownOther, foreign))
                .filteredOn(Principals.limited("acme", "ada", "orders/*")::mayRead)
                .containsExactly(order, own, ownOrder);
    }

    private static List<String> rooms(Event event) {
        return Rooms.of(
                event.workspace().value(), event.audience(), event.topic(), new TopicFamilies(Set.of("agents")));
    }

    private static Event event(String workspace, Audience audience, Optional<String> topic) {
        return new Event(
                new WorkspaceId(workspace),
                new Position("k3", 1, Instant.EPOCH),
                "evt_1",
                "test:one",
                audience,
                topic,
                Payload.of(new byte[] {'{', '}'}));
    }
}
