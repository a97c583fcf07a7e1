package io.heliograph.server.approvals;

import io.heliograph.server.errors.Fields;
import io.heliograph.server.errors.TextSize;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The body of {@code POST /v1/approvals/{id}/decision}. Immutable.
 *
 * @param digest of the action as it was shown to the member who decides
 * @param args what the agent is to use instead of the action's args
 * @param response what the agent is to hear instead of a yes or no
 */
record Decision(
        Approval.Outcome outcome,
        String digest,
        Optional<String> reason,
        Optional<JsonNode> args,
        Optional<String> response) {

    Decision(
            Approval.@Nullable Outcome outcome,
            @Nullable String digest,
            Optional<String> reason,
            Optional<JsonNode> args,
            Optional<String> response) {
        this.outcome = Fields.required("outcome", outcome);
        Fields.check(
                outcome != Approval.Outcome.CANCELLED,
                "outcome",
                "must be approved, rejected or responded; to cancel, POST to /cancel");
        this.digest = Fields.text("digest", digest, 64);
        this.reason = Fields.optionalText("reason", reason, 2000);
        this.args = TextSize.given(args);
        this.args.ifPresent(value -> TextSize.json("args", value, 64 * 1024));
        Fields.check(
                this.args.isEmpty() || outcome == Approval.Outcome.APPROVED,
                "args",
                "go only with the outcome approved");
        TextSize.text("response", response, 20 * 1024);
        Fields.check(
                response.isPresent() == (outcome == Approval.Outcome.RESPONDED),
                "response",
                "is required with the outcome responded, and goes with no other");
        this.response = response;
    }
}
