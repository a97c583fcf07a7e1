package io.heliograph.server.identity;

import io.heliograph.eventlog.Subscription;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.gateway.CredentialWatch;
import io.heliograph.server.workspaces.Role;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** Reports revocations to the gateway, by the grant names of {@link IdentityAuthenticator}. Immutable. */
public record RevocationWatch(Revocations revocations) implements CredentialWatch {

    @Override
    public Subscription listen(Consumer<io.heliograph.gateway.Revocation> listener) {
        Runnable undo = revocations.listen(revocation -> forward(revocation, listener));
        return undo::run;
    }

    private static void forward(Revocation revocation, Consumer<io.heliograph.gateway.Revocation> listener) {
        WorkspaceId workspace = revocation.workspace();
        switch (revocation) {
            case Revocation.MemberRemoved removed ->
                listener.accept(now(workspace, IdentityAuthenticator.member(removed.memberId())));
            case Revocation.RoleChanged changed -> {
                for (Role role : Role.values()) {
                    if (role != changed.role()) {
                        listener.accept(now(workspace, IdentityAuthenticator.role(changed.memberId(), role)));
                    }
                }
            }
            case Revocation.KeyRevoked revoked ->
                listener.accept(now(workspace, IdentityAuthenticator.key(revoked.keyId())));
            case Revocation.KeyEnds(WorkspaceId same, String keyId, Instant end) ->
                listener.accept(
                        new io.heliograph.gateway.Revocation(same, IdentityAuthenticator.key(keyId), Optional.of(end)));
            case Revocation.TokenRevoked revoked ->
                listener.accept(now(workspace, IdentityAuthenticator.token(revoked.jti())));
            case Revocation.SessionEnded ended ->
                listener.accept(now(workspace, IdentityAuthenticator.session(ended.sessionId())));
        }
    }

    private static io.heliograph.gateway.Revocation now(WorkspaceId workspace, String grant) {
        return io.heliograph.gateway.Revocation.now(workspace, grant);
    }
}
