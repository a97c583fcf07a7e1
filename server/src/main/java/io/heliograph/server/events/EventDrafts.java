package io.heliograph.server.events;

import io.heliograph.eventlog.Audience;
import io.heliograph.eventlog.Draft;
import io.heliograph.eventlog.Position;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes drafts whose envelope is the one shape that every reader of the log gets:
 *
 * <pre>{"id","type","offset","at","actor","subject","data"}</pre>
 *
 * <p>Safe from any thread.
 */
public final class EventDrafts {
    private final JsonMapper json;

    public EventDrafts(JsonMapper json) {
        this.json = json;
    }

    /** An event for everyone in the workspace. */
    public Draft draft(String type, Instant now, Actor actor, Subject subject, Object data) {
        return draft(type, now, Audience.EVERYONE, Optional.empty(), actor, subject, data);
    }

    public Draft draft(
            String type,
            Instant now,
            Audience audience,
            Optional<String> topic,
            Actor actor,
            Subject subject,
            Object data) {
        String id = Ids.next("evt", now.toEpochMilli());
        return new Draft(
                id,
                type,
                audience,
                topic,
                position -> json.writeValueAsBytes(Envelope.of(id, type, position, actor, subject, data)));
    }

    private record Envelope(
            String id, String type, long offset, Instant at, Actor actor, Subject subject, Object data) {
        static Envelope of(String id, String type, Position position, Actor actor, Subject subject, Object data) {
            return new Envelope(id, type, position.offset(), position.at(), actor, subject, data);
        }
    }
}
