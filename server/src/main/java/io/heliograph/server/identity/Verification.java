package io.heliograph.server.identity;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.gateway.TopicPatterns;
import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.events.MemberId;
import io.heliograph.server.workspaces.Role;
import java.time.Instant;
import java.util.Optional;

/** The result of verifying a credential. Immutable. */
public sealed interface Verification {

    /**
     * The credential is valid.
     *
     * @param expiresAt when it ends by itself; empty for an API key without end
     * @param credentialId the token's {@code jti}, or the id of the API key
     * @param sessionId of the sign-in that the token was made for, if it was made for one
     * @param topics the only ones that the token sees, if it is limited to some
     */
    record Verified(
            Caller caller,
            Optional<Instant> expiresAt,
            String credentialId,
            Optional<String> sessionId,
            Optional<TopicPatterns> topics)
            implements Verification {

        /** A credential that is not limited to topics. */
        public Verified(Caller caller, Optional<Instant> expiresAt, String credentialId, Optional<String> sessionId) {
            this(caller, expiresAt, credentialId, sessionId, Optional.empty());
        }

        /** Whether {@code revocation} ends this credential. */
        public boolean endedBy(Revocation revocation) {
            if (!revocation.workspace().equals(caller.workspace())) {
                return false;
            }
            return switch (revocation) {
                case Revocation.MemberRemoved removed -> isMember(removed.memberId());
                case Revocation.RoleChanged changed ->
                    caller instanceof Caller.Member member
                            && member.memberId().equals(changed.memberId())
                            && member.role() != changed.role();
                case Revocation.KeyRevoked revoked ->
                    caller instanceof Caller.Key key && key.keyId().equals(revoked.keyId());
                case Revocation.KeyEnds _ -> false;
                case Revocation.TokenRevoked revoked -> credentialId.equals(revoked.jti());
                case Revocation.SessionEnded ended ->
                    sessionId.isPresent() && sessionId.get().equals(ended.sessionId());
            };
        }

        /** The same with the earlier end that {@code revocation} gives it; empty when it gives none. */
        public Optional<Verified> shortenedBy(Revocation revocation) {
            return revocation instanceof Revocation.KeyEnds(WorkspaceId workspace, String keyId, Instant end)
                            && caller instanceof Caller.Key key
                            && key.workspace().equals(workspace)
                            && key.keyId().equals(keyId)
                            && expiresAt.filter(known -> !end.isBefore(known)).isEmpty()
                    ? Optional.of(new Verified(caller, Optional.of(end), credentialId, sessionId, topics))
                    : Optional.empty();
        }

        /** The same, for a member whose role is another one now. */
        public Verified withRole(Role role) {
            return caller instanceof Caller.Member member
                    ? new Verified(member.withRole(role), expiresAt, credentialId, sessionId, topics)
                    : this;
        }

        private boolean isMember(MemberId id) {
            return caller instanceof Caller.Member member && member.memberId().equals(id);
        }
    }

    /**
     * It is not valid: {@code token_missing}, {@code token_malformed}, {@code token_expired} or {@code token_invalid}.
     */
    record Rejected(ErrorCode code, String detail) implements Verification {}
}
