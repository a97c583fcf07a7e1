package io.heliograph.server.approvals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliograph.server.errors.InvalidFieldException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.StringNode;

/** What is a decision, and what is none, whatever it is about. */
class DecisionTest {
    private static final String DIGEST = "a".repeat(64);
    private static final Optional<String> NO_TEXT = Optional.empty();
    private static final Optional<JsonNode> NO_ARGS = Optional.empty();

    @Test
    void anOutcomeIsRequiredAndIsNoCancellation() {
        refused("outcome", () -> decision(null, DIGEST, NO_TEXT, NO_ARGS, NO_TEXT));
        refused("outcome", () -> decision(Approval.Outcome.CANCELLED, DIGEST, NO_TEXT, NO_ARGS, NO_TEXT));
    }

    @Test
    void aDigestIsRequiredAndHasAtMost64Characters() {
        refused("digest", () -> decision(Approval.Outcome.APPROVED, null, NO_TEXT, NO_ARGS, NO_TEXT));
        refused("digest", () -> decision(Approval.Outcome.APPROVED, DIGEST + "a", NO_TEXT, NO_ARGS, NO_TEXT));
    }

    @Test
    void aReasonHasAtMost2000Characters() {
        Decision longest = decision(Approval.Outcome.REJECTED, DIGEST, text(2_000), NO_ARGS, NO_TEXT);

        assertThat(longest.reason()).isEqualTo(text(2_000));
        refused("reason", () -> decision(Approval.Outcome.REJECTED, DIGEST, text(2_001), NO_ARGS, NO_TEXT));
    }

    @Test
    void argsGoWithAnApprovalOnlyAndHaveAtMost64Kilobytes() {
        int most = 64 * 1024 - 2; // and two quotation marks
        Decision longest = decision(Approval.Outcome.APPROVED, DIGEST, NO_TEXT, args(most), NO_TEXT);

        assertThat(longest.args()).isEqualTo(args(most));
        refused("args", () -> decision(Approval.Outcome.APPROVED, DIGEST, NO_TEXT, args(most + 1), NO_TEXT));
        refused("args", () -> decision(Approval.Outcome.REJECTED, DIGEST, NO_TEXT, args(1), NO_TEXT));
    }

    @Test
    void argsThatAreNullAreNotGiven() {
        Decision decision =
                decision(Approval.Outcome.REJECTED, DIGEST, NO_TEXT, Optional.of(NullNode.getInstance()), NO_TEXT);

        assertThat(decision.args()).isEmpty();
    }

    @Test
    void aResponseBelongsToThatOutcomeAndHasAtMost20Kilobytes() {
        int most = 20 * 1024;
        Decision longest = decision(Approval.Outcome.RESPONDED, DIGEST, NO_TEXT, NO_ARGS, text(most));

        assertThat(longest.response()).isEqualTo(text(most));
        refused("response", () -> decision(Approval.Outcome.RESPONDED, DIGEST, NO_TEXT, NO_ARGS, text(most + 1)));
        refused("response", () -> decision(Approval.Outcome.RESPONDED, DIGEST, NO_TEXT, NO_ARGS, NO_TEXT));
        refused("response", () -> decision(Approval.Outcome.APPROVED, DIGEST, NO_TEXT, NO_ARGS, text(1)));
    }

    @Test
    void severalAreFromOneTo50() {
        BulkDecision.Item item =
                new BulkDecision.Item("apr_" + "0".repeat(26), Approval.Outcome.APPROVED, DIGEST, NO_TEXT);

        assertThat(new BulkDecision(Collections.nCopies(50, item)).decisions()).hasSize(50);
        refused("decisions", () -> new BulkDecision(Collections.nCopies(51, item)));
        refused("decisions", () -> new BulkDecision(List.of()));
        refused("decisions", () -> new BulkDecision(null));
    }

    @Test
    void oneOfSeveralIsApprovedOrRejected() {
        String id = "apr_" + "0".repeat(26);

        refused("outcome", () -> new BulkDecision.Item(id, Approval.Outcome.RESPONDED, DIGEST, NO_TEXT));
        refused("outcome", () -> new BulkDecision.Item(id, null, DIGEST, NO_TEXT));
        refused("digest", () -> new BulkDecision.Item(id, Approval.Outcome.APPROVED, DIGEST + "a", NO_TEXT));
        refused("reason", () -> new BulkDecision.Item(id, Approval.Outcome.APPROVED, DIGEST, text(2_001)));
    }

    private static Decision decision(
            Approval.@Nullable Outcome outcome,
            @Nullable String digest,
            Optional<String> reason,
            Optional<JsonNode> args,
            Optional<String> response) {
        return new Decision(outcome, digest, reason, args, response);
    }

    private static Optional<String> text(int length) {
        return Optional.of("x".repeat(length));
    }

    private static Optional<JsonNode> args(int length) {
        return Optional.of(StringNode.valueOf("x".repeat(length)));
    }

    private static void refused(String field, ThrowingCallable made) {
        assertThatThrownBy(made)
                .isInstanceOfSatisfying(
                        InvalidFieldException.class,
                        refusal -> assertThat(refusal.field()).isEqualTo(field));
    }
}
