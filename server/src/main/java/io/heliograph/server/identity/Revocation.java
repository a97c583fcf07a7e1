package io.heliograph.server.identity;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.events.MemberId;
import io.heliograph.server.workspaces.Role;
import java.time.Instant;

/** A credential, or something that credentials depend on, was revoked or gets an earlier end. Immutable. */
public sealed interface Revocation {
    WorkspaceId workspace();

    record MemberRemoved(WorkspaceId workspace, MemberId memberId) implements Revocation {}

    /** {@code role} is the new one. */
    record RoleChanged(WorkspaceId workspace, MemberId memberId, Role role) implements Revocation {}

    record KeyRevoked(WorkspaceId workspace, String keyId) implements Revocation {}

    /** The key was replaced, and ends at {@code end} unless it ends before. */
    record KeyEnds(WorkspaceId workspace, String keyId, Instant end) implements Revocation {}

    record TokenRevoked(WorkspaceId workspace, String jti) implements Revocation {}

    record SessionEnded(WorkspaceId workspace, String sessionId) implements Revocation {}
}
