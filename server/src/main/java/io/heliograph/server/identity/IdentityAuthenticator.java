package io.heliograph.server.identity;

import io.heliograph.gateway.Authentication;
import io.heliograph.gateway.Authentication.Accepted;
import io.heliograph.gateway.Authenticator;
import io.heliograph.gateway.AuthenticatorUnavailableException;
import io.heliograph.gateway.Principal;
import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.events.MemberId;
import io.heliograph.server.identity.Verification.Rejected;
import io.heliograph.server.identity.Verification.Verified;
import io.heliograph.server.workspaces.Role;
import java.time.Clock;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.springframework.dao.DataAccessException;

/**
 * Authenticates for the gateway. It names the grants of a credential, which {@link RevocationWatch} uses to report
 * revocations. Safe from any thread; blocks on the database.
 */
public final class IdentityAuthenticator implements Authenticator {
    /** The scope of a principal who sees and shows presence: members, unless their token is limited to topics. */
    public static final String PRESENCE = "presence";

    private final Credentials credentials;
    private final Clock clock;

    public IdentityAuthenticator(Credentials credentials, Clock clock) {
        this.credentials = credentials;
        this.clock = clock;
    }

    /** The events of a socket do not depend on the member's role, so a change of role does not close it. */
    @Override
    public Authentication authenticate(String credential) {
        try {
            return switch (credentials.verify(credential)) {
                case Rejected(ErrorCode code, String detail) -> new Authentication.Rejected(code.code(), detail);
                case Verified verified -> new Accepted(principal(verified, grants(verified)));
            };
        } catch (DataAccessException failure) {
            throw new AuthenticatorUnavailableException(failure);
        }
    }

    /** The principal of a request, which ends when the member's role changes. */
    public static Principal principal(Verified verified) {
        Set<String> grants = grants(verified);
        if (verified.caller() instanceof Caller.Member member) {
            grants.add(role(member.memberId(), member.role()));
        }
        return principal(verified, grants);
    }

    /** Reads the credential of a request again, as it is stored now; blocks on the database. */
    public Supplier<Authentication> recheck(Verified verified) {
        return () -> {
            if (credentials.stillHolds(verified)) {
                return new Accepted(principal(verified).endingAt(credentials.endOf(verified)));
            }
            boolean expired = verified.expiresAt()
                    .filter(end -> !clock.instant().isBefore(end))
                    .isPresent();
            ErrorCode code = expired ? ErrorCode.TOKEN_EXPIRED : ErrorCode.TOKEN_INVALID;
            return new Authentication.Rejected(code.code(), code.title());
        };
    }

    private static Principal principal(Verified verified, Set<String> grants) {
        Caller caller = verified.caller();
        Principal.Subject subject = switch (caller) {
            case Caller.Member member ->
                new Principal.Subject(
                        member.memberId().value(),
                        member.name(),
                        Optional.of(member.memberId().value()));
            case Caller.Key key -> new Principal.Subject(key.lineage(), key.name(), Optional.empty());
        };
        Set<String> scopes = switch (caller) {
            case Caller.Member _ when verified.topics().isPresent() -> Set.of(Principal.READ);
            case Caller.Member member -> Set.of(Principal.READ, PRESENCE);
            case Caller.Key key -> key.scopes().stream().map(Scope::wireName).collect(Collectors.toSet());
        };
        return new Principal(
                caller.workspace(),
                subject,
                scopes,
                new Principal.Credential(verified.credentialId(), grants, verified.expiresAt()),
                verified.topics());
    }

    private static Set<String> grants(Verified verified) {
        Set<String> grants = new HashSet<>();
        switch (verified.caller()) {
            case Caller.Member member -> {
                grants.add(member(member.memberId()));
                grants.add(token(verified.credentialId()));
            }
            case Caller.Key key -> grants.add(key(key.keyId()));
        }
        verified.sessionId().ifPresent(id -> grants.add(session(id)));
        return grants;
    }

    static String member(MemberId id) {
        return "member:" + id;
    }

    static String role(MemberId memberId, Role role) {
        return "role:" + memberId + ":" + role.wireName();
    }

    static String token(String jti) {
        return "token:" + jti;
    }

    static String session(String id) {
        return "session:" + id;
    }

    static String key(String id) {
        return "key:" + id;
    }
}
