package io.heliograph.gateway;

import io.heliograph.eventlog.Audience;
import io.heliograph.eventlog.Event;
import io.heliograph.socketio.PreparedEvent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An event as sockets get it: encoded once, and the rooms whose sockets may see it. Immutable.
 *
 * @param rooms of one workspace, without repetition
 * @param at when it was committed
 * @param traceId of the command, when it was traced
 */
public record OutgoingEvent(
        List<String> rooms, Instant at, PreparedEvent prepared, String type, Optional<String> traceId) {

    /** The rooms of an event: only their sockets get it. */
    static List<String> rooms(Event event) {
        String workspace = event.workspace().value();
        return switch (event.audience()) {
            case Audience.Member(String memberId) -> List.of(Rooms.member(workspace, memberId));
            case Audience.Everyone everyone -> {
                Optional<String> topic = event.topic();
                yield topic.isEmpty() ? List.of(Rooms.everyone(workspace)) : Rooms.ofTopic(workspace, topic.get());
            }
        };
    }
}
