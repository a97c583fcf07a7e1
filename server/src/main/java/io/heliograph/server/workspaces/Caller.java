package io.heliograph.server.workspaces;

import io.heliograph.eventlog.WorkspaceId;
import java.util.Optional;
import java.util.Set;

/**
 * Who makes a request, as a verified credential says. The workspace of a request is always the caller's.
 *
 * <p>A controller takes one as a parameter. Immutable.
 */
public sealed interface Caller {
    WorkspaceId workspace();

    String name();

    /** A person, by a token. */
    record Member(WorkspaceId workspace, String memberId, String name, Role role) implements Caller {}

    /** A program, by an API key. {@code owner} is the member that made the key, if a member did. */
    record Key(WorkspaceId workspace, String keyId, String name, Set<Scope> scopes, Optional<String> owner)
            implements Caller {
        public Key {
            scopes = Set.copyOf(scopes);
        }
    }
}
