package io.heliograph.server.approvals;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.server.events.LinkMaker;
import io.heliograph.server.fixtures.Features;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.workspaces.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class DecisionsTest {
    private static final String REFUND =
            "{\"title\":\"Refund?\",\"action\":{\"name\":\"refund\",\"args\":{\"amount\":42}},\"allow\":ALLOW,"
                    + "\"risk\":\"high\",\"expiresIn\":600}";
    private static final String ALL = "{\"approve\":true,\"edit\":true,\"reject\":true,\"respond\":true}";
    private static final Optional<String> REASON = Optional.of("as agreed");

    private Features features;
    private Decisions decisions;
    private Claims claims;
    private Caller.Key key;
    private Caller.Member olga;
    private Caller.Member otto;

    @BeforeEach
    void open(@TempDir Path folder) {
        features = Features.open(folder);
        decisions = features.part(Decisions.class);
        claims = features.part(Claims.class);
        key = features.key("refunds");
        olga = features.member("Olga", Role.OPERATOR);
        otto = features.member("Otto", Role.OPERATOR);
    }

    @AfterEach
    void close() {
        features.close();
    }

    // --- repeats -----------------------------------------------------------------------------------------------------

    @Test
    void anApprovalWithEditedArgsIsRepeatedByTheSameArgsOnly() {
        Approval approval = create(ALL);
        Decision first = approved(approval, REASON, Optional.of("{\"amount\":21}"));
        assertThat(decide(olga, approval, first)).isInstanceOf(Decisions.Result.Recorded.class);

        assertRepeated(olga, approval, first);
        assertRepeated(olga, approval, approved(approval, REASON, Optional.of("{\"amount\":21.0}")));
        assertLost(olga, approval, approved(approval, REASON, Optional.of("{\"amount\":22}")));
        assertLost(olga, approval, approved(approval, REASON, Optional.of("{\"amount\":42}")));
        assertLost(olga, approval, approved(approval, REASON, Optional.empty()));
    }

    @Test
    void anApprovalAsItWasRequestedIsRepeatedWithAndWithoutItsArgs() {
        Approval approval = create(ALL);
        Decision first = approved(approval, REASON, Optional.empty());
        decide(olga, approval, first);

        assertRepeated(olga, approval, first);
        assertRepeated(olga, approval, approved(approval, REASON, Optional.of("{\"amount\":42}")));
        assertLost(olga, approval, approved(approval, REASON, Optional.of("{\"amount\":21}")));
    }

    @Test
    void aDecisionThatDiffersInOneFieldIsNoRepeat() {
        Approval approval = create(ALL);
        Decision first = approved(approval, REASON, Optional.empty());
        decide(olga, approval, first);

        assertLost(otto, approval, first);
        assertLost(olga, approval, approved(approval, Optional.empty(), Optional.empty()));
        assertLost(olga, approval, approved(approval, Optional.of("another"), Optional.empty()));
        assertLost(olga, approval, decision(Approval.Outcome.REJECTED, approval, REASON, Optional.empty()));
        assertLost(
                olga,
                approval,
                new Decision(Approval.Outcome.APPROVED, "0".repeat(64), REASON, Optional.empty(), Optional.empty()));
    }

    @Test
    void aResponseIsRepeatedByTheSameTextOnly() {
        Approval approval = create(ALL);
        Decision first = decision(Approval.Outcome.RESPONDED, approval, REASON, Optional.of("Ask first"));
        decide(olga, approval, first);

        assertRepeated(olga, approval, first);
        assertLost(olga, approval, decision(Approval.Outcome.RESPONDED, approval, REASON, Optional.of("Ask last")));
        // It is stored as rejected, and is no rejection.
        assertLost(olga, approval, decision(Approval.Outcome.REJECTED, approval, REASON, Optional.empty()));
    }

    @Test
    void aRepeatAfterTheDeadlineIsStillARepeat() {
        Approval approval = create(ALL);
        Decision first = approved(approval, REASON, Optional.empty());
        decide(olga, approval, first);

        features.clock.advance(Duration.ofHours(1));

        assertRepeated(olga, approval, first);
    }

    private void assertRepeated(Caller.Member member, Approval approval, Decision decision) {
        Approval stored = find(approval);
        int events = features.events().size();

        assertThat(decide(member, approval, decision)).isEqualTo(new Decisions.Result.RecordedBefore(stored));

        assertThat(features.events()).hasSize(events);
    }

    private void assertLost(Caller.Member member, Approval approval, Decision decision) {
        Approval stored = find(approval);
        int events = features.events().size();

        assertThat(decide(member, approval, decision)).isEqualTo(new Decisions.Result.AlreadyDecided(stored));

        assertThat(find(approval)).isEqualTo(stored);
        assertThat(features.events()).hasSize(events);
    }

    // --- what is allowed ---------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        // what is decided, and what must be allowed for it
        "APPROVED, false, approve",
        "APPROVED, true, edit",
        "REJECTED, false, reject",
        "RESPONDED, false, respond"
    })
    void anOutcomeIsOpenWhenTheAgentAllowsItAndNotByAnyOther(
            Approval.Outcome outcome, boolean edited, String allowance) {
        Approval closed = create(ALL.replace("\"" + allowance + "\":true", "\"" + allowance + "\":false"));
        Approval open = create(
                ALL.replace("true", "false").replace("\"" + allowance + "\":false", "\"" + allowance + "\":true"));

        assertThat(decide(olga, closed, outcome(outcome, closed, edited)))
                .isInstanceOf(Decisions.Result.NotAllowed.class);
        assertThat(find(closed)).isEqualTo(closed);
        assertThat(decide(olga, open, outcome(outcome, open, edited))).isInstanceOf(Decisions.Result.Recorded.class);
    }

    private Decision outcome(Approval.Outcome outcome, Approval approval, boolean edited) {
        return new Decision(
                outcome,
                approval.action().digest(),
                Optional.empty(),
                edited ? Optional.of(features.json.readTree("{\"amount\":1}")) : Optional.empty(),
                outcome == Approval.Outcome.RESPONDED ? Optional.of("Ask first") : Optional.empty());
    }

    @Test
    void editedArgsAreStoredBesideTheDigestOfWhatWasShown() {
        Approval approval = create(ALL);

        decide(olga, approval, approved(approval, REASON, Optional.of("{\"amount\":21}")));

        Approval stored = find(approval);
        Approval.Resolution resolution = stored.resolution().orElseThrow();
        assertThat(resolution.args()).contains(features.json.readTree("{\"amount\":21}"));
        assertThat(resolution.argsEdited()).isTrue();
        assertThat(resolution.digest()).isEqualTo(approval.action().digest());
        assertThat(resolution.reason()).isEqualTo(REASON);
        assertThat(stored.action()).isEqualTo(approval.action());
        JsonNode event = features.newest("approval:resolved");
        assertThat(event.at("/data/resolution/args/amount").asInt()).isEqualTo(21);
        assertThat(event.at("/data/resolution/argsEdited").asBoolean()).isTrue();
    }

    @Test
    void editedArgsThatTheSchemaForbidsDecideNothingAndArgsAsRequestedAreNotChecked() {
        Approval approval =
                create(ALL, "\"argsSchema\":{\"type\":\"object\",\"properties\":{\"amount\":{\"maximum\":10}}},");

        assertThat(decide(olga, approval, approved(approval, REASON, Optional.of("{\"amount\":11}"))))
                .isInstanceOf(Decisions.Result.ArgsMisfit.class);
        assertThat(find(approval)).isEqualTo(approval);
        assertThat(decide(olga, approval, approved(approval, REASON, Optional.of("{\"amount\":42}"))))
                .isInstanceOf(Decisions.Result.Recorded.class);
    }

    // --- in which order refusals come --------------------------------------------------------------------------------

    @Test
    void atItsDeadlineAnApprovalIsExpiredWhateverElseIsWrong() {
        Approval approval = create(ALL);
        features.clock.advance(Duration.ofMinutes(10));

        assertThat(decide(
                        olga,
                        approval,
                        new Decision(
                                Approval.Outcome.APPROVED,
                                "0".repeat(64),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty())))
                .isInstanceOf(Decisions.Result.Expired.class);
        assertThat(find(approval).status()).isEqualTo(Approval.Status.EXPIRED);
        assertThat(features.envelopes("approval:expired")).hasSize(1);
        assertThat(features.envelopes("approval:resolved")).isEmpty();
    }

    @Test
    void aDecisionOnAVersionThatIsNotWantedIsRefusedAndOnTheWantedOneItIsRecorded() {
        Approval approval = create(ALL);
        Decision decision = approved(approval, REASON, Optional.empty());

        assertThat(features.run(decisions.decide(olga, approval.id(), decision, version -> version == 2)))
                .isEqualTo(new Decisions.Result.VersionMismatch(approval));
        assertThat(features.run(decisions.decide(olga, approval.id(), decision, version -> version == 1)))
                .isInstanceOf(Decisions.Result.Recorded.class);
    }

    // --- many at once ------------------------------------------------------------------------------------------------

    @Test
    void eachDecisionOfManyHasItsOwnResult() {
        Approval good = create(ALL);
        Approval wrongDigest = create(ALL);
        Approval critical = create(ALL, "\"agentId\":\"agt_critical\",", "critical");
        Approval noRejection = create(ALL.replace("\"reject\":true", "\"reject\":false"));
        Approval decided = create(ALL);
        decide(otto, decided, approved(decided, REASON, Optional.empty()));
        BulkDecision bulk = new BulkDecision(List.of(
                item(good, Approval.Outcome.APPROVED, good.action().digest()),
                item(wrongDigest, Approval.Outcome.APPROVED, "0".repeat(64)),
                item(critical, Approval.Outcome.APPROVED, critical.action().digest()),
                item(
                        noRejection,
                        Approval.Outcome.REJECTED,
                        noRejection.action().digest()),
                item(decided, Approval.Outcome.APPROVED, decided.action().digest()),
                item(good, Approval.Outcome.APPROVED, good.action().digest()),
                item(good, Approval.Outcome.REJECTED, good.action().digest()),
                new BulkDecision.Item("apr_none", Approval.Outcome.APPROVED, "0".repeat(64), Optional.empty())));

        List<BulkDecision.Outcome> outcomes = features.run(transaction -> bulk.decisions().stream()
                .map(item -> BulkDecision.Outcome.of(
                        item.id(),
                        decisions
                                .decideInBulk(olga, item.id(), item.toDecision())
                                .run(transaction)))
                .toList());

        assertThat(outcomes)
                .extracting(BulkDecision.Outcome::status)
                .containsExactly(200, 412, 400, 400, 409, 200, 409, 404);
        assertThat(outcomes.get(4).problem().orElseThrow().members()).containsKeys("approval", "resolution");
        assertThat(find(good).resolution().orElseThrow().by().id())
                .contains(olga.memberId().value());
        assertThat(find(decided).resolution().orElseThrow().by().id())
                .contains(otto.memberId().value());
        assertThat(List.of(wrongDigest, critical, noRejection))
                .allSatisfy(approval -> assertThat(find(approval)).isEqualTo(approval));
        assertThat(features.newest("approval:resolved")
                        .at("/data/counts/pending")
                        .asInt())
                .isEqualTo(3);
    }

    @Test
    void ofManyNoneIsDecidedAfterItsDeadline() {
        Approval approval = create(ALL);
        features.clock.advance(Duration.ofMinutes(10));

        Decisions.Result result = features.run(
                decisions.decideInBulk(olga, approval.id(), approved(approval, Optional.empty(), Optional.empty())));

        assertThat(result).isInstanceOf(Decisions.Result.Expired.class);
    }

    private static BulkDecision.Item item(Approval approval, Approval.Outcome outcome, String digest) {
        return new BulkDecision.Item(approval.id(), outcome, digest, Optional.empty());
    }

    // --- one's own requests ------------------------------------------------------------------------------------------

    @Test
    void withPreventSelfNobodyDecidesWhatTheSamePersonMayHaveRequested(@TempDir Path folder) {
        try (Features strict = Features.open(folder, Map.of("heliograph.approvals.prevent-self", "true"))) {
            Caller.Member owner = strict.member("Olga", Role.OWNER);
            Caller.Member other = strict.member("Otto", Role.OPERATOR);
            Caller.Key own = strict.key("mine", Optional.of(owner.memberId()));
            Caller.Member byLinkOfOwner = new Caller.Member(
                    other.workspace(),
                    other.memberId(),
                    other.name(),
                    other.role(),
                    List.of(new LinkMaker(owner.memberId(), owner.name())));
            Decisions strictly = strict.part(Decisions.class);
            Approval approval = create(strict, own, ALL, "", "high");
            Decision decision = approved(approval, REASON, Optional.empty());

            assertThat(strict.run(strictly.decide(owner, approval.id(), decision, _ -> true)))
                    .isEqualTo(new Decisions.Result.OwnRequest());
            assertThat(strict.run(strictly.decideInBulk(owner, approval.id(), decision)))
                    .isEqualTo(new Decisions.Result.OwnRequest());
            assertThat(strict.run(strictly.decide(byLinkOfOwner, approval.id(), decision, _ -> true)))
                    .isEqualTo(new Decisions.Result.OwnRequest());
            assertThat(strict.run(strictly.decide(other, approval.id(), decision, _ -> true)))
                    .isInstanceOf(Decisions.Result.Recorded.class);
        }
    }

    @Test
    void withoutPreventSelfTheOwnerOfTheKeyMayDecide() {
        Caller.Key own = features.key("mine", Optional.of(olga.memberId()));
        Approval approval = create(features, own, ALL, "", "high");

        assertThat(decide(olga, approval, approved(approval, REASON, Optional.empty())))
                .isInstanceOf(Decisions.Result.Recorded.class);
    }

    // --- claims ------------------------------------------------------------------------------------------------------

    @Test
    void aClaimIsTakenOverWhenItsLeaseHasEndedAndNotBefore() {
        Approval approval = create(ALL);
        claim(olga, approval);

        features.clock.advance(Claims.LEASE.minusMillis(1));
        assertThat(claim(otto, approval).by().id()).contains(olga.memberId().value());
        features.clock.advance(Duration.ofMillis(1));

        Approval.Claim taken = claim(otto, approval);
        assertThat(taken.by().id()).contains(otto.memberId().value());
        assertThat(taken.until()).isEqualTo(features.clock.instant().plus(Claims.LEASE));
    }

    @Test
    void aClaimIsRenewedByItsHolderAndEndsWithTheLastRenewal() {
        Approval approval = create(ALL);
        DeadlineSweeper sweeper = features.part(DeadlineSweeper.class);
        claim(olga, approval);
        features.clock.advance(Duration.ofSeconds(40));
        claim(olga, approval);

        features.clock.advance(Claims.LEASE.minusMillis(1));
        assertThat(sweeper.endClaims()).isEqualTo(Duration.ofMillis(1));
        assertThat(find(approval).claim()).isPresent();
        features.clock.advance(Duration.ofMillis(1));
        sweeper.endClaims();

        assertThat(find(approval).claim()).isEmpty();
        assertThat(audit("approval.claimed")).isEqualTo(1);
        assertThat(audit("approval.released")).isEqualTo(1);
    }

    /** The sweep found the claim before it was renewed. */
    @Test
    void aClaimThatWasRenewedIsNotEnded() {
        Approval approval = create(ALL);
        claim(olga, approval);
        features.clock.advance(Claims.LEASE.minusMillis(1));

        features.run(transaction -> {
            claims.end(transaction, features.workspace, approval.id());
            return 0;
        });

        assertThat(find(approval).claim()).isPresent();
    }

    @Test
    void aClaimIsReleasedByItsHolderOnly() {
        Approval approval = create(ALL);
        claim(olga, approval);
        int events = features.events().size();

        Approval kept = features.run(claims.release(otto, approval.id())).orElseThrow();
        assertThat(kept.claim().orElseThrow().by().id())
                .contains(olga.memberId().value());
        assertThat(features.events()).hasSize(events);
        Approval released = features.run(claims.release(olga, approval.id())).orElseThrow();

        assertThat(released.claim()).isEmpty();
        assertThat(features.newest("approval:updated").at("/data/patch/claim").isNull())
                .isTrue();
    }

    @Test
    void aClaimKeepsNobodyFromDecidingAndEndsWithTheDecision() {
        Approval approval = create(ALL);
        claim(olga, approval);

        assertThat(decide(otto, approval, approved(approval, REASON, Optional.empty())))
                .isInstanceOf(Decisions.Result.Recorded.class);

        assertThat(find(approval).claim()).isEmpty();
        assertThat(features.run(claims.claim(olga, approval.id())).orElseThrow().claim())
                .isEmpty();
    }

    @Test
    void anApprovalIsNotClaimedAtItsDeadline() {
        Approval approval = create(ALL);
        features.clock.advance(Duration.ofMinutes(10));

        assertThat(features.run(claims.claim(olga, approval.id())).orElseThrow().claim())
                .isEmpty();
    }

    private Approval.Claim claim(Caller.Member member, Approval approval) {
        return features.run(claims.claim(member, approval.id()))
                .orElseThrow()
                .claim()
                .orElseThrow();
    }

    private long audit(String action) {
        return features.jdbc()
                .sql("select count(*) from audit_entry where action = ?")
                .param(action)
                .query(Long.class)
                .single();
    }

    // --- requests and decisions --------------------------------------------------------------------------------------

    private Approval create(String allow) {
        return create(allow, "");
    }

    private Approval create(String allow, String more) {
        return create(allow, more, "high");
    }

    private Approval create(String allow, String more, String risk) {
        return create(features, key, allow, more, risk);
    }

    private static Approval create(Features features, Caller.Key key, String allow, String more, String risk) {
        NewApproval approval = features.json.readValue(
                REFUND.replace("ALLOW", allow).replace("\"risk\":\"high\"", more + "\"risk\":\"" + risk + "\""),
                NewApproval.class);
        return ((Approvals.Creation.Created)
                        features.run(features.part(Approvals.class).create(key, approval, Optional.empty())))
                .approval();
    }

    private Approval find(Approval approval) {
        return features.part(ApprovalReads.class)
                .find(features.workspace, approval.id())
                .orElseThrow();
    }

    private Decisions.Result decide(Caller.Member member, Approval approval, Decision decision) {
        return features.run(decisions.decide(member, approval.id(), decision, _ -> true));
    }

    private Decision approved(Approval approval, Optional<String> reason, Optional<String> args) {
        return new Decision(
                Approval.Outcome.APPROVED,
                approval.action().digest(),
                reason,
                args.map(features.json::readTree),
                Optional.empty());
    }

    private static Decision decision(
            Approval.Outcome outcome, Approval approval, Optional<String> reason, Optional<String> response) {
        return new Decision(outcome, approval.action().digest(), reason, Optional.empty(), response);
    }
}
