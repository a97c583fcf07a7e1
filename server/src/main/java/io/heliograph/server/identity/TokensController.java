package io.heliograph.server.identity;

import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.web.Commands;
import io.heliograph.server.web.IdempotentRequest;
import java.util.regex.Pattern;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Revokes a token: the caller's own or, for owners and admins, any of the workspace. */
@RestController
final class TokensController {
    private static final Pattern SHAPE = Pattern.compile("tok_[0-9a-z]{26}");

    private final Commands commands;
    private final RevocationFeed revocations;
    private final ChangeLog changes;

    TokensController(Commands commands, RevocationFeed revocations, ChangeLog changes) {
        this.commands = commands;
        this.revocations = revocations;
        this.changes = changes;
    }

    /** {@code id} is the token's {@code jti}, which {@code GET /v1/whoami} returns as {@code credentialId}. */
    @DeleteMapping("/v1/tokens/{id}")
    ResponseEntity<byte[]> revoke(Verification.Verified verified, IdempotentRequest request, @PathVariable String id) {
        Caller caller = verified.caller();
        if (!SHAPE.matcher(id).matches()) {
            throw new ProblemException(ErrorCode.NOT_FOUND, "A token's id is tok_ and 26 letters and digits");
        }
        if (!verified.credentialId().equals(id)) {
            caller.requireAdministrator();
        }
        return commands.run(request, transaction -> {
            revocations.publish(transaction, new Revocation.TokenRevoked(caller.workspace(), id));
            AuditEvents.tokenRevoked(changes, transaction, caller.workspace(), caller.actor(), id);
            return ResponseEntity.noContent().build();
        });
    }
}
