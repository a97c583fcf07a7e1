package io.heliograph.server.identity;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.errors.Fields;
import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.events.LinkMaker;
import io.heliograph.server.events.MemberId;
import io.heliograph.server.limits.WorkspaceLimit;
import io.heliograph.server.limits.WorkspaceUsage;
import io.heliograph.server.sql.Sql;
import io.heliograph.server.web.Commands;
import io.heliograph.server.web.IdempotentRequest;
import io.heliograph.server.web.Problems;
import io.heliograph.server.workspaces.Member;
import io.heliograph.server.workspaces.Members;
import io.heliograph.server.workspaces.Role;
import io.heliograph.server.workspaces.Workspace;
import io.heliograph.server.workspaces.Workspaces;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
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
 * Sign-in of browsers. A one-time code opens a session, which the browser holds as an HttpOnly cookie; the session
 * gives the page short-lived tokens. Only these paths read the cookie, and only the server's own pages may call them.
 */
@RestController
final class SignInController {
    private final Commands commands;
    private final JdbcClient jdbc;
    private final Tokens tokens;
    private final IdentitySettings settings;
    private final SessionCookie cookie;
    private final SessionEnds ends;
    private final ChangeLog changes;
    private final Clock clock;
    private final WorkspaceUsage usage;

    SignInController(
            Commands commands,
            JdbcClient jdbc,
            Tokens tokens,
            IdentitySettings settings,
            SessionCookie cookie,
            SessionEnds ends,
            ChangeLog changes,
            Clock clock,
            WorkspaceUsage usage) {
        this.commands = commands;
        this.jdbc = jdbc;
        this.tokens = tokens;
        this.ends = ends;
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

    record SignedIn(
            String token,
            Instant expiresAt,
            WhoamiController.MemberName member,
            Workspace workspace,
            WhoamiController.SessionName session) {}

    record CodeMember(MemberId id, String handle, String name, Role role) {}

    record SignedInAs(WhoamiController.MemberName member, Workspace workspace) {}

    /**
     * The member that a code signs in.
     *
     * @param madeBy who made the link, as {@link LinkMakers} says; left out when empty
     * @param signedInAs the member that is signed in with this browser now and would be signed out
     */
    record Preview(
            Workspace workspace,
            CodeMember member,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<LinkMaker> madeBy,
            Instant expiresAt,
            Optional<SignedInAs> signedInAs) {
        Preview {
            madeBy = List.copyOf(madeBy);
        }
    }

    /**
     * Returns the member that a code would sign in, for the page's confirmation. Changes nothing: the code stays valid.
     */
    @PostMapping("/v1/sign-in/preview")
    ResponseEntity<Preview> preview(@RequestBody SignIn body, ServerHttpRequest request) {
        cookie.requireOwnPage(request);
        Sessions.Code code = Sessions.findUsableCode(jdbc, body.code(), clock.instant())
                .orElseThrow(SignInController::codeIsInvalid);
        WorkspaceId workspace = code.holder().workspace();
        Member member =
                Members.find(jdbc, workspace, code.holder().memberId()).orElseThrow(SignInController::codeIsInvalid);
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .body(new Preview(
                        Workspaces.find(jdbc, workspace).orElseThrow(SignInController::codeIsInvalid),
                        new CodeMember(member.id(), member.handle(), member.name(), member.role()),
                        code.holder().madeBy(),
                        code.expiresAt(),
                        current(request).flatMap(this::signedInAs)));
    }

    private Optional<SignedInAs> signedInAs(Sessions.Session session) {
        return Members.find(jdbc, session.workspace(), session.memberId())
                .flatMap(member -> Workspaces.find(jdbc, session.workspace())
                        .map(workspace -> new SignedInAs(
                                new WhoamiController.MemberName(member.id(), member.name(), member.role()),
                                workspace)));
    }

    /**
     * Opens a session and ends the browser's former one, so that no forgotten session stays open. Only the first
     * response has the session's cookie; a repeated request is rejected and needs a new link.
     */
    @PostMapping("/v1/sign-in")
    ResponseEntity<byte[]> signIn(@RequestBody SignIn body, ServerWebExchange exchange) {
        cookie.requireOwnPage(exchange.getRequest());
        Optional<Sessions.Session> before = current(exchange.getRequest());
        Sessions.Holder holder = Sessions.findCode(jdbc, body.code()).orElseThrow(SignInController::codeIsInvalid);
        return commands.runWithSecret(
                IdempotentRequest.of(holder.workspace(), holder.memberId().value(), exchange),
                transaction -> {
                    if (!Sessions.useCode(transaction, holder, body.code())) {
                        throw codeIsInvalid();
                    }
                    // In one transaction, also across workspaces: either both sessions change or none does.
                    before.ifPresent(session ->
                            ends.end(transaction, session, SessionEnds.actor(transaction, session), "replaced"));
                    usage.checkRoom(
                            Sql.in(transaction),
                            WorkspaceLimit.SESSIONS,
                            IdentityRows.SESSIONS,
                            holder.workspace().value(),
                            transaction.now().toEpochMilli());
                    Sessions.Opened opened = Sessions.open(transaction, holder, settings.sessionTtl());
                    AuditEvents.sessionOpened(
                            changes,
                            transaction,
                            holder.workspace(),
                            SessionEnds.actor(transaction, opened.session()),
                            opened.session().id());
                    return opened;
                },
                opened -> ResponseEntity.ok()
                        .header(
                                HttpHeaders.SET_COOKIE,
                                cookie.set(opened.cookie()).toString())
                        .cacheControl(CacheControl.noStore())
                        .body(signedIn(opened.session())),
                _ -> Problems.answer(new ProblemException(
                        ErrorCode.CONFLICT,
                        "This Idempotency-Key signed in before, and its session is issued only once; open another"
                                + " sign-in link")));
    }

    /** Changes nothing: it only signs a token. */
    @PostMapping("/v1/session/token")
    ResponseEntity<SignedIn> token(ServerHttpRequest request) {
        cookie.requireOwnPage(request);
        Sessions.Session session = current(request).orElseThrow(SignInController::noSession);
        return ResponseEntity.ok().header(HttpHeaders.CACHE_CONTROL, "no-store").body(signedIn(session));
    }

    @DeleteMapping("/v1/session")
    ResponseEntity<byte[]> signOut(ServerWebExchange exchange) {
        cookie.requireOwnPage(exchange.getRequest());
        return current(exchange.getRequest())
                .map(session -> end(session, exchange))
                .orElseGet(() -> signedOut().build());
    }

    private ResponseEntity<byte[]> end(Sessions.Session session, ServerWebExchange exchange) {
        return commands.run(
                IdempotentRequest.of(session.workspace(), session.memberId().value(), exchange), transaction -> {
                    ends.end(transaction, session, SessionEnds.actor(transaction, session), "signed_out");
                    return signedOut().build();
                });
    }

    private ResponseEntity.HeadersBuilder<?> signedOut() {
        return ResponseEntity.noContent()
                .header(HttpHeaders.SET_COOKIE, cookie.clear().toString());
    }

    private Optional<Sessions.Session> current(ServerHttpRequest request) {
        return cookie.of(request).flatMap(value -> Sessions.find(jdbc, value, clock.instant()));
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
                workspace,
                new WhoamiController.SessionName(session.id(), session.signedInBy()));
    }

    private static ProblemException codeIsInvalid() {
        return new ProblemException(
                ErrorCode.SIGN_IN_CODE_INVALID,
                "A sign-in link works once and for a short time; the server prints a new one at each start, and an"
                        + " owner or admin can make one under members");
    }

    private static ProblemException noSession() {
        return new ProblemException(ErrorCode.TOKEN_MISSING, "The session has ended; open a sign-in link");
    }
}
