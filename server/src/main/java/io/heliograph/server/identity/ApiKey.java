package io.heliograph.server.identity;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.heliograph.server.events.LinkMaker;
import io.heliograph.server.events.MemberId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A program's credential, without its secret. Immutable.
 *
 * @param actAs the agents of other keys that it may act for; present exactly with {@link Scope#AGENTS_ACT_AS}
 * @param owner id of the member that made it; absent when the command line did
 * @param signedInBy who made the sign-in links that led to the session in which it was made; empty otherwise
 * @param lineage id of the first of the keys that replaced one another by rotation: its own until it was rotated. Agents
 *     belong to a lineage
 */
public record ApiKey(
        String id,
        String name,
        Set<Scope> scopes,
        Optional<ActAs> actAs,
        Optional<MemberId> owner,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<LinkMaker> signedInBy,
        String lineage,
        Instant createdAt,
        Optional<Instant> expiresAt,
        Optional<Instant> revokedAt) {

    public ApiKey {
        scopes = Set.copyOf(scopes);
        signedInBy = List.copyOf(signedInBy);
    }

    boolean inForce(Instant now) {
        return revokedAt.isEmpty()
                && expiresAt.filter(end -> !now.isBefore(end)).isEmpty();
    }
}
