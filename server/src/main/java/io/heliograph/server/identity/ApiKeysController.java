package io.heliograph.server.identity;

import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.Transaction;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.errors.Fields;
import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.limits.WorkspaceLimit;
import io.heliograph.server.limits.WorkspaceUsage;
import io.heliograph.server.sql.Sql;
import io.heliograph.server.web.Commands;
import io.heliograph.server.web.IdempotentRequest;
import io.heliograph.server.web.Listing;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
    record NewKey(String name, Set<Scope> scopes, List<String> actAs, Optional<Long> expiresIn) {
        NewKey(
                @Nullable String name,
                @Nullable Set<Scope> scopes,
                @Nullable List<String> actAs,
                Optional<Long> expiresIn) {
            this.name = Fields.text("name", name, 200);
            this.scopes = scopes == null ? Scope.defaults() : Set.copyOf(scopes);
            Fields.check(
                    !this.scopes.isEmpty(), "scopes", "must name at least one scope, or be left out for the defaults");
            Fields.check(actAs == null || !actAs.isEmpty(), "actAs", "must name at least one agent, or be left out");
            this.actAs = actAs == null ? List.of() : List.copyOf(actAs);
            speaksFor().requireToFit(this.scopes);
            this.expiresIn = expiresIn;
            expiresIn.ifPresent(seconds -> Fields.range("expiresIn", seconds, 60, 10L * 366 * 24 * 3600));
        }

        ActAs speaksFor() {
            return new ActAs(actAs);
        }
    }

    /** How many seconds the replaced key stays valid; without it, none. */
    record Rotation(Optional<Long> overlapSeconds) {
        static final Rotation AT_ONCE = new Rotation(Optional.empty());

        Rotation {
            overlapSeconds.ifPresent(seconds -> Fields.range("overlapSeconds", seconds, 0, 7L * 24 * 3600));
        }
    }

    /** {@code secret} is the whole text of the key; it is shown only once. */
    record Shown(ApiKey key, Optional<String> secret) {}

    @GetMapping("/v1/api-keys")
    Listing<ApiKey> list(Caller.Member caller) {
        caller.requireAdministrator();
        return log.read(
                caller.workspace(),
                snapshot -> Listing.whole(ApiKeys.all(Sql.in(snapshot), caller.workspace()), snapshot.asOf()));
    }

    /** Only the first response has the secret; a repeated request gets the key without it. */
    @PostMapping("/v1/api-keys")
    ResponseEntity<byte[]> add(Caller.Member caller, IdempotentRequest request, @RequestBody NewKey body) {
        caller.requireAdministrator();
        WorkspaceId workspace = caller.workspace();
        return commands.runWithSecret(
                request,
                transaction -> {
                    checkRoom(transaction, workspace);
                    Optional<Instant> expiresAt =
                            body.expiresIn.map(seconds -> transaction.now().plusSeconds(seconds));
                    ApiKeys.Issued issued = ApiKeys.issue(
                            Sql.in(transaction),
                            workspace,
                            new ApiKeys.NewKey(
                                    body.name,
                                    body.scopes,
                                    body.speaksFor(),
                                    Optional.of(caller.memberId()),
                                    caller.signedInBy(),
                                    expiresAt,
                                    Optional.empty()),
                            transaction.now());
                    AuditEvents.keyIssued(changes, transaction, workspace, caller.actor(), issued.key());
                    return issued;
                },
                issued -> created(new Shown(issued.key(), Optional.of(issued.text()))),
                issued -> created(new Shown(issued.key(), Optional.empty())));
    }

    /**
     * Creates a key that replaces another, with the same name, scopes, owner, agents and lifetime. Only the first
     * response has the secret.
     */
    @PostMapping("/v1/api-keys/{id}/rotate")
    ResponseEntity<byte[]> rotate(
            Caller.Member caller,
            IdempotentRequest request,
            @PathVariable String id,
            @RequestBody(required = false) @Nullable Rotation body) {
        caller.requireAdministrator();
        long overlapSeconds = (body == null ? Rotation.AT_ONCE : body).overlapSeconds.orElse(0L);
        return commands.runWithSecret(
                request,
                transaction -> rotate(transaction, caller, id, overlapSeconds),
                issued -> created(new Shown(issued.key(), Optional.of(issued.text()))),
                issued -> created(new Shown(issued.key(), Optional.empty())));
    }

    private ApiKeys.Issued rotate(Transaction transaction, Caller.Member caller, String id, long overlapSeconds) {
        WorkspaceId workspace = caller.workspace();
        Instant now = transaction.now();
        ApiKey old = ApiKeys.find(Sql.in(transaction), workspace, id).orElseThrow(() -> noSuchKey(id));
        if (!old.inForce(now)) {
            throw new ProblemException(
                    ErrorCode.CONFLICT,
                    "The API key " + id + " was revoked or has expired; make a new key, and give it the agents with PUT"
                            + " /v1/agents/{id}/owner");
        }
        Instant end = now.plusSeconds(overlapSeconds);
        if (overlapSeconds == 0) {
            revoke(transaction, caller, id);
        } else {
            ApiKeys.end(Sql.in(transaction), workspace, id, end);
            revocations.publish(transaction, new Revocation.KeyEnds(workspace, id, end));
        }
        // Counted after the old key ended, so that a key replaced at once needs no room under the limit.
        checkRoom(transaction, workspace);
        ApiKeys.Issued issued = ApiKeys.issue(
                Sql.in(transaction),
                workspace,
                new ApiKeys.NewKey(
                        old.name(),
                        old.scopes(),
                        old.actAs().orElse(ActAs.NOBODY),
                        old.owner(),
                        old.signedInBy(),
                        old.expiresAt().map(expiry -> now.plus(Duration.between(old.createdAt(), expiry))),
                        Optional.of(old.lineage())),
                now);
        AuditEvents.keyRotated(changes, transaction, workspace, caller.actor(), old, issued.key(), end);
        AuditEvents.keyIssued(changes, transaction, workspace, caller.actor(), issued.key());
        return issued;
    }

    private void revoke(Transaction transaction, Caller.Member caller, String id) {
        if (ApiKeys.revoke(Sql.in(transaction), caller.workspace(), id, transaction.now())) {
            revocations.publish(transaction, new Revocation.KeyRevoked(caller.workspace(), id));
            AuditEvents.keyRevoked(changes, transaction, caller.workspace(), caller.actor(), id);
        }
    }

    private void checkRoom(Transaction transaction, WorkspaceId workspace) {
        usage.checkRoom(
                Sql.in(transaction),
                WorkspaceLimit.API_KEYS,
                IdentityRows.API_KEYS,
                workspace.value(),
                transaction.now().toEpochMilli());
    }

    private static ProblemException noSuchKey(String id) {
        return new ProblemException(ErrorCode.NOT_FOUND, "There is no API key " + id + " in this workspace");
    }

    private static ResponseEntity<Shown> created(Shown shown) {
        return ResponseEntity.created(URI.create("/v1/api-keys/" + shown.key.id()))
                .body(shown);
    }

    @DeleteMapping("/v1/api-keys/{id}")
    ResponseEntity<byte[]> revoke(Caller.Member caller, IdempotentRequest request, @PathVariable String id) {
        caller.requireAdministrator();
        WorkspaceId workspace = caller.workspace();
        return commands.run(request, transaction -> {
            if (ApiKeys.find(Sql.in(transaction), workspace, id).isEmpty()) {
                throw noSuchKey(id);
            }
            revoke(transaction, caller, id);
            return ResponseEntity.noContent().build();
        });
    }
}
