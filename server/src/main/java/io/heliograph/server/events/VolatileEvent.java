package io.heliograph.server.events;

import io.heliograph.eventlog.Signal;
import io.heliograph.eventlog.WorkspaceId;
import java.util.Optional;

/**
 * An event that is sent only to sockets that are writable now and is not logged: it has no offset and no cursor, and is
 * not repeated. The bus carries it as a signal.
 *
 * <pre>body = type "\n" topic "\n" json</pre>
 *
 * <p>Immutable.
 *
 * @param type the event's name on a socket
 * @param topic what a socket may have narrowed itself to
 * @param json the event's one argument, an object
 */
public record VolatileEvent(WorkspaceId workspace, String type, String topic, String json) {
    private static final String KIND = "volatile";

    public VolatileEvent {
        if (type.indexOf('\n') >= 0 || topic.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("neither type nor topic has a line break in it");
        }
    }

    /** Characters by which its JSON may grow before it is too large for the bus. */
    public int spare() {
        return Signal.MAX_BODY - body().length();
    }

    public Signal toSignal() {
        return new Signal(workspace, KIND, body());
    }

    /** Empty when the signal is about something else. */
    public static Optional<VolatileEvent> of(Signal signal) {
        if (!signal.kind().equals(KIND)) {
            return Optional.empty();
        }
        int first = signal.body().indexOf('\n');
        int second = signal.body().indexOf('\n', first + 1);
        return first < 0 || second < 0
                ? Optional.empty()
                : Optional.of(new VolatileEvent(
                        signal.workspace(),
                        signal.body().substring(0, first),
                        signal.body().substring(first + 1, second),
                        signal.body().substring(second + 1)));
    }

    private String body() {
        return type + "\n" + topic + "\n" + json;
    }
}
