package io.heliograph.server.audit;

import io.heliograph.server.events.Actor;
import io.heliograph.server.events.Subject;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * One line of the trail.
 *
 * @param credential the API key with which an agent authenticated; empty for other actors
 * @param action what was done, as subject and verb: {@code approval.decided}
 * @param detail a JSON object with what the action needs to be understood later; no secrets
 */
public record AuditEntry(
        String id,
        Instant at,
        Actor actor,
        Optional<Actor.Credential> credential,
        String action,
        Subject subject,
        JsonNode detail) {}
