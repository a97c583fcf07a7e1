package io.heliograph.server.workspaces;

import io.heliograph.eventlog.Transaction;
import io.heliograph.server.events.Actor;
import io.heliograph.server.limits.WorkspaceLimit;
import io.heliograph.server.limits.WorkspaceUsage;
import io.heliograph.server.web.Attempt;
import io.heliograph.server.web.Commands;
import io.heliograph.server.web.ErrorCode;
import io.heliograph.server.web.Fields;
import io.heliograph.server.web.ProblemException;
import io.heliograph.server.web.Problems;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/**
 * How a browser signs in and stays so. A one-time code becomes a session, which the browser holds as a cookie that no
 * script can read; the session gives the page short-lived tokens. These are the only paths that look at the cookie, and
 * only the server's own pages may call them.
 */
@RestController
final class SignInController {
    private final Commands commands;
    private final JdbcClient jdbc;
    private final Tokens tokens;
    private final RevocationFeed revocations;
    private final IdentitySettings settings;
    private final SessionCookie cookie;
    private final ChangeLog changes;
    private final Clock clock;
    private final WorkspaceUsage usage;

    SignInController(
            Commands commands,
            JdbcClient jdbc,
            Tokens tokens,
            RevocationFeed revocations,
            IdentitySettings settings,
            SessionCookie cookie,
            ChangeLog changes,
            Clock clock,
            WorkspaceUsage usage) {
        this.commands = commands;
        this.jdbc = jdbc;
        this.tokens = tokens;
        this.revocations = revocations;
        this.settings = settings;
        this.cookie = cookie;
        this.changes = changes;
        this.clock = clock;
        this.usage = usage;
    }

    record SignIn(String code) {
        SignIn(@Nullable String code) {
            this.code = Fields.text("code", code, 100);
        }
    }

    record SignedIn(String token, Instant expiresAt, WhoamiController.MemberName member, Workspace workspace) {}

    /** The session's cookie is in the first answer only: a repetition is told to open another link. */
    @PostMapping("/v1/sign-in")
    ResponseEntity<byte[]> signIn(@RequestBody SignIn body, ServerWebExchange exchange) {
        cookie.requireOwnPage(exchange.getRequest());
        Sessions.Holder holder = Sessions.findCode(jdbc, body.code()).orElseThrow(SignInController::codeIsInvalid);
        return commands.runWithSecret(
                Attempt.of(holder.workspace(), holder.memberId(), exchange),
                transaction -> {
                    if (!Sessions.useCode(transaction, holder.workspace(), body.code())) {
                        throw codeIsInvalid();
                    }
                    usage.checkRoom(
                            transaction.jdbc(),
                            WorkspaceLimit.SESSIONS,
                            "session where workspace = ? and ended_at is null and expires_at > ?",
                            holder.workspace().value(),
                            transaction.now().toEpochMilli());
                    Sessions.Opened session = Sessions.open(transaction, holder, settings.sessionTtl());
                    Changes.sessionOpened(
                            changes, transaction, holder.workspace(), actor(transaction, holder), session.id());
                    return session;
                },
                opened -> ResponseEntity.ok()
                        .header(
                                HttpHeaders.SET_COOKIE,
                                cookie.set(opened.cookie()).toString())
                        .cacheControl(CacheControl.noStore())
                        .body(signedIn(new Sessions.Session(opened.id(), holder.workspace(), holder.memberId()))),
                _ -> Problems.answer(new ProblemException(
                        ErrorCode.CONFLICT,
                        "This Idempotency-Key signed in before, and its session was given away once; open another"
                                + " sign-in link")));
    }

    /** Changes nothing: it only signs a token. */
    @PostMapping("/v1/session/token")
    ResponseEntity<SignedIn> token(ServerHttpRequest request) {
        cookie.requireOwnPage(request);
        Sessions.Session session = cookie.of(request)
                .flatMap(value -> Sessions.find(jdbc, value, clock.instant()))
                .orElseThrow(SignInController::noSession);
        return ResponseEntity.ok().header(HttpHeaders.CACHE_CONTROL, "no-store").body(signedIn(session));
    }

    @DeleteMapping("/v1/session")
    ResponseEntity<byte[]> signOut(ServerWebExchange exchange) {
        cookie.requireOwnPage(exchange.getRequest());
        return cookie.of(exchange.getRequest())
                .flatMap(value -> Sessions.find(jdbc, value, clock.instant()))
                .map(session -> end(session, exchange))
                .orElseGet(() -> signedOut().build());
    }

    private ResponseEntity<byte[]> end(Sessions.Session session, ServerWebExchange exchange) {
        Sessions.Holder holder = new Sessions.Holder(session.workspace(), session.memberId());
        return commands.run(Attempt.of(session.workspace(), session.memberId(), exchange), transaction -> {
            // A request that runs beside this one may have ended it.
            if (Sessions.end(transaction, session.workspace(), session.id())) {
                revocations.publish(transaction, new Revocation.SessionEnded(session.workspace(), session.id()));
                Changes.sessionEnded(
                        changes, transaction, session.workspace(), actor(transaction, holder), session.id());
            }
            return signedOut().build();
        });
    }

    private ResponseEntity.HeadersBuilder<?> signedOut() {
        return ResponseEntity.noContent()
                .header(HttpHeaders.SET_COOKIE, cookie.clear().toString());
    }

    private static Actor actor(Transaction transaction, Sessions.Holder holder) {
        return Members.find(transaction.jdbc(), holder.workspace(), holder.memberId())
                .map(member -> Actor.of("member", member.id(), member.name()))
                .orElse(Actor.SYSTEM);
    }

    private SignedIn signedIn(Sessions.Session session) {
        Member member =
                Members.find(jdbc, session.workspace(), session.memberId()).orElseThrow(SignInController::noSession);
        Workspace workspace = Workspaces.find(jdbc, session.workspace()).orElseThrow(SignInController::noSession);
        Tokens.Signed signed = tokens.sign(session.workspace(), member, Optional.of(session.id()), settings.tokenTtl());
        return new SignedIn(
                signed.token(),
                signed.expiresAt(),
                new WhoamiController.MemberName(member.id(), member.name(), member.role()),
                workspace);
    }

    private static ProblemException codeIsInvalid() {
        return new ProblemException(
                ErrorCode.SIGN_IN_CODE_INVALID,
                "A sign-in link works once and for a short time; the server prints a new one at each start, and an"
                        + " owner or admin can make one under members");
    }

    private static ProblemException noSession() {
        return new ProblemException(ErrorCode.TOKEN_MISSING, "There is no session any more; open a sign-in link");
    }
}
