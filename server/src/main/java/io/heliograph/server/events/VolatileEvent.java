package io.heliograph.server.events;

import io.heliograph.eventlog.Audience;
import io.heliograph.eventlog.Signal;
import io.heliograph.eventlog.WorkspaceId;
import java.util.Optional;

/**
 * An event that is sent only to sockets and streams that are writable now and is not logged: it has no offset and no cursor, and is
 * not repeated. The bus carries it as a signal.
 *
 * <pre>body = type "\n" topic "\n" member "\n" json          topic and member may be empty</pre>
 *
 * <p>Immutable.
 *
 * @param type the event's name on a socket
 * @param topic what a socket may have narrowed itself to
 * @param json the event's one argument, an object
 */
public record VolatileEvent(
        WorkspaceId workspace, String type, Optional<String> topic, Audience audience, String json) {
    private static final String KIND = "volatile-event";
    private static final int MAX_PARTS = 4;

    public VolatileEvent {
        if (type.indexOf('\n') >= 0 || topic.orElse("").indexOf('\n') >= 0) {
            throw new IllegalArgumentException("neither type nor topic has a line break in it");
        }
    }

    /** An event for everyone in the workspace. */
    public VolatileEvent(WorkspaceId workspace, String type, String topic, String json) {
        this(workspace, type, Optional.of(topic), Audience.EVERYONE, json);
    }

    public Signal toSignal() {
        return new Signal(workspace, KIND, body());
    }

    /** Characters of the signal's body. */
    public int length() {
        return body().length();
    }

    /** Empty when the signal is about something else. */
    public static Optional<VolatileEvent> of(Signal signal) {
        if (!signal.kind().equals(KIND)) {
            return Optional.empty();
        }
        String[] parts = signal.body().split("\n", MAX_PARTS);
        return parts.length < MAX_PARTS
                ? Optional.empty()
                : Optional.of(new VolatileEvent(
                        signal.workspace(),
                        parts[0],
                        Optional.of(parts[1]).filter(topic -> !topic.isEmpty()),
                        parts[2].isEmpty() ? Audience.EVERYONE : Audience.member(parts[2]),
                        parts[3]));
    }

    private String body() {
        String member = switch (audience) {
            case Audience.Everyone _ -> "";
            case Audience.Member(String memberId) -> memberId;
        };
        return type + "\n" + topic.orElse("") + "\n" + member + "\n" + json;
    }
}
