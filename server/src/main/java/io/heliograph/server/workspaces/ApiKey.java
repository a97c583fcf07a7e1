package io.heliograph.server.workspaces;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * A program's credential, without its secret.
 *
 * @param owner id of the member that made it; absent when the command line did
 */
record ApiKey(
        String id,
        String name,
        Set<Scope> scopes,
        Optional<String> owner,
        Instant createdAt,
        Optional<Instant> expiresAt,
        Optional<Instant> revokedAt) {}
