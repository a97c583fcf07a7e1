package io.heliograph.server.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.gateway.TopicPatterns;
import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.events.Ids;
import io.heliograph.server.events.MemberId;
import io.heliograph.server.workspaces.Member;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;

/**
 * Makes and reads members' tokens: JWTs (RFC 7519) signed with HS256; other algorithms in a token's header are
 * rejected. Reading verifies the signature and returns the claims; {@link Credentials} checks whether the token is
 * still valid.
 *
 * <p>Recently read tokens are cached, because neither a token's text nor the secret changes. A page presents the same
 * token with each request, and thousands of clients do so at once after a network outage.
 *
 * <p>Safe from any thread.
 */
final class Tokens {
    static final String ISSUER = "heliograph";
    static final String AUDIENCE = "heliograph";
    private static final int MAX_LENGTH = 4096;
    /** A token and its claims take about a kilobyte. */
    private static final long MAX_CACHED = 10_000;

    private final MACSigner signer;
    private final MACVerifier verifier;
    private final Clock clock;
    // Holds only tokens that we signed. Eviction runs on the caller, because it is cheap.
    private final Cache<String, Claims> remembered = Caffeine.newBuilder()
            .maximumSize(MAX_CACHED)
            .executor(Runnable::run)
            .build();

    /** {@code secret} has at least 32 bytes. */
    Tokens(byte[] secret, Clock clock) {
        try {
            signer = new MACSigner(secret);
            verifier = new MACVerifier(secret);
        } catch (JOSEException impossible) {
            throw new IllegalArgumentException("the token secret needs at least 32 bytes", impossible);
        }
        this.clock = clock;
    }

    /**
     * The claims of a token.
     *
     * @param session present when it was issued to a signed-in browser
     * @param topics the only ones that it sees; empty when it is not limited
     */
    record Claims(
            WorkspaceId workspace,
            MemberId memberId,
            String jti,
            Optional<String> session,
            Instant expiresAt,
            Optional<TopicPatterns> topics) {}

    /** A token's claims, or why it is refused. */
    sealed interface Reading {
        record Read(Claims claims) implements Reading {}

        record Refused(ErrorCode code, String detail) implements Reading {}
    }

    /** A signed token with its end. */
    record Signed(String token, Instant expiresAt) {}

    Signed sign(WorkspaceId workspace, Member member, Optional<String> session, Duration ttl) {
        return sign(workspace, member, session, ttl, Optional.empty());
    }

    /** @param topics the only ones that the token sees; empty: all */
    Signed sign(
            WorkspaceId workspace,
            Member member,
            Optional<String> session,
            Duration ttl,
            Optional<TopicPatterns> topics) {
        Instant now = clock.instant();
        Instant expiresAt = Instant.ofEpochSecond(now.plus(ttl).getEpochSecond());
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(AUDIENCE)
                .subject(member.id().value())
                .claim("ws", workspace.value())
                .claim("role", member.role().wireName())
                .claim("name", member.name())
                .jwtID(Ids.next("tok", now.toEpochMilli()))
                .issueTime(Date.from(now))
                .expirationTime(Date.from(expiresAt));
        session.ifPresent(id -> claims.claim("sid", id));
        topics.ifPresent(only -> claims.claim("topics", List.copyOf(only.patterns())));
        SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims.build());
        try {
            token.sign(signer);
        } catch (JOSEException impossible) {
            throw new IllegalStateException("a token cannot be signed", impossible);
        }
        return new Signed(token.serialize(), expiresAt);
    }

    Reading read(String text) {
        Claims known = remembered.getIfPresent(text);
        if (known != null) {
            return unlessExpired(known);
        }
        Reading reading = verify(text);
        if (reading instanceof Reading.Read(Claims claims)) {
            remembered.put(text, claims);
        }
        return reading;
    }

    private Reading verify(String text) {
        if (text.length() > MAX_LENGTH) {
            return malformed();
        }
        SignedJWT token;
        JWTClaimsSet claims;
        try {
            token = SignedJWT.parse(text);
            claims = token.getJWTClaimsSet();
        } catch (ParseException | IllegalArgumentException _) {
            return malformed();
        }
        if (!JWSAlgorithm.HS256.equals(token.getHeader().getAlgorithm()) || !signedByUs(token)) {
            return invalid();
        }
        try {
            return check(claims);
        } catch (ParseException | IllegalArgumentException _) {
            return invalid();
        }
    }

    private boolean signedByUs(SignedJWT token) {
        try {
            return token.verify(verifier);
        } catch (JOSEException | IllegalStateException _) {
            return false;
        }
    }

    private Reading check(JWTClaimsSet claims) throws ParseException {
        String subject = claims.getSubject();
        String workspace = claims.getStringClaim("ws");
        String jti = claims.getJWTID();
        Date expires = claims.getExpirationTime();
        if (!ISSUER.equals(claims.getIssuer())
                || !List.of(AUDIENCE).equals(claims.getAudience())
                || subject == null
                || workspace == null
                || jti == null
                || expires == null) {
            return invalid();
        }
        Optional<String> session = Optional.ofNullable(claims.getStringClaim("sid"));
        Optional<TopicPatterns> topics =
                Optional.ofNullable(claims.getStringListClaim("topics")).map(TopicPatterns::of);
        return unlessExpired(new Claims(
                new WorkspaceId(workspace), new MemberId(subject), jti, session, expires.toInstant(), topics));
    }

    private Reading unlessExpired(Claims claims) {
        return clock.instant().isBefore(claims.expiresAt())
                ? new Reading.Read(claims)
                : new Reading.Refused(
                        ErrorCode.TOKEN_EXPIRED, "The token expired at " + claims.expiresAt() + "; get a new one");
    }

    private static Reading malformed() {
        return new Reading.Refused(
                ErrorCode.TOKEN_MALFORMED,
                "The credential is neither a JWT (three parts with dots between) nor an API key (hk_…)");
    }

    private static Reading invalid() {
        return new Reading.Refused(ErrorCode.TOKEN_INVALID, "The token was not made by this server; get one from it");
    }
}
