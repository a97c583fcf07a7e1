package io.heliograph.server.approvals;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
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
    record Item(String id, Approval.Outcome outcome, String digest, Optional<String> reason) {
        Item(
                @Nullable String id,
                Approval.@Nullable Outcome outcome,
                @Nullable String digest,
                Optional<String> reason) {
            this.id = Fields.text("id", id, 64);
            this.outcome = Fields.required("outcome", outcome);
            Fields.check(
                    outcome == Approval.Outcome.APPROVED || outcome == Approval.Outcome.REJECTED,
                    "outcome",
                    "must be approved or rejected");
            this.digest = Fields.text("digest", digest, 64);
            this.reason = Fields.optionalText("reason", reason, 2000);
        }

        Decision toDecision() {
            return new Decision(outcome, digest, reason, Optional.empty(), Optional.empty());
        }
    }

    /** The result of one decision: its status, and the approval or the problem, as the single request returns them. */
    record Outcome(String id, int status, Optional<Approval> approval, Optional<Refusal> problem) {

        static Outcome of(String id, Decisions.Result result) {
            try {
                return new Outcome(id, 200, Optional.of(DecisionAnswers.stored(result)), Optional.empty());
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
