package io.heliograph.server.workspaces;

import io.heliograph.eventlog.WorkspaceId;

/**
 * A tenant.
 *
 * @param slug how people write it: lower-case letters, digits and dashes, unique
 */
public record Workspace(String id, String slug, String name) {
    public WorkspaceId workspaceId() {
        return new WorkspaceId(id);
    }
}
