package io.heliograph.server.workspaces;

import java.time.Instant;

/**
 * A person in a workspace.
 *
 * @param handle unique in the workspace while the member is in it, such as an e-mail address
 */
public record Member(String id, String handle, String name, Role role, Instant createdAt) {}
