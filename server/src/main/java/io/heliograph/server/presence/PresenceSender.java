package io.heliograph.server.presence;

import io.heliograph.eventlog.WorkspaceId;
import tools.jackson.databind.JsonNode;

/** Sends to the sockets of a group that are writable now; may wait for busy event loops. */
@FunctionalInterface
public interface PresenceSender {
    void send(WorkspaceId workspace, String group, String type, JsonNode argument);
}
