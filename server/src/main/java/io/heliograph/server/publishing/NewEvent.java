package io.heliograph.server.publishing;

import io.heliograph.gateway.TopicPatterns;
import io.heliograph.server.errors.Fields;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An event to publish.
 *
 * @param eventId the publisher's id for it, which makes it safe to repeat
 * @param type see {@link EventType}
 * @param topic see {@link TopicPatterns}
 * @param audience without it, everyone in the workspace
 * @param data any JSON value
 * @param key of events of which a client that resumes needs only the newest
 */
record NewEvent(
        Optional<String> eventId,
        String type,
        Optional<String> topic,
        Optional<EventAudience> audience,
        JsonNode data,
        Optional<String> key) {
    private static final int MAX_TEXT = 200;

    /**
     * Who may see an event.
     *
     * @param member the id or the handle of the only one
     */
    record EventAudience(String member) {
        EventAudience(@Nullable String member) {
            this.member = Fields.text("member", member, MAX_TEXT);
        }
    }

    NewEvent(
            Optional<String> eventId,
            @Nullable String type,
            Optional<String> topic,
            Optional<EventAudience> audience,
            @Nullable JsonNode data,
            Optional<String> key) {
        eventId.ifPresent(id -> Fields.text("eventId", id, MAX_TEXT));
        this.eventId = eventId;
        this.type = EventType.check("type", type);
        topic.ifPresent(text -> Fields.check(TopicPatterns.isTopic(text), "topic", TopicPatterns.TOPIC_SHAPE));
        this.topic = topic;
        this.audience = audience;
        this.data = Fields.required("data", data);
        key.ifPresent(text -> Fields.text("key", text, MAX_TEXT));
        this.key = key;
    }
}
