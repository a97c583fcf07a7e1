package io.heliograph.server.identity;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.events.LinkMaker;
import io.heliograph.server.events.MemberId;
import io.heliograph.server.identity.Verification.Rejected;
import io.heliograph.server.identity.Verification.Verified;
import io.heliograph.server.workspaces.Role;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Verifies credentials for REST and for sockets. Each call reads the stored state without a cache: the member must
 * exist, its role is the stored one, and the key or token must not be revoked.
 *
 * <p>Safe from any thread; blocks on the database, so it must not be called on an event loop.
 */
public final class Credentials {
    private final JdbcClient jdbc;
    private final Tokens tokens;
    private final Clock clock;

    Credentials(JdbcClient jdbc, Tokens tokens, Clock clock) {
        this.jdbc = jdbc;
        this.tokens = tokens;
        this.clock = clock;
    }

    /** Verifies a token or API key, the text after {@code Bearer}; a blank one counts as missing. */
    public Verification verify(String bearer) {
        String text = bearer.strip();
        if (text.isEmpty()) {
            return new Rejected(
                    ErrorCode.TOKEN_MISSING, "Send a token or an API key, as Authorization: Bearer … or auth.token");
        }
        return text.startsWith(ApiKeys.PREFIX) ? verifyKey(text) : verifyToken(text);
    }

    /**
     * Verifies an earlier credential again, as it is stored now. A caller that keeps something open listens to {@link
     * Revocations} first and then calls this, so that no revocation is missed in between.
     */
    public boolean stillHolds(Verified verified) {
        Caller caller = verified.caller();
        boolean expired = verified.expiresAt()
                .filter(end -> !clock.instant().isBefore(end))
                .isPresent();
        return !expired
                && switch (caller) {
                    case Caller.Member member ->
                        standing(member.workspace(), member.memberId(), verified.credentialId(), verified.sessionId())
                                .filter(standing -> !standing.revoked && standing.role == member.role())
                                .isPresent();
                    case Caller.Key key -> ApiKeys.inForce(jdbc, key.workspace(), key.keyId());
                };
    }

    /**
     * The present end of an earlier verified credential: a replaced key gets an end. Empty when it has none.
     */
    public Optional<Instant> endOf(Verified verified) {
        return verified.caller() instanceof Caller.Key key
                ? ApiKeys.find(jdbc, key.workspace(), key.keyId()).flatMap(ApiKey::expiresAt)
                : verified.expiresAt();
    }

    private Verification verifyToken(String text) {
        return switch (tokens.read(text)) {
            case Tokens.Reading.Refused(ErrorCode code, String detail) -> new Rejected(code, detail);
            case Tokens.Reading.Read(Tokens.Claims claims) -> check(claims);
        };
    }

    private Verification check(Tokens.Claims claims) {
        Optional<Standing> standing = standing(claims.workspace(), claims.memberId(), claims.jti(), claims.session());
        if (standing.isEmpty()) {
            return invalid("The token's member is no longer in the workspace");
        }
        if (standing.get().revoked) {
            return invalid("The token was revoked, or its session has ended; sign in again");
        }
        Caller caller = new Caller.Member(
                claims.workspace(),
                claims.memberId(),
                standing.get().name,
                standing.get().role,
                standing.get().signedInBy);
        return new Verified(caller, Optional.of(claims.expiresAt()), claims.jti(), claims.session(), claims.topics());
    }

    /**
     * The stored member, and whether this token was revoked; empty when there is no such member. A token of a session
     * that is not stored is invalid, because the makers of its link would be unknown.
     */
    private Optional<Standing> standing(
            WorkspaceId workspace, MemberId memberId, String jti, Optional<String> session) {
        return jdbc.sql("""
                        select m.name, m.role, s.signed_in_by,
                          (select count(*) from revocation
                            where workspace = m.workspace and kind = 'token' and subject = ?),
                          case when s.id is not null and s.ended_at is null then 1 else 0 end
                        from member m
                        left join session s on s.workspace = m.workspace and s.id = ? and s.member = m.id
                        where m.workspace = ? and m.id = ? and m.removed_at is null
                        """)
                .params(jti, session.orElse(""), workspace.value(), memberId.value())
                .query((row, _) -> new Standing(
                        row.getString(1),
                        Role.parse(row.getString(2)).orElseThrow(),
                        LinkMakers.read(row.getString(3)),
                        row.getLong(4) > 0 || (session.isPresent() && row.getInt(5) == 0)))
                .optional();
    }

    private Verification verifyKey(String text) {
        if (!ApiKeys.wellFormed(text)) {
            return new Rejected(ErrorCode.TOKEN_MALFORMED, "The API key is not complete; copy all of it, from hk_ on");
        }
        Optional<ApiKeys.Found> found = ApiKeys.find(jdbc, text);
        if (found.isEmpty()) {
            return invalid("There is no such API key; make one under API keys, or with: heliograph key");
        }
        ApiKey key = found.get().key();
        if (key.revokedAt().isPresent()) {
            return invalid("The API key \"" + key.name() + "\" was revoked; make a new one");
        }
        Optional<Instant> expiresAt = key.expiresAt();
        if (expiresAt.isPresent() && !clock.instant().isBefore(expiresAt.get())) {
            return new Rejected(
                    ErrorCode.TOKEN_EXPIRED, "The API key \"" + key.name() + "\" expired at " + expiresAt.get());
        }
        Caller caller = new Caller.Key(
                found.get().workspace(),
                key.id(),
                key.name(),
                key.scopes(),
                key.actAs().orElse(ActAs.NOBODY),
                key.owner(),
                key.signedInBy(),
                key.lineage());
        return new Verified(caller, expiresAt, key.id(), Optional.empty());
    }

    private static Verification invalid(String detail) {
        return new Rejected(ErrorCode.TOKEN_INVALID, detail);
    }

    private record Standing(String name, Role role, List<LinkMaker> signedInBy, boolean revoked) {}
}
