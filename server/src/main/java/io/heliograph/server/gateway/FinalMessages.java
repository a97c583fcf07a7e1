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
 * Sees to it that no delta of a message goes to a socket behind its final state, whichever node it comes from and
 * however late. Each event passes here before it is handed to sockets; a delta is sent under the same lock, so either it
 * is ahead of the final state or it is dropped.
 *
 * <p>Only messages that had deltas are remembered, the last {@value #MAX_REMEMBERED} of them: a delta waits for its
 * interval and the bus, not longer.
 *
 * <p>Safe from any thread. Sending a delta may wait for event loops that have much to do, as sending the final state does.
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

    /** To be shown each event before any socket gets it. */
    void watch(Event event) {
        if (event.type().equals("agent:message")) {
            JsonNode message = json.readTree(event.payload()).at("/data/message");
            if (message.path("state").asString("").equals("final") && message.has("deltaRev")) {
                synchronized (this) {
                    finals.add(new Message(event.workspace(), message.path("id").asString("")));
                }
            }
        }
    }

    /** Sends a delta of a message unless that is final; tells whether it was sent. */
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
