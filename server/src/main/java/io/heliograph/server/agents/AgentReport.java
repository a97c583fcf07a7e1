package io.heliograph.server.agents;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.heliograph.server.errors.Fields;
import io.heliograph.server.errors.TextSize;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The body of {@code PUT /v1/agents/{id}}. Absent fields stay unchanged, except that a reported status replaces the
 * three fields that explain it. Immutable.
 */
record AgentReport(
        Optional<String> name,
        Optional<String> kind,
        Optional<LeaseWish> lease,
        Optional<JsonNode> metadata,
        Optional<AgentStatus> status,
        Optional<String> statusText,
        Optional<String> currentTask,
        Optional<String> error) {

    AgentReport {
        name.ifPresent(text -> Fields.text("name", text, 200));
        Fields.optionalText("kind", kind, 64);
        Fields.optionalText("statusText", statusText, 500);
        Fields.optionalText("currentTask", currentTask, 500);
        Fields.optionalText("error", error, 2000);
        metadata = TextSize.given(metadata);
        metadata.ifPresent(value -> TextSize.jsonObject("metadata", value, 16 * 1024));
        Fields.check(
                status.isEmpty() || status.get().isReportable(),
                "status",
                "must be idle, working or error; the server derives the others");
        Fields.check(
                status.isPresent() || (statusText.isEmpty() && currentTask.isEmpty() && error.isEmpty()),
                "status",
                "is required with statusText, currentTask and error, which explain it");
    }

    /** How long the agent counts as online after its last activity. */
    record LeaseWish(int seconds) {
        @JsonCreator
        LeaseWish(@Nullable Integer seconds) {
            this((int) Fields.range("seconds", Fields.required("seconds", seconds), 15, 86_400));
        }
    }

    AgentState applyTo(AgentState state) {
        Agent before = state.agent();
        AgentChange change = new AgentChange(before)
                .name(name.orElse(before.name()))
                .kind(kind.or(before::kind))
                .lease(
                        lease.map(LeaseWish::seconds).orElse(before.lease().seconds()),
                        before.lease().expiresAt())
                .metadata(metadata.orElse(before.metadata()));
        if (status.isPresent()) {
            change.describe(statusText, currentTask, error);
        }
        return new AgentState(change.toAgent(), status.orElse(state.reported()), state.stopped());
    }
}
