package io.heliograph.server.approvals;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.heliograph.server.events.Actor;
import io.heliograph.server.events.AgentId;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;

/**
 * A request of an agent, as its workspace sees it. Immutable.
 *
 * @param id {@code apr_…}
 * @param externalId what the agent calls it; one per agent
 * @param description Markdown, not sanitised here: it is when it is shown
 * @param confidence of the agent in its own plan, 0 to 1
 * @param argsSchema JSON Schema of the action's args, for edited args
 * @param rejectOptions reasons that the agent suggests for a rejection
 * @param expiresAt the deadline; from then on it cannot be decided
 * @param resolvedAt when its status became terminal
 * @param claim who is looking at it; it warns, and never blocks
 * @param metadata echoed as it came
 * @param version 1 at first, +1 with each change; the ETag
 */
public record Approval(
        ApprovalId id,
        String workspaceId,
        AgentId agentId,
        Optional<String> externalId,
        String title,
        Optional<String> description,
        Optional<String> reasoning,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) OptionalDouble confidence,
        Risk risk,
        List<String> tags,
        Action action,
        Allow allow,
        Optional<JsonNode> argsSchema,
        List<String> rejectOptions,
        Status status,
        Instant createdAt,
        Instant expiresAt,
        Optional<Instant> resolvedAt,
        Optional<Claim> claim,
        Optional<Resolution> resolution,
        JsonNode metadata,
        long version) {

    public Approval {
        tags = List.copyOf(tags);
        rejectOptions = List.copyOf(rejectOptions);
    }

    /** How much harm the action could do. */
    public enum Risk {
        LOW,
        MEDIUM,
        HIGH,
        CRITICAL;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The status. All but {@code PENDING} are terminal: they never change. */
    public enum Status {
        PENDING,
        APPROVED,
        REJECTED,
        EXPIRED,
        CANCELLED;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The person's decision. {@code RESPONDED} answers the agent instead of approving the action, so the status is
     * rejected.
     */
    public enum Outcome {
        APPROVED,
        REJECTED,
        RESPONDED,
        CANCELLED;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        Status status() {
            return switch (this) {
                case APPROVED -> Status.APPROVED;
                case REJECTED, RESPONDED -> Status.REJECTED;
                case CANCELLED -> Status.CANCELLED;
            };
        }
    }

    /**
     * The action that the agent wants to perform.
     *
     * @param digest SHA-256 of the canonical JSON (RFC 8785) of {@code {"args":…,"name":…}}, in lower-case hexadecimal
     */
    public record Action(String name, JsonNode args, Optional<JsonNode> preview, String digest) {}

    /** What the agent can handle: {@code approve} its args as they are, {@code edit} them and approve, and so on. */
    public record Allow(boolean approve, boolean edit, boolean respond, boolean reject) {}

    /** A member has the approval open. The lease is renewed while it is open. */
    public record Claim(Actor by, Instant until) {}

    /**
     * How it was decided.
     *
     * @param args what is to be used instead of the action's args, when they were edited
     * @param digest of the action that was shown to the member who decided
     */
    public record Resolution(
            Outcome outcome,
            Actor by,
            Instant at,
            Optional<String> reason,
            Optional<JsonNode> args,
            boolean argsEdited,
            Optional<String> response,
            String digest) {

        public Resolution {
            // Jackson reads a missing field of this type as a JSON null, which would be written as null.
            args = args.filter(node -> !node.isNull());
        }
    }
}
