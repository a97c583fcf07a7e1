package io.heliograph.server.workspaces;

import io.heliograph.server.events.MemberId;
import java.time.Instant;

/**
 * A person in a workspace.
 *
 * @param handle unique in the workspace while the member is in it, such as an e-mail address
 */
public record Member(MemberId id, String handle, String name, Role role, Instant createdAt) {}
