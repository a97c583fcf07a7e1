package io.heliograph.server.approvals;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonCreator;
import io.heliograph.server.errors.Fields;
import io.heliograph.server.errors.ProblemException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/approvals/bulk-decision}: up to {@value #MAX_DECISIONS} decisions, each with its own
 * result. Immutable.
 */
record BulkDecision(List<Item> decisions) {
    static final int MAX_DECISIONS = 50;

    BulkDecision(@Nullable List<Item> decisions) {
        List<Item> given = Fields.required("decisions", decisions);
        Fields.check(
                !given.isEmpty() && given.size() <= MAX_DECISIONS,
                "decisions",
                "must have 1 to " + MAX_DECISIONS + " items, and has " + given.size());
        this.decisions = List.copyOf(given);
    }

    /** A decision about one approval. Edits and responses are not possible in bulk. */
    record Item(ApprovalId id, Approval.Outcome outcome, String digest, Optional<String> reason) {
        @JsonCreator
        Item(
                @Nullable String id,
                Approval.@Nullable Outcome outcome,
                @Nullable String digest,
                Optional<String> reason) {
            this(ApprovalId.parse("id", id), outcomeOf(outcome), Fields.text("digest", digest, 64), reason);
        }

        Item {
            Fields.optionalText("reason", reason, 2000);
        }

        private static Approval.Outcome outcomeOf(Approval.@Nullable Outcome given) {
            Approval.Outcome outcome = Fields.required("outcome", given);
            Fields.check(
                    outcome == Approval.Outcome.APPROVED || outcome == Approval.Outcome.REJECTED,
                    "outcome",
                    "must be approved or rejected");
            return outcome;
        }

        Decision toDecision() {
            return new Decision(outcome, digest, reason, Optional.empty(), Optional.empty());
        }
    }

    /** The result of one decision: its status, and the approval or the problem, as the single request returns them. */
    record Outcome(ApprovalId id, int status, Optional<Approval> approval, Optional<Refusal> problem) {

        static Outcome of(ApprovalId id, Decisions.Result result) {
            try {
                return new Outcome(id, 200, Optional.of(DecisionResponses.stored(result)), Optional.empty());
            } catch (ProblemException refused) {
                return new Outcome(id, refused.code().status(), Optional.empty(), Optional.of(Refusal.of(refused)));
            }
        }
    }

    /** The problem, with the members that a single request's problem has. */
    record Refusal(String code, String title, Optional<String> detail, Map<String, Object> members) {
        static Refusal of(ProblemException refused) {
            return new Refusal(
                    refused.code().code(),
                    refused.code().title(),
                    Optional.ofNullable(refused.getMessage()),
                    refused.members());
        }

        /** {@code resolution} and {@code approval}, as further members. */
        @Override
        @JsonAnyGetter
        public Map<String, Object> members() {
            return members;
        }
    }
}
