package io.heliograph.spring;

import io.heliograph.eventlog.Draft;
import io.heliograph.eventlog.Payload;
import io.heliograph.eventlog.Position;
import io.heliograph.gateway.EventTypeNames;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes drafts with the envelope that every client gets:
 *
 * <pre>{@code {"id","type","offset","at","actor":{"type":"system","name"},"topic"?,"data"}}</pre>
 *
 * <p>Safe from any thread.
 */
final class EventEnvelopes {
    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final JsonMapper json;
    private final String actor;
    private final long maxData;

    /**
     * @param application the actor of all events
     * @param maxData bytes of an event's data
     */
    EventEnvelopes(JsonMapper json, String application, long maxData) {
        this.json = json;
        this.actor = "{\"type\":\"system\",\"name\":" + json.writeValueAsString(application) + "}";
        this.maxData = maxData;
    }

    /** @throws IllegalArgumentException when the type or the data is not as {@link EventPublisher#append} says */
    Draft draft(String type, Object data, Recipients recipients) {
        check(type);
        String value = json.writeValueAsString(data);
        int bytes = value.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > maxData) {
            throw new IllegalArgumentException("data of " + type + " has " + bytes + " bytes as JSON, at most "
                    + maxData + " are allowed (heliograph.max-event-data)");
        }
        String id = "evt_" + UUID.randomUUID().toString().replace("-", "");
        Optional<String> topic = recipients.topic();
        String head = "{\"id\":\"" + id + "\",\"type\":\"" + type + "\",\"offset\":";
        String tail = ",\"actor\":" + actor
                + topic.map(text -> ",\"topic\":" + json.writeValueAsString(text))
                        .orElse("") + ",\"data\":" + value
                + "}";
        return new Draft(id, type, recipients.audience(), topic, position -> payload(head, position, tail));
    }

    private static Payload payload(String head, Position position, String tail) {
        String envelope = head + position.offset() + ",\"at\":\"" + MILLIS.format(position.at()) + "\"" + tail;
        return Payload.of(envelope.getBytes(StandardCharsets.UTF_8));
    }

    private static void check(String type) {
        EventTypeNames.fault(type).ifPresent(fault -> {
            throw new IllegalArgumentException("type is \"" + type + "\", and it " + fault);
        });
    }
}
