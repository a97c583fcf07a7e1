package io.heliograph.gateway;

import io.heliograph.eventlog.WorkspaceId;
import java.time.Instant;
import java.util.Optional;

/**
 * Something that credentials depend on was revoked, or will be at {@code endsAt}. Immutable.
 *
 * @param grant the name that it has in {@link Principal.Credential#grants}
 * @param endsAt when; empty: now
 */
public record Revocation(WorkspaceId workspace, String grant, Optional<Instant> endsAt) {

    public static Revocation now(WorkspaceId workspace, String grant) {
        return new Revocation(workspace, grant, Optional.empty());
    }

    boolean concerns(Principal principal) {
        return workspace.equals(principal.workspace())
                && principal.credential().grants().contains(grant);
    }
}
