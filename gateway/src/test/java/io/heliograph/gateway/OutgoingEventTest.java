package io.heliograph.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.eventlog.Audience;
import io.heliograph.eventlog.Event;
import io.heliograph.eventlog.Payload;
import io.heliograph.eventlog.Position;
import io.heliograph.eventlog.WorkspaceId;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who sees an event: by its rooms when it is new, and by its principal when it is read. */
class OutgoingEventTest {
    private static final Audience EVERYONE = new Audience.Everyone();

    @Test
    void anEventOfAMemberHasItsRoomOnlyAlsoWhenItHasATopic() {
        List<String> rooms = OutgoingEvent.rooms(event("acme", new Audience.Member("ada"), Optional.empty()));

        assertThat(rooms).hasSize(1).isNotEqualTo(OutgoingEvent.rooms(event("acme", EVERYONE, Optional.empty())));
        assertThat(OutgoingEvent.rooms(event("acme", new Audience.Member("ada"), Optional.of("robots/1"))))
                .isEqualTo(rooms);
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
                rooms.addAll(OutgoingEvent.rooms(event));
                count++;
            }
            // Of a topic: those who watch it, and those who watch all.
            rooms.addAll(OutgoingEvent.rooms(event(workspace, EVERYONE, Optional.of("ada"))));
            count += 2;
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
