package io.heliograph.server.gateway;

import io.heliograph.eventlog.Event;
import io.heliograph.eventlog.WorkspaceId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Ensures that no delta of a message is sent to a socket after its final state, from whatever node and however late it
 * arrives. Each event passes here before it is sent to sockets; a delta is sent under the same lock, so it is either
 * sent before the final state or dropped.
 *
 * <p>Only the last {@value #MAX_REMEMBERED} messages with deltas are kept, because a delta is delayed only by its
 * interval and the bus.
 *
 * <p>Safe from any thread. Sending a delta may wait for busy event loops, as sending the final state does.
 */
final class FinalMessages {
    static final int MAX_REMEMBERED = 16_384;

    private final JsonMapper json;

    /** Guarded by this. */
    private final Set<Message> finals = Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Message, Boolean> eldest) {
            return size() > MAX_REMEMBERED;
        }
    });

    private record Message(WorkspaceId workspace, String id) {}

    FinalMessages(JsonMapper json) {
        this.json = json;
    }

    /** Must be called with each event before it is sent to any socket. */
    void watch(Event event) {
        if (event.type().equals("agent:message")) {
            JsonNode message = json.readTree(event.payload().bytes()).at("/data/message");
            if (message.path("state").asString("").equals("final") && message.has("deltaRev")) {
                synchronized (this) {
                    finals.add(new Message(event.workspace(), message.path("id").asString("")));
                }
            }
        }
    }

    /** Sends a delta of a message unless that is final; returns whether it was sent. */
    boolean sendBefore(WorkspaceId workspace, JsonNode messageId, Runnable send) {
        synchronized (this) {
            if (finals.contains(new Message(workspace, messageId.asString("")))) {
                return false;
            }
            send.run();
            return true;
        }
    }
}
