package io.heliograph.server.approvals;

import io.heliograph.server.errors.Fields;
import io.heliograph.server.errors.InvalidFieldException;
import io.heliograph.server.errors.TextSize;
import io.heliograph.server.events.AgentId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The body of {@code POST /v1/approvals}. Its constructor checks each bound and throws {@link InvalidFieldException}.
 * Immutable.
 *
 * @param argsSchema of a size that is allowed; {@link SchemaChecks} tells whether it can be used
 * @param expiresIn seconds, 10 to 30 days, by default an hour
 * @param agentId without it, the agent that the calling key belongs to
 */
record NewApproval(
        String title,
        Action action,
        Optional<Approval.Risk> risk,
        Optional<String> description,
        Optional<String> reasoning,
        OptionalDouble confidence,
        List<String> tags,
        Optional<Allow> allow,
        Optional<JsonNode> argsSchema,
        List<String> rejectOptions,
        OptionalInt expiresIn,
        Optional<String> externalId,
        Optional<String> agentId,
        Optional<JsonNode> metadata) {
    private static final int KILOBYTE = 1024;
    private static final int DEFAULT_EXPIRY_SECONDS = 3600;

    NewApproval(
            @Nullable String title,
            @Nullable Action action,
            Optional<Approval.Risk> risk,
            Optional<String> description,
            Optional<String> reasoning,
            OptionalDouble confidence,
            @Nullable List<String> tags,
            Optional<Allow> allow,
            Optional<JsonNode> argsSchema,
            @Nullable List<String> rejectOptions,
            OptionalInt expiresIn,
            Optional<String> externalId,
            Optional<String> agentId,
            Optional<JsonNode> metadata) {
        this.title = Fields.text("title", title, 200);
        this.action = Fields.required("action", action);
        this.risk = risk;
        TextSize.text("description", description, 20 * KILOBYTE);
        this.description = description;
        TextSize.text("reasoning", reasoning, 20 * KILOBYTE);
        this.reasoning = reasoning;
        double confident = confidence.orElse(0);
        Fields.check(confident >= 0 && confident <= 1, "confidence", "must be a number from 0 to 1");
        this.confidence = confidence;
        this.tags = tags == null ? List.of() : Fields.texts("tags", tags, 20, 50);
        this.allow = allow;
        this.argsSchema = TextSize.given(argsSchema);
        this.argsSchema.ifPresent(schema -> TextSize.jsonObject("argsSchema", schema, 64 * KILOBYTE));
        this.rejectOptions = rejectOptions == null ? List.of() : Fields.texts("rejectOptions", rejectOptions, 20, 200);
        Fields.range("expiresIn", expiresIn.orElse(DEFAULT_EXPIRY_SECONDS), 10, 30L * 24 * 3600);
        this.expiresIn = expiresIn;
        externalId.ifPresent(id -> Fields.text("externalId", id, 200));
        this.externalId = externalId;
        agentId.ifPresent(AgentId::parse);
        this.agentId = agentId;
        this.metadata = TextSize.given(metadata);
        this.metadata.ifPresent(value -> TextSize.jsonObject("metadata", value, 16 * KILOBYTE));
    }

    /** The action that the agent wants to perform. Args are {@code {}} when there are none. */
    record Action(String name, JsonNode args, Optional<JsonNode> preview) {
        private static final Set<String> PREVIEW_KINDS = Set.of("text", "diff", "table", "link");

        Action(@Nullable String name, @Nullable JsonNode args, Optional<JsonNode> preview) {
            this.name = Fields.text("name", name, 200);
            Fields.notNull("args", Optional.ofNullable(args));
            this.args = args == null ? JsonNodeFactory.instance.objectNode() : args;
            TextSize.json("args", this.args, 64 * KILOBYTE);
            this.preview = TextSize.given(preview);
            this.preview.ifPresent(Action::checkPreview);
            digest(); // rejects args without a canonical form
        }

        private static void checkPreview(JsonNode preview) {
            TextSize.jsonObject("preview", preview, 64 * KILOBYTE);
            Fields.check(
                    PREVIEW_KINDS.contains(preview.path("kind").asString("")),
                    "preview.kind",
                    "must be one of text, diff, table, link");
        }

        String digest() {
            return digestOf(name, args, "args");
        }
    }

    /** As {@link Approval.Allow}; by default a person can approve and reject, and no more. */
    record Allow(
            Optional<Boolean> approve, Optional<Boolean> edit, Optional<Boolean> respond, Optional<Boolean> reject) {
        Allow {
            Fields.check(
                    approve.orElse(true) || edit.orElse(false) || respond.orElse(false) || reject.orElse(true),
                    "approve",
                    "must be true when edit, respond and reject are not: something must be left to decide");
        }

        Approval.Allow toAllow() {
            return new Approval.Allow(
                    approve.orElse(true), edit.orElse(false), respond.orElse(false), reject.orElse(true));
        }
    }

    /** The agent that the request names. */
    Optional<AgentId> agent() {
        return agentId.map(AgentId::parse);
    }

    Approval.Allow allowed() {
        return allow.map(Allow::toAllow).orElse(new Approval.Allow(true, false, false, true));
    }

    int expirySeconds() {
        return expiresIn.orElse(DEFAULT_EXPIRY_SECONDS);
    }

    /** The digest of an action with these args; {@code field} names the args in an error. */
    static String digestOf(String name, JsonNode args, String field) {
        Map<String, JsonNode> members = new LinkedHashMap<>();
        members.put("name", JsonNodeFactory.instance.stringNode(name));
        members.put("args", args);
        ObjectNode action = new ObjectNode(JsonNodeFactory.instance, members);
        try {
            return CanonicalJson.digest(action);
        } catch (CanonicalJson.NotCanonical fault) {
            throw new InvalidFieldException(field, String.valueOf(fault.getMessage()));
        }
    }
}
