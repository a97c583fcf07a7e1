package io.heliograph.spring;

import io.heliograph.eventlog.Draft;
import io.heliograph.eventlog.Payload;
import io.heliograph.eventlog.Position;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes drafts with the envelope that every client gets:
 *
 * <pre>{@code {"id","type","offset","at","actor":{"type":"system","name"},"topic"?,"data"}}</pre>
 *
 * <p>Safe from any thread.
 */
final class EventEnvelopes {
    private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9.-]*:[a-z][a-z0-9._-]*");
    private static final int MAX_TYPE = 64;
    /** Families of events that the gateway sends itself, or that Heliograph's server has. */
    private static final Set<String> RESERVED = Set.of(
            "approval",
            "agent",
            "notification",
            "auth",
            "presence",
            "reset",
            "drain",
            "closing",
            "stop",
            "rule",
            "grant",
            "comment",
            "clock",
            "topics");

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
        if (type.length() > MAX_TYPE || !TYPE.matcher(type).matches()) {
            throw new IllegalArgumentException("type is \"" + type
                    + "\", expected family:name in lower case such as order:shipped, of at most " + MAX_TYPE
                    + " characters");
        }
        String family = type.substring(0, type.indexOf(':'));
        if (RESERVED.contains(family)) {
            throw new IllegalArgumentException(
                    "type is \"" + type + "\", and the family " + family + " belongs to Heliograph; choose another");
        }
    }
}
