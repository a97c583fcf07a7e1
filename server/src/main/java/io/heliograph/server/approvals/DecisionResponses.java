package io.heliograph.server.approvals;

import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.errors.ProblemException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Turns the result of a decision into a response: the approval, or a problem. */
final class DecisionResponses {
    private DecisionResponses() {}

    /** The stored approval; throws a {@link ProblemException} when the decision was rejected. */
    static Approval stored(Decisions.Result result) {
        return switch (result) {
            case Decisions.Result.Recorded(Approval approval) -> approval;
            case Decisions.Result.RecordedBefore(Approval approval) -> approval;
            case Decisions.Result.AlreadyDecided(Approval winner) -> throw alreadyDecided(winner);
            case Decisions.Result.Expired(Approval approval) -> throw expired(approval);
            case Decisions.Result.DigestMismatch(Approval approval) ->
                throw new ProblemException(
                        ErrorCode.DIGEST_MISMATCH,
                        "The decision names another digest than the stored action; read the approval again, and decide"
                                + " on what it says now.",
                        Map.of("approval", approval));
            case Decisions.Result.VersionMismatch(Approval approval) ->
                throw new ProblemException(
                        ErrorCode.VERSION_MISMATCH,
                        "If-Match names another version than the stored " + approval.version()
                                + "; read the approval again, and decide on what it says now.",
                        Map.of("approval", approval));
            case Decisions.Result.NotAllowed(String reason) ->
                throw new ProblemException(ErrorCode.INVALID_REQUEST, "This outcome is not open: " + reason + ".");
            case Decisions.Result.ArgsMisfit(String fault) ->
                throw new ProblemException(
                        ErrorCode.INVALID_REQUEST,
                        "args do not fit the agent's argsSchema: " + fault + ".",
                        Map.of("errors", List.of(Map.of("field", "args", "detail", fault))));
            case Decisions.Result.OwnRequest _ ->
                throw new ProblemException(
                        ErrorCode.FORBIDDEN,
                        "You own the key that requested this, or a sign-in link ties this session to its owner, and"
                                + " heliograph.approvals.prevent-self is set; another member must decide.");
            case Decisions.Result.Critical _ ->
                throw new ProblemException(
                        ErrorCode.INVALID_REQUEST, "What is critical is decided one by one; open it and decide there.");
            case Decisions.Result.NotFound _ ->
                throw new ProblemException(ErrorCode.NOT_FOUND, "There is no such approval in this workspace.");
        };
    }

    static ProblemException settled(Approval approval) {
        return approval.resolution().isPresent() ? alreadyDecided(approval) : expired(approval);
    }

    private static ProblemException alreadyDecided(Approval winner) {
        Map<String, Object> members = new LinkedHashMap<>();
        winner.resolution().ifPresent(resolution -> members.put("resolution", resolution));
        members.put("approval", winner);
        String by = winner.resolution()
                .flatMap(resolution -> resolution.by().name())
                .orElse("another member");
        return new ProblemException(
                ErrorCode.ALREADY_DECIDED,
                "It is " + winner.status().wireName() + " already, by " + by + "; resolution says how.",
                members);
    }

    private static ProblemException expired(Approval approval) {
        return new ProblemException(
                ErrorCode.APPROVAL_EXPIRED,
                "Its deadline has passed, and nothing was decided; the agent has to request again.",
                Map.of("approval", approval));
    }
}
