package io.heliograph.server.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.heliograph.eventlog.Audience;
import io.heliograph.eventlog.Draft;
import io.heliograph.eventlog.Payload;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes drafts with the envelope that every reader of the log receives:
 *
 * <pre>{"id","type","offset","at","actor","subject"?,"topic"?,"key"?,"data","traceId"?}</pre>
 *
 * <p>{@code traceId} is there when the command was traced, and is last ({@link TraceId}).
 *
 * <p>Safe from any thread.
 */
public final class EventDrafts {
    private final JsonMapper json;
    private final Traces traces;

    /** For a server without tracing. */
    public EventDrafts(JsonMapper json) {
        this(json, Traces.OFF);
    }

    public EventDrafts(JsonMapper json, Traces traces) {
        this.json = json;
        this.traces = traces;
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
        return draft(new Header(type, audience, topic, Optional.empty()), now, actor, Optional.of(subject), data);
    }

    /**
     * What an event says of itself before its data.
     *
     * @param key of events of which a client that resumes needs only the newest
     */
    public record Header(String type, Audience audience, Optional<String> topic, Optional<String> key) {}

    /** An event of another service, which is about no object of this server. */
    public Draft published(Header header, Instant now, Actor actor, JsonNode data) {
        return draft(header, now, actor, Optional.empty(), data);
    }

    private Draft draft(Header header, Instant now, Actor actor, Optional<Subject> subject, Object data) {
        String id = Ids.next("evt", now.toEpochMilli());
        Optional<String> traceId = traces.current();
        return new Draft(
                id,
                header.type,
                header.audience,
                header.topic,
                header.key,
                position -> Payload.of(json.writeValueAsBytes(new Envelope(
                        id,
                        header.type,
                        position.offset(),
                        position.at(),
                        actor,
                        subject,
                        header.topic,
                        header.key,
                        data,
                        traceId))));
    }

    /** The argument of an event of another service that is not logged: an envelope without an offset. */
    public String unlogged(Header header, Instant now, Actor actor, JsonNode data) {
        return json.writeValueAsString(
                new Unlogged(Ids.next("evt", now.toEpochMilli()), header.type, now, actor, header.topic, data));
    }

    record Unlogged(String id, String type, Instant at, Actor actor, Optional<String> topic, JsonNode data) {}

    /**
     * For events of many members whose envelopes differ only in the given places of {@code subject} and {@code data},
     * and in what differs in all events.
     *
     * @param places such as {@code /subject/id}; what is there is replaced by each member's value
     */
    public MemberDrafts forMembers(
            String type, Instant now, Actor actor, Subject subject, Object data, List<MemberDrafts.Place> places) {
        Envelope common = new Envelope(
                "",
                type,
                0,
                now,
                actor,
                Optional.of(subject),
                Optional.empty(),
                Optional.empty(),
                data,
                traces.current());
        return new MemberDrafts(json, type, now, common, places);
    }

    record Envelope(
            String id,
            String type,
            long offset,
            Instant at,
            Actor actor,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Subject> subject,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> topic,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> key,
            Object data,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> traceId) {
        Envelope at(Instant other) {
            return new Envelope(id, type, offset, other, actor, subject, topic, key, data, traceId);
        }
    }
}
