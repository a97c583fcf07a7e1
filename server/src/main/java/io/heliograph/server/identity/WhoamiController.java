package io.heliograph.server.identity;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.events.LinkMaker;
import io.heliograph.server.events.MemberId;
import io.heliograph.server.workspaces.Role;
import io.heliograph.server.workspaces.Workspace;
import io.heliograph.server.workspaces.Workspaces;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Returns the caller's identity. */
@RestController
final class WhoamiController {
    private final JdbcClient jdbc;

    WhoamiController(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Either {@code member} or {@code key} is present; {@code session} when the token was issued to a signed-in
     * browser.
     */
    record Whoami(
            Workspace workspace,
            Optional<MemberName> member,
            Optional<KeyName> key,
            Optional<SessionName> session,
            String credentialId,
            Optional<Instant> expiresAt) {}

    record MemberName(MemberId id, String name, Role role) {}

    record KeyName(String id, String name, List<Scope> scopes, Optional<ActAs> actAs) {}

    /** {@code signedInBy} is as {@link LinkMakers} says, and left out when empty. */
    record SessionName(
            String id,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<LinkMaker> signedInBy) {
        SessionName {
            signedInBy = List.copyOf(signedInBy);
        }
    }

    @GetMapping("/v1/whoami")
    Whoami whoami(Verification.Verified verified) {
        Caller caller = verified.caller();
        Workspace workspace = Workspaces.find(jdbc, caller.workspace())
                .orElseThrow(() -> new ProblemException(ErrorCode.NOT_FOUND, "The workspace no longer exists"));
        return switch (caller) {
            case Caller.Member member ->
                new Whoami(
                        workspace,
                        Optional.of(new MemberName(member.memberId(), member.name(), member.role())),
                        Optional.empty(),
                        verified.sessionId().map(id -> new SessionName(id, member.signedInBy())),
                        verified.credentialId(),
                        verified.expiresAt());
            case Caller.Key key ->
                new Whoami(
                        workspace,
                        Optional.empty(),
                        Optional.of(new KeyName(
                                key.keyId(),
                                key.name(),
                                key.scopes().stream().sorted().toList(),
                                Optional.of(key.actAs()).filter(actAs -> !actAs.isEmpty()))),
                        Optional.empty(),
                        verified.credentialId(),
                        verified.expiresAt());
        };
    }
}
