package io.heliograph.server.approvals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.events.AgentId;
import io.heliograph.server.fixtures.Features;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.sql.Sql;
import io.heliograph.server.storage.PageRows;
import io.heliograph.server.workspaces.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ApprovalsTest {
    private static final String REFUND =
            "{\"title\":\"Refund order 9?\",\"action\":{\"name\":\"refund\",\"args\":{\"orderId\":9,\"amount\":42}},"
                    + "\"risk\":\"high\",\"expiresIn\":600}";

    private Features features;
    private Approvals approvals;
    private Decisions decisions;
    private DeadlineSweeper sweeper;
    private Caller.Key key;
    private Caller.Member olga;
    private Caller.Member otto;

    @BeforeEach
    void open(@TempDir Path folder) {
        features = Features.open(folder);
        approvals = features.part(Approvals.class);
        decisions = features.part(Decisions.class);
        sweeper = features.part(DeadlineSweeper.class);
        key = features.key("refunds");
        olga = features.member("Olga", Role.OPERATOR);
        otto = features.member("Otto", Role.ADMIN);
    }

    @AfterEach
    void close() {
        features.close();
    }

    @Test
    void aKeysFirstRequestMakesItsAgentAndTellsEverybody() {
        Approval approval = create(REFUND);

        assertThat(approval.status()).isEqualTo(Approval.Status.PENDING);
        assertThat(approval.version()).isEqualTo(1);
        assertThat(approval.expiresAt()).isEqualTo(features.clock.instant().plusSeconds(600));
        assertThat(features.types())
                .containsExactly(
                        "agent:status", "approval:created", "agent:status", "notification:new", "notification:new");
        JsonNode created = features.newest("approval:created");
        assertThat(created.at("/data/approval/id").asString())
                .isEqualTo(approval.id().value());
        assertThat(created.at("/data/approval/action/args/orderId").asInt()).isEqualTo(9);
        assertThat(created.at("/data/counts")).isEqualTo(features.json.readTree("{\"pending\":1,\"critical\":0}"));
        assertThat(created.at("/actor/type").asString()).isEqualTo("agent");
        assertThat(created.at("/actor/name").asString()).isEqualTo("refunds");
        assertThat(created.at("/subject"))
                .isEqualTo(features.json.readTree(
                        "{\"type\":\"approval\",\"id\":\"" + approval.id() + "\",\"version\":1}"));
        assertThat(features.newest("agent:status").at("/data/agent/status").asString())
                .isEqualTo("waiting_approval");
    }

    @Test
    void argsOverFourKilobytesAreLeftOutOfTheEvent() {
        Approval approval = create(
                "{\"title\":\"Big\",\"action\":{\"name\":\"mail\",\"args\":{\"text\":\"" + "x".repeat(4100) + "\"}}}");

        JsonNode action = features.newest("approval:created").at("/data/approval/action");
        assertThat(action.get("truncated").asBoolean()).isTrue();
        assertThat(action.has("args")).isFalse();
        assertThat(action.get("digest").asString()).isEqualTo(approval.action().digest());
    }

    @Test
    void theSameIdempotencyKeyJoinsTheFirstApprovalAndItsDeadline() {
        Approvals.Creation first = features.run(approvals.create(key, read(REFUND), Optional.of("k1")));
        features.clock.advance(Duration.ofSeconds(30));

        Approvals.Creation again = features.run(approvals.create(key, read(REFUND), Optional.of("k1")));

        Approval original = ((Approvals.Creation.Created) first).approval();
        assertThat(again).isEqualTo(new Approvals.Creation.Joined(original));
        assertThat(features.envelopes("approval:created")).hasSize(1);
    }

    @Test
    void theSameIdempotencyKeyForAnotherActionIsRefused() {
        features.run(approvals.create(key, read(REFUND), Optional.of("k1")));

        Approvals.Creation other = features.run(
                approvals.create(key, read(REFUND.replace("\"amount\":42", "\"amount\":43")), Optional.of("k1")));

        assertThat(other).isInstanceOf(Approvals.Creation.IdempotencyKeyReused.class);
    }

    @Test
    void theSameExternalIdJoinsTheSameActionAndRefusesAnother() {
        String named = REFUND.replace("\"risk\"", "\"externalId\":\"order-9\",\"risk\"");
        Approval first = create(named);

        assertThat(features.run(approvals.create(key, read(named), Optional.empty())))
                .isEqualTo(new Approvals.Creation.Joined(first));
        assertThat(features.run(approvals.create(key, read(named.replace("42", "43")), Optional.empty())))
                .isEqualTo(new Approvals.Creation.ExternalIdReused(first));
    }

    /** Each read opened a wait inside the one before it, so that one request counted as many. */
    @Test
    void aWaiterThatReadsAgainIsOneWaiter() {
        Approval approval = create(REFUND);
        ApprovalWaits waits = features.part(ApprovalWaits.class);
        List<Integer> waiters = new CopyOnWriteArrayList<>();

        features.part(ApprovalReads.class)
                .await(key, approval.id(), Duration.ofMinutes(1), _ -> {
                    waiters.add(waits.waiters());
                    // A change while the waiter reads wakes it at once.
                    waits.changed(features.workspace, approval.id());
                    return waiters.size() == 20;
                })
                .block();

        assertThat(waiters).startsWith(0).hasSize(20).containsOnly(0, 1);
        assertThat(waits.waiters()).isZero();
    }

    @Test
    void aWaiterWhoseHintWasLostIsWoken() {
        Approval approval = create(REFUND);
        Approval untouched = create(REFUND.replace("42", "43"));
        var awaited = awaitDecision(approval);
        var sleeping = awaitDecision(untouched);
        // The change of another node whose hint did not arrive.
        updateRow("update approval set status = 'approved', version = version + 1 where id = '%s'", approval);

        searchUntilDone(awaited);

        assertThat(awaited.join())
                .isInstanceOfSatisfying(
                        ApprovalReads.Awaited.Found.class,
                        found -> assertThat(found.approval().status()).isEqualTo(Approval.Status.APPROVED));
        assertThat(sleeping).isNotDone();
        assertThat(features.part(ApprovalWaits.class).waiters()).isEqualTo(1);
    }

    @Test
    void aWaiterForAnApprovalThatWasRemovedIsWoken() {
        Approval approval = create(REFUND);
        var awaited = awaitDecision(approval);
        updateRow("delete from approval where id = '%s'", approval);

        searchUntilDone(awaited);

        assertThat(awaited.join()).isInstanceOf(ApprovalReads.Awaited.NotFound.class);
    }

    @Test
    void aDecisionIsWrittenOnceAndTellsWhoDecided() {
        Approval approval = create(REFUND);

        Decisions.Result result = decide(olga, approval, Approval.Outcome.APPROVED);

        Approval decided = ((Decisions.Result.Recorded) result).approval();
        assertThat(decided.status()).isEqualTo(Approval.Status.APPROVED);
        assertThat(decided.version()).isEqualTo(2);
        assertThat(decided.resolvedAt()).contains(features.clock.instant());
        JsonNode event = features.newest("approval:resolved");
        assertThat(event.at("/data/id").asString()).isEqualTo(approval.id().value());
        assertThat(event.at("/data/version").asInt()).isEqualTo(2);
        assertThat(event.at("/data/status").asString()).isEqualTo("approved");
        assertThat(event.at("/data/agentId").asString())
                .isEqualTo(approval.agentId().value());
        assertThat(event.at("/data/resolution/by/id").asString())
                .isEqualTo(olga.memberId().value());
        assertThat(event.at("/data/resolution/digest").asString())
                .isEqualTo(approval.action().digest());
        assertThat(event.at("/data/counts/pending").asInt()).isZero();
        assertThat(features.newest("agent:status").at("/data/agent/status").asString())
                .isEqualTo("idle");
    }

    @Test
    void theSameDecisionAgainIsAnsweredWithWhatIsStored() {
        Approval approval = create(REFUND);
        decide(olga, approval, Approval.Outcome.APPROVED);
        int events = features.events().size();

        Decisions.Result again = decide(olga, approval, Approval.Outcome.APPROVED);

        assertThat(again).isInstanceOf(Decisions.Result.RecordedBefore.class);
        assertThat(features.events()).hasSize(events);
    }

    @Test
    void theSecondDeciderLearnsWhoDecidedFirst() {
        Approval approval = create(REFUND);
        decide(olga, approval, Approval.Outcome.APPROVED);

        Decisions.Result late = decide(otto, approval, Approval.Outcome.APPROVED);
        Decisions.Result changed = decide(olga, approval, Approval.Outcome.REJECTED);

        Approval winner = ((Decisions.Result.AlreadyDecided) late).approval();
        assertThat(winner.resolution().orElseThrow().by().id())
                .contains(olga.memberId().value());
        assertThat(changed).isInstanceOf(Decisions.Result.AlreadyDecided.class);
    }

    @Test
    void aDecisionAfterTheDeadlineLosesBeforeTheSweepAndIsKeptInTheTrail() {
        Approval approval = create(REFUND);
        features.clock.advance(Duration.ofMinutes(10));

        Decisions.Result late = decide(olga, approval, Approval.Outcome.APPROVED);

        assertThat(((Decisions.Result.Expired) late).approval().status()).isEqualTo(Approval.Status.EXPIRED);
        assertThat(features.envelopes("approval:expired")).hasSize(1);
        assertThat(auditActions()).containsSubsequence("approval.expired", "approval.decision_too_late");
        sweeper.expire();
        assertThat(features.envelopes("approval:expired")).hasSize(1);
    }

    @Test
    void aDecisionAtTheLastMillisecondCounts() {
        Approval approval = create(REFUND);
        features.clock.advance(Duration.ofMinutes(10).minusMillis(1));

        assertThat(decide(olga, approval, Approval.Outcome.REJECTED)).isInstanceOf(Decisions.Result.Recorded.class);
    }

    @Test
    void aWrongDigestOrVersionDecidesNothing() {
        Approval approval = create(REFUND);

        Decisions.Result digest = features.run(
                decisions.decide(olga, approval.id(), decision(Approval.Outcome.APPROVED, "0".repeat(64)), _ -> true));
        Decisions.Result version = features.run(decisions.decide(
                olga,
                approval.id(),
                decision(Approval.Outcome.APPROVED, approval.action().digest()),
                wanted -> wanted == 7));

        assertThat(digest).isInstanceOf(Decisions.Result.DigestMismatch.class);
        assertThat(version).isInstanceOf(Decisions.Result.VersionMismatch.class);
        assertThat(features.envelopes("approval:resolved")).isEmpty();
    }

    @Test
    void onlyOutcomesThatTheAgentAllowsAreOpen() {
        Approval plain = create(REFUND);
        JsonNode edited = features.json.readTree("{\"orderId\":9,\"amount\":21}");
        Decision edit = new Decision(
                Approval.Outcome.APPROVED,
                plain.action().digest(),
                Optional.empty(),
                Optional.of(edited),
                Optional.empty());

        Decisions.Result refused = features.run(decisions.decide(olga, plain.id(), edit, _ -> true));
        Approval open = create(REFUND.replace("\"risk\"", "\"allow\":{\"edit\":true,\"respond\":true},\"risk\""));
        Decisions.Result allowed = features.run(decisions.decide(olga, open.id(), edit, _ -> true));

        assertThat(((Decisions.Result.NotAllowed) refused).reason()).contains("approved, rejected");
        Approval.Resolution resolution =
                ((Decisions.Result.Recorded) allowed).approval().resolution().orElseThrow();
        assertThat(resolution.argsEdited()).isTrue();
        assertThat(resolution.args()).contains(edited);
        assertThat(resolution.digest()).isEqualTo(open.action().digest());
    }

    @Test
    void editedArgsMustFitTheAgentsSchema() {
        Approval approval = create(REFUND.replace(
                "\"risk\"",
                "\"allow\":{\"edit\":true},\"argsSchema\":{\"type\":\"object\",\"required\":[\"orderId\"],"
                        + "\"properties\":{\"amount\":{\"type\":\"integer\",\"maximum\":42}}},\"risk\""));

        Decisions.Result tooMuch = features.run(
                decisions.decide(olga, approval.id(), edit(approval, "{\"orderId\":9,\"amount\":43}"), _ -> true));
        Decisions.Result less = features.run(
                decisions.decide(olga, approval.id(), edit(approval, "{\"orderId\":9,\"amount\":41}"), _ -> true));

        assertThat(((Decisions.Result.ArgsMisfit) tooMuch).fault())
                .contains("/amount")
                .contains("42");
        assertThat(less).isInstanceOf(Decisions.Result.Recorded.class);
    }

    @Test
    void argsThatAreTheSameAreNoEdit() {
        Approval approval = create(REFUND);
        Decision same = new Decision(
                Approval.Outcome.APPROVED,
                approval.action().digest(),
                Optional.empty(),
                Optional.of(features.json.readTree("{\"amount\":42.0,\"orderId\":9}")),
                Optional.empty());

        Decisions.Result result = features.run(decisions.decide(olga, approval.id(), same, _ -> true));

        assertThat(((Decisions.Result.Recorded) result)
                        .approval()
                        .resolution()
                        .orElseThrow()
                        .argsEdited())
                .isFalse();
    }

    @Test
    void aResponseDoesNotLetTheAgentAct() {
        Approval approval = create(REFUND.replace("\"risk\"", "\"allow\":{\"respond\":true},\"risk\""));
        Decision respond = new Decision(
                Approval.Outcome.RESPONDED,
                approval.action().digest(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("Ask the customer first"));

        Decisions.Result result = features.run(decisions.decide(olga, approval.id(), respond, _ -> true));

        Approval stored = ((Decisions.Result.Recorded) result).approval();
        assertThat(stored.status()).isEqualTo(Approval.Status.REJECTED);
        assertThat(stored.resolution().orElseThrow().outcome()).isEqualTo(Approval.Outcome.RESPONDED);
    }

    @Test
    void theSweepNeverExpiresEarlyAndTellsWhenItIsDue() {
        Approval approval = create(REFUND);
        features.clock.advance(Duration.ofMinutes(10).minusMillis(1));

        Duration left = sweeper.expire();

        assertThat(left).isEqualTo(Duration.ofMillis(1));
        assertThat(features.envelopes("approval:expired")).isEmpty();
        features.clock.advance(left);
        sweeper.expire();
        JsonNode data = features.newest("approval:expired").get("data");
        assertThat(data.get("id").asString()).isEqualTo(approval.id().value());
        assertThat(data.get("expiresAt").asString()).isEqualTo("2026-03-01T12:10:00.000Z");
        assertThat(data.get("expiredAt").asString()).isEqualTo("2026-03-01T12:10:00.000Z");
        assertThat(data.at("/counts/pending").asInt()).isZero();
        assertThat(find(approval).status()).isEqualTo(Approval.Status.EXPIRED);
    }

    @Test
    void anExtensionMovesTheDeadlineAndOnlyForward() {
        Approval approval = create(REFUND);

        Approvals.Change extended = features.run(approvals.extend(olga, approval.id(), Duration.ofMinutes(30)));
        Approvals.Change shortened = features.run(approvals.extend(olga, approval.id(), Duration.ofMinutes(5)));

        assertThat(((Approvals.Change.Changed) extended).approval().expiresAt())
                .isEqualTo(features.clock.instant().plus(Duration.ofMinutes(30)));
        assertThat(features.newest("approval:updated")
                        .at("/data/patch/expiresAt")
                        .asString())
                .isEqualTo("2026-03-01T12:30:00.000Z");
        assertThat(shortened).isInstanceOf(Approvals.Change.OutOfRange.class);
        features.clock.advance(Duration.ofMinutes(10));
        sweeper.expire();
        assertThat(find(approval).status()).isEqualTo(Approval.Status.PENDING);
    }

    @Test
    void theRequesterCancelsItsOwnRequestAndNoOthers() {
        Approval approval = create(REFUND);

        assertThatThrownBy(() -> features.run(approvals.cancel(features.key("other"), approval.id(), Optional.empty())))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.code()).isEqualTo(ErrorCode.AGENT_OF_ANOTHER_KEY));
        Approvals.Change cancelled = features.run(approvals.cancel(key, approval.id(), Optional.of("not needed")));
        Approvals.Change again = features.run(approvals.cancel(key, approval.id(), Optional.empty()));

        assertThat(((Approvals.Change.Changed) cancelled).approval().status()).isEqualTo(Approval.Status.CANCELLED);
        assertThat(features.newest("approval:resolved").at("/data/status").asString())
                .isEqualTo("cancelled");
        assertThat(again).isInstanceOf(Approvals.Change.Settled.class);
        assertThat(decide(olga, approval, Approval.Outcome.APPROVED))
                .isInstanceOf(Decisions.Result.AlreadyDecided.class);
    }

    @Test
    void aClaimWarnsOthersAndEndsWithItsLease() {
        Approval approval = create(REFUND);
        Claims claims = features.part(Claims.class);

        Approval claimed = features.run(claims.claim(olga, approval.id())).orElseThrow();
        Approval tried = features.run(claims.claim(otto, approval.id())).orElseThrow();

        assertThat(claimed.claim().orElseThrow().by().id())
                .contains(olga.memberId().value());
        assertThat(tried).isEqualTo(claimed);
        assertThat(features.newest("approval:updated")
                        .at("/data/patch/claim/by/name")
                        .asString())
                .isEqualTo("Olga");
        features.clock.advance(Claims.LEASE);
        sweeper.endClaims();
        assertThat(find(approval).claim()).isEmpty();
        assertThat(features.newest("approval:updated").at("/data/patch/claim").isNull())
                .isTrue();
        assertThat(decide(otto, approval, Approval.Outcome.APPROVED)).isInstanceOf(Decisions.Result.Recorded.class);
    }

    @Test
    void criticalApprovalsAreNotDecidedInBulk() {
        Approval plain = create(REFUND);
        Approval critical = create(REFUND.replace("high", "critical"));

        Decisions.Result one = features.run(decisions.decideInBulk(
                olga,
                plain.id(),
                decision(Approval.Outcome.APPROVED, plain.action().digest())));
        Decisions.Result other = features.run(decisions.decideInBulk(
                olga,
                critical.id(),
                decision(Approval.Outcome.APPROVED, critical.action().digest())));

        assertThat(one).isInstanceOf(Decisions.Result.Recorded.class);
        assertThat(other).isInstanceOf(Decisions.Result.Critical.class);
        assertThat(features.newest("approval:resolved").at("/data/counts"))
                .isEqualTo(features.json.readTree("{\"pending\":1,\"critical\":1}"));
    }

    @Test
    void withPreventSelfTheOwnerOfTheRequestingKeyDoesNotDecide(@TempDir Path other) {
        try (Features strict = Features.open(other, java.util.Map.of("heliograph.approvals.prevent-self", "true"))) {
            Caller.Member owner = strict.member("Olga", Role.OWNER);
            Caller.Member second = strict.member("Otto", Role.OPERATOR);
            Caller.Key own = strict.key("mine", Optional.of(owner.memberId()));
            Approval approval = ((Approvals.Creation.Created)
                            strict.run(strict.part(Approvals.class).create(own, read(REFUND), Optional.empty())))
                    .approval();
            Decision decision =
                    decision(Approval.Outcome.APPROVED, approval.action().digest());

            assertThat(strict.run(strict.part(Decisions.class).decide(owner, approval.id(), decision, _ -> true)))
                    .isInstanceOf(Decisions.Result.OwnRequest.class);
            assertThat(strict.run(strict.part(Decisions.class).decide(second, approval.id(), decision, _ -> true)))
                    .isInstanceOf(Decisions.Result.Recorded.class);
        }
    }

    @Test
    void anotherWorkspaceSeesNothing() {
        Approval approval = create(REFUND);
        Caller.Member foreign = features.member(features.stranger().workspace(), "Mallory", Role.OWNER);

        assertThat(decide(foreign, approval, Approval.Outcome.APPROVED)).isEqualTo(new Decisions.Result.NotFound());
        assertThat(features.run(
                        features.stranger(), approvals.cancel(features.stranger(), approval.id(), Optional.empty())))
                .isEqualTo(new Approvals.Change.NotFound());
        assertThat(features.run(foreign, features.part(Claims.class).claim(foreign, approval.id())))
                .isEmpty();
        assertThat(features.part(ApprovalReads.class).find(foreign.workspace(), approval.id()))
                .isEmpty();
    }

    @Test
    void anAgentThatIsNamedIsMadeOnFirstUse() {
        Approval approval = create(REFUND.replace("\"risk\"", "\"agentId\":\"worker-1\",\"risk\""));

        assertThat(approval.agentId()).isEqualTo(new AgentId("worker-1"));
        assertThat(features.envelopes("agent:status")
                        .getFirst()
                        .at("/data/agent/name")
                        .asString())
                .isEqualTo("refunds");
        assertThat(features.run(approvals.create(
                        olga, read(REFUND.replace("\"risk\"", "\"agentId\":\"worker-2\",\"risk\"")), Optional.empty())))
                .isEqualTo(new Approvals.Creation.NoSuchAgent(new AgentId("worker-2")));
        assertThat(features.run(approvals.create(olga, read(REFUND), Optional.empty())))
                .isEqualTo(new Approvals.Creation.AgentMissing());
    }

    @Test
    void anAgentThatAsksIsThereAgainEvenAfterItStopped() {
        Approval first = create(REFUND);
        features.run(approvals.cancel(key, first.id(), Optional.empty()));
        features.clock.advance(Duration.ofMinutes(2));

        create(REFUND);

        JsonNode agent = features.newest("agent:status").at("/data/agent");
        assertThat(agent.get("status").asString()).isEqualTo("waiting_approval");
        assertThat(agent.get("lastSeenAt").asString()).isEqualTo("2026-03-01T12:02:00.000Z");
    }

    @Test
    void pagesFollowOneAnotherWithoutRepeats() {
        List<String> created = java.util.stream.IntStream.range(0, 5)
                .mapToObj(index -> create(REFUND.replace("\"orderId\":9", "\"orderId\":" + index))
                        .id()
                        .value())
                .sorted(java.util.Comparator.reverseOrder())
                .toList();
        ApprovalReads reads = features.part(ApprovalReads.class);

        PageRows<ListedApproval> first =
                reads.page(features.workspace, page(Optional.empty())).rows();
        PageRows<ListedApproval> second = reads.page(
                        features.workspace,
                        page(Optional.of(first.rows().getLast().approval())))
                .rows();

        assertThat(first.more()).isTrue();
        assertThat(second.more()).isFalse();
        assertThat(java.util.stream.Stream.concat(first.rows().stream(), second.rows().stream())
                        .map(row -> row.approval().id().value()))
                .containsExactlyElementsOf(created);
    }

    private static ApprovalReads.PageQuery page(Optional<Approval> after) {
        ApprovalSort sort = ApprovalSort.CREATED;
        return new ApprovalReads.PageQuery(
                ApprovalFilter.ALL, sort, after.map(row -> sort.position(sort.position(row))), 3, false);
    }

    @Test
    void aWaiterIsWokenByTheDecision() {
        Approval approval = create(REFUND);
        var awaited = awaitDecision(approval);

        decide(olga, approval, Approval.Outcome.APPROVED);

        assertThat(awaited.join())
                .isInstanceOfSatisfying(
                        ApprovalReads.Awaited.Found.class,
                        found -> assertThat(found.approval().status()).isEqualTo(Approval.Status.APPROVED));
        await().until(() -> features.part(ApprovalWaits.class).waiters() == 0);
    }

    @Test
    void everyBoundIsCheckedWithItsField() {
        assertThatThrownBy(() -> read("{\"action\":{\"name\":\"x\"}}")).hasMessageContaining("is required");
        assertThatThrownBy(() -> read(REFUND.replace("600", "9"))).hasMessageContaining("10 to 2592000");
        assertThatThrownBy(() -> read(REFUND.replace("600", "2592001"))).hasMessageContaining("10 to 2592000");
        assertThatThrownBy(() -> read(REFUND.replace("Refund order 9?", "x".repeat(201))))
                .hasMessageContaining("1 to 200 characters");
        assertThatThrownBy(() -> read(REFUND.replace("42", "9007199254740993")))
                .hasMessageContaining("send it as text");
        assertThatThrownBy(() -> read(REFUND.replace("42", "\"" + "x".repeat(70_000) + "\"")))
                .hasMessageContaining("65536 bytes of JSON");
        assertThatThrownBy(() -> read(REFUND.replace("\"risk\"", "\"confidence\":1.5,\"risk\"")))
                .hasMessageContaining("from 0 to 1");
        assertThatThrownBy(() ->
                        read(REFUND.replace("\"risk\"", "\"allow\":{\"approve\":false,\"reject\":false},\"risk\"")))
                .hasMessageContaining("something must be left");
        assertThatThrownBy(() -> read(REFUND.replace("\"risk\"", "\"expires_in\":5,\"risk\"")))
                .hasMessageContaining("expires_in");
    }

    private CompletableFuture<ApprovalReads.@Nullable Awaited> awaitDecision(Approval approval) {
        ApprovalWaits waits = features.part(ApprovalWaits.class);
        int before = waits.waiters();
        var awaited = features.part(ApprovalReads.class)
                .await(key, approval.id(), Duration.ofSeconds(30), found -> found.status() != Approval.Status.PENDING)
                .toFuture();
        await().until(() -> waits.waiters() == before + 1);
        return awaited;
    }

    /** A search wakes only waiters that have read their approval. */
    private void searchUntilDone(CompletableFuture<ApprovalReads.@Nullable Awaited> awaited) {
        await().until(() -> {
            features.part(LostHints.class).wakeWaiters();
            return awaited.isDone();
        });
    }

    private void updateRow(String sql, Approval approval) {
        features.run(transaction ->
                Sql.in(transaction).sql(sql.formatted(approval.id())).update());
    }

    private Approval create(String body) {
        return ((Approvals.Creation.Created) features.run(approvals.create(key, read(body), Optional.empty())))
                .approval();
    }

    private NewApproval read(String body) {
        return features.json.readValue(body, NewApproval.class);
    }

    private Approval find(Approval approval) {
        return features.part(ApprovalReads.class)
                .find(features.workspace, approval.id())
                .orElseThrow();
    }

    private Decisions.Result decide(Caller.Member member, Approval approval, Approval.Outcome outcome) {
        return features.run(decisions.decide(
                member, approval.id(), decision(outcome, approval.action().digest()), _ -> true));
    }

    private Decision edit(Approval approval, String args) {
        return new Decision(
                Approval.Outcome.APPROVED,
                approval.action().digest(),
                Optional.empty(),
                Optional.of(features.json.readTree(args)),
                Optional.empty());
    }

    private static Decision decision(Approval.Outcome outcome, String digest) {
        return new Decision(outcome, digest, Optional.empty(), Optional.empty(), Optional.empty());
    }

    private List<String> auditActions() {
        return features.jdbc()
                .sql("select action from audit_entry order by id")
                .query((row, _) -> row.getString(1))
                .list();
    }
}
