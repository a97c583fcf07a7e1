package io.heliograph.server.workspaces;

import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.limits.WorkspaceLimit;
import io.heliograph.server.limits.WorkspaceUsage;
import io.heliograph.server.web.Attempt;
import io.heliograph.server.web.Commands;
import io.heliograph.server.web.ErrorCode;
import io.heliograph.server.web.Fields;
import io.heliograph.server.web.Listing;
import io.heliograph.server.web.ProblemException;
import java.net.URI;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** A workspace's API keys, for its owners and admins. */
@RestController
final class ApiKeysController {
    private final EventLog log;
    private final Commands commands;
    private final RevocationFeed revocations;
    private final ChangeLog changes;
    private final WorkspaceUsage usage;

    ApiKeysController(
            EventLog log, Commands commands, RevocationFeed revocations, ChangeLog changes, WorkspaceUsage usage) {
        this.log = log;
        this.commands = commands;
        this.revocations = revocations;
        this.changes = changes;
        this.usage = usage;
    }

    /** {@code expiresIn} is in seconds; without it the key has no end. */
    record NewKey(String name, Set<Scope> scopes, Optional<Long> expiresIn) {
        NewKey(@Nullable String name, @Nullable Set<Scope> scopes, Optional<Long> expiresIn) {
            this.name = Fields.text("name", name, 200);
            this.scopes = scopes == null ? EnumSet.allOf(Scope.class) : Set.copyOf(scopes);
            this.expiresIn = expiresIn;
            Fields.check(!this.scopes.isEmpty(), "scopes", "must name at least one scope, or be left out for all");
            expiresIn.ifPresent(seconds -> Fields.range("expiresIn", seconds, 60, 10L * 366 * 24 * 3600));
        }
    }

    /** {@code secret} is the whole text of the key; it is shown this once. */
    record Shown(ApiKey key, Optional<String> secret) {}

    @GetMapping("/v1/api-keys")
    Listing<ApiKey> list(Caller.Member caller) {
        caller.requireAdministrator();
        return log.read(
                caller.workspace(),
                snapshot -> Listing.whole(ApiKeys.all(snapshot.jdbc(), caller.workspace()), snapshot.asOf()));
    }

    /** The secret is in the first answer only: a repetition gets the key without it. */
    @PostMapping("/v1/api-keys")
    ResponseEntity<byte[]> add(Caller.Member caller, Attempt attempt, @RequestBody NewKey body) {
        caller.requireAdministrator();
        WorkspaceId workspace = caller.workspace();
        return commands.runWithSecret(
                attempt,
                transaction -> {
                    usage.checkRoom(
                            transaction.jdbc(),
                            WorkspaceLimit.API_KEYS,
                            "api_key where workspace = ? and revoked_at is null",
                            workspace.value());
                    Optional<Instant> expiresAt =
                            body.expiresIn.map(seconds -> transaction.now().plusSeconds(seconds));
                    ApiKeys.Issued issued = ApiKeys.issue(
                            transaction.jdbc(),
                            workspace,
                            new ApiKeys.NewKey(body.name, body.scopes, Optional.of(caller.memberId()), expiresAt),
                            transaction.now());
                    Changes.keyIssued(changes, transaction, workspace, caller.actor(), issued.key());
                    return issued;
                },
                issued -> created(new Shown(issued.key(), Optional.of(issued.text()))),
                issued -> created(new Shown(issued.key(), Optional.empty())));
    }

    private static ResponseEntity<Shown> created(Shown shown) {
        return ResponseEntity.created(URI.create("/v1/api-keys/" + shown.key.id()))
                .body(shown);
    }

    @DeleteMapping("/v1/api-keys/{id}")
    ResponseEntity<byte[]> revoke(Caller.Member caller, Attempt attempt, @PathVariable String id) {
        caller.requireAdministrator();
        WorkspaceId workspace = caller.workspace();
        return commands.run(attempt, transaction -> {
            if (!ApiKeys.exists(transaction.jdbc(), workspace, id)) {
                throw new ProblemException(ErrorCode.NOT_FOUND, "There is no API key " + id + " in this workspace");
            }
            if (ApiKeys.revoke(transaction.jdbc(), workspace, id, transaction.now())) {
                revocations.publish(transaction, new Revocation.KeyRevoked(workspace, id));
                Changes.keyRevoked(changes, transaction, workspace, caller.actor(), id);
            }
            return ResponseEntity.noContent().build();
        });
    }
}
