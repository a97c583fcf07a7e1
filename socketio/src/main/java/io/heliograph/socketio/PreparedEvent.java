package io.heliograph.socketio;

import io.heliograph.engineio.Message;
import java.util.List;

/**
 * An event that was encoded once, for one namespace, and can be sent any number of times to any number of its sockets.
 *
 * <p>Shape: encoded frames on the heap that all receivers share; nothing is to be released. Immutable, safe from
 * any thread.
 */
public final class PreparedEvent {

    private final String namespace;
    private final String event;
    private final List<Message> messages;

    PreparedEvent(String namespace, String event, List<Message> messages) {
        this.namespace = namespace;
        this.event = event;
        this.messages = messages;
    }

    /** The event's name. */
    public String event() {
        return event;
    }

    /** Bytes that it takes on a WebSocket, and about what it takes in memory. */
    public int bytes() {
        int bytes = 0;
        for (Message message : messages) {
            bytes += message.frameBytes();
        }
        return bytes;
    }

    List<Message> messages(String requested) {
        if (!namespace.equals(requested)) {
            throw new IllegalArgumentException(
                    "the event was prepared for namespace " + namespace + ", not for " + requested);
        }
        return messages;
    }

    @Override
    public String toString() {
        return "PreparedEvent[" + namespace + ", " + event + ", " + bytes() + " bytes]";
    }
}
