package io.heliograph.server.approvals;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.heliograph.server.agents.AgentPresence;
import io.heliograph.server.audit.AuditEntry;
import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.errors.Fields;
import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.events.AgentId;
import io.heliograph.server.events.MemberId;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.identity.ConcurrencyLimiter;
import io.heliograph.server.identity.OpenRequests;
import io.heliograph.server.identity.Scope;
import io.heliograph.server.identity.Verification;
import io.heliograph.server.search.SearchQuery;
import io.heliograph.server.storage.Blocking;
import io.heliograph.server.web.Commands;
import io.heliograph.server.web.EntityTags;
import io.heliograph.server.web.IdempotentRequest;
import io.heliograph.server.web.Listing;
import io.heliograph.server.web.Paging;
import io.heliograph.server.web.PublicUrl;
import io.heliograph.server.web.QueryValues;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** Approvals over HTTP. Their ETag is their version. */
@RestController
@RequestMapping("/v1/approvals")
final class ApprovalController {
    private static final int MAX_WAIT_SECONDS = 55;

    private final Commands commands;
    private final Approvals approvals;
    private final Decisions decisions;
    private final Claims claims;
    private final ApprovalReads reads;
    private final SchemaChecks schemas;
    private final AgentPresence presence;
    private final OpenRequests openRequests;
    private final PublicUrl publicUrl;

    ApprovalController(
            Commands commands,
            Approvals approvals,
            Decisions decisions,
            Claims claims,
            ApprovalReads reads,
            SchemaChecks schemas,
            AgentPresence presence,
            OpenRequests openRequests,
            PublicUrl publicUrl) {
        this.commands = commands;
        this.approvals = approvals;
        this.decisions = decisions;
        this.claims = claims;
        this.reads = reads;
        this.schemas = schemas;
        this.presence = presence;
        this.openRequests = openRequests;
        this.publicUrl = publicUrl;
    }

    /** An approval with the URL of its page. */
    record Linked(@JsonUnwrapped Approval approval, String url) {}

    /** A page of approvals, and how many there are in the workspace. */
    record ApprovalListing(
            @JsonUnwrapped Listing<ObjectNode> page,
            ApprovalCounts counts,
            StatusCounts statusCounts,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<ApprovalFacets> facets) {}

    record CancelRequest(Optional<String> reason) {
        CancelRequest {
            Fields.optionalText("reason", reason, 2000);
        }
    }

    record ExtendRequest(int expiresIn) {
        @JsonCreator
        ExtendRequest(@Nullable Integer expiresIn) {
            this((int) Fields.range("expiresIn", Fields.required("expiresIn", expiresIn), 10, 30L * 24 * 3600));
        }
    }

    record BulkAnswer(List<BulkDecision.Outcome> data) {}

    @PostMapping
    ResponseEntity<byte[]> create(Caller caller, IdempotentRequest attempt, @RequestBody NewApproval body) {
        caller.require(Scope.APPROVALS_CREATE);
        body.argsSchema()
                .flatMap(schema -> schemas.schemaFault(caller, schema))
                .ifPresent(fault -> Fields.check(false, "argsSchema", fault));
        return commands.runJoining(attempt, approvals.create(caller, body, attempt.key()), this::answer);
    }

    private ResponseEntity<Linked> answer(Approvals.Creation creation) {
        return switch (creation) {
            case Approvals.Creation.Created(Approval approval) ->
                ResponseEntity.created(URI.create("/v1/approvals/" + approval.id()))
                        .eTag(eTag(approval))
                        .body(linked(approval));
            case Approvals.Creation.Joined(Approval approval) ->
                ResponseEntity.status(HttpStatus.OK)
                        .location(URI.create("/v1/approvals/" + approval.id()))
                        .eTag(eTag(approval))
                        .body(linked(approval));
            case Approvals.Creation.IdempotencyKeyReused(Approval first) ->
                throw new ProblemException(
                        ErrorCode.IDEMPOTENCY_KEY_REUSED,
                        "This Idempotency-Key was used to request another action, as " + first.id()
                                + "; use a new key for a new request.");
            case Approvals.Creation.ExternalIdReused(Approval first) ->
                throw new ProblemException(
                        ErrorCode.CONFLICT,
                        "This externalId was used to request another action, as " + first.id()
                                + "; use a new externalId for a new action.");
            case Approvals.Creation.NoSuchAgent(AgentId agentId) ->
                throw new ProblemException(
                        ErrorCode.NOT_FOUND,
                        "There is no agent " + agentId + " in this workspace; it is made on first use by a key with the"
                                + " scope agents:write.");
            case Approvals.Creation.AgentMissing _ ->
                throw new ProblemException(
                        ErrorCode.INVALID_REQUEST, "agentId is required when a member makes the request.");
        };
    }

    @GetMapping
    ResponseEntity<ApprovalListing> list(
            Caller caller,
            @RequestParam(required = false) @Nullable String status,
            @RequestParam(required = false) @Nullable String risk,
            @RequestParam(required = false) @Nullable String agentId,
            @RequestParam(required = false) @Nullable String action,
            @RequestParam(required = false) @Nullable String tag,
            @RequestParam(required = false) @Nullable String by,
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to,
            @RequestParam(required = false) @Nullable String q,
            @RequestParam(required = false) @Nullable String sort,
            @RequestParam(required = false) @Nullable String facets,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor) {
        caller.require(Scope.READ);
        ApprovalSort order = ApprovalSort.parse(sort);
        ApprovalFilter filter = new ApprovalFilter(
                        QueryValues.choices("status", status, Approval.Status.class),
                        QueryValues.choices("risk", risk, Approval.Risk.class),
                        Optional.ofNullable(agentId).map(AgentId::new),
                        Optional.ofNullable(action),
                        Optional.ofNullable(tag),
                        Optional.ofNullable(by).map(MemberId::new),
                        QueryValues.time("from", from),
                        QueryValues.time("to", to),
                        Optional.ofNullable(q).map(text -> SearchQuery.parse("q", text)))
                .checkedFor(order);
        Paging paging =
                Paging.of(limit, cursor, "approvals", caller.workspace().value(), filter.toString(), order.name());
        ApprovalReads.Page page = reads.page(
                caller.workspace(),
                new ApprovalReads.PageQuery(
                        filter,
                        order,
                        paging.after(order::position),
                        paging.limit(),
                        QueryValues.flag("facets", facets)));
        Listing<ObjectNode> listing = paging.page(page.rows(), row -> order.position(row.approval()), page.asOf())
                .map(ListedApproval::json);
        return Paging.answer(
                listing.asOf(), new ApprovalListing(listing, page.counts(), page.statusCounts(), page.facets()));
    }

    /**
     * With {@code wait}, responds when the approval's status is terminal, or with If-None-Match when its version
     * differs, and at the latest after {@code wait} seconds.
     */
    @GetMapping("/{id}")
    Mono<ResponseEntity<Linked>> get(
            Verification.Verified verified,
            @PathVariable ApprovalId id,
            @RequestParam(name = "wait", required = false) @Nullable String waitSeconds,
            @RequestHeader(name = "If-None-Match", required = false) @Nullable String ifNoneMatch,
            HttpMethod method) {
        Caller caller = verified.caller();
        requireReader(caller);
        int seconds = QueryValues.wholeNumber("wait", waitSeconds, 0, MAX_WAIT_SECONDS, 0);
        Duration wait = method.equals(HttpMethod.HEAD) ? Duration.ZERO : Duration.ofSeconds(seconds);
        Optional<EntityTags> known = EntityTags.parse("If-None-Match", ifNoneMatch);
        Mono<ApprovalReads.Awaited> read = reads.await(
                caller,
                id,
                wait,
                approval -> known.map(tags -> !tags.include(approval.version()))
                        .orElse(approval.status() != Approval.Status.PENDING));
        return stay(caller, wait)
                .then(wait.isZero() ? read : openRequests.whileHeld(verified, read))
                .map(awaited -> answer(awaited, known));
    }

    @PostMapping("/{id}/decision")
    ResponseEntity<byte[]> decide(
            Caller caller,
            IdempotentRequest attempt,
            @PathVariable ApprovalId id,
            @RequestBody Decision body,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch) {
        return commands.run(
                attempt,
                decisions.decide(caller.requireDecider(), id, body, wantedVersions(ifMatch)),
                result -> respond(DecisionResponses.stored(result)));
    }

    /** The versions that the header names; all when there is none. */
    private static LongPredicate wantedVersions(@Nullable String ifMatch) {
        return EntityTags.parse("If-Match", ifMatch)
                .<LongPredicate>map(tags -> tags::include)
                .orElse(_ -> true);
    }

    /** All in one transaction. A rejected decision does not affect the others. */
    @PostMapping("/bulk-decision")
    ResponseEntity<byte[]> decideInBulk(Caller caller, IdempotentRequest attempt, @RequestBody BulkDecision body) {
        Caller.Member member = caller.requireDecider();
        return commands.run(
                attempt,
                transaction -> body.decisions().stream()
                        .map(item -> BulkDecision.Outcome.of(
                                item.id(),
                                decisions
                                        .decideInBulk(member, item.id(), item.toDecision())
                                        .run(transaction)))
                        .toList(),
                outcomes -> ResponseEntity.ok(new BulkAnswer(outcomes)));
    }

    @PostMapping("/{id}/cancel")
    ResponseEntity<byte[]> cancel(
            Caller caller,
            IdempotentRequest attempt,
            @PathVariable ApprovalId id,
            @RequestBody(required = false) @Nullable CancelRequest body) {
        caller.require(Scope.APPROVALS_CREATE);
        Optional<String> reason = body == null ? Optional.empty() : body.reason();
        return commands.run(
                attempt, approvals.cancel(caller, id, reason), change -> respond(changed(change, "cancel")));
    }

    @PostMapping("/{id}/extend")
    ResponseEntity<byte[]> extend(
            Caller caller, IdempotentRequest attempt, @PathVariable ApprovalId id, @RequestBody ExtendRequest body) {
        caller.require(Scope.APPROVALS_CREATE);
        return commands.run(
                attempt,
                approvals.extend(caller, id, Duration.ofSeconds(body.expiresIn())),
                change -> respond(changed(change, "extend")));
    }

    @PutMapping("/{id}/claim")
    ResponseEntity<byte[]> claim(Caller caller, IdempotentRequest attempt, @PathVariable ApprovalId id) {
        return commands.run(
                attempt,
                claims.claim(caller.requireDecider(), id),
                found -> respond(found.orElseThrow(ApprovalController::notFound)));
    }

    @DeleteMapping("/{id}/claim")
    ResponseEntity<byte[]> release(Caller caller, IdempotentRequest attempt, @PathVariable ApprovalId id) {
        return commands.run(
                attempt,
                claims.release(caller.requireDecider(), id),
                found -> respond(found.orElseThrow(ApprovalController::notFound)));
    }

    /** The audit trail's entries about the approval, oldest first. */
    @GetMapping("/{id}/timeline")
    ResponseEntity<Listing<AuditEntry>> timeline(
            Caller caller,
            @PathVariable ApprovalId id,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor) {
        requireReader(caller);
        Paging paging = Paging.of(limit, cursor, "timeline", caller.workspace().value(), id.value());
        ApprovalReads.Timeline timeline = reads.timeline(caller.workspace(), id, paging.after(), paging.limit())
                .orElseThrow(ApprovalController::notFound);
        return paging.respond(timeline.rows(), AuditEntry::id, timeline.asOf());
    }

    /** The agents of a key stay online while the key waits. */
    private Mono<Void> stay(Caller caller, Duration wait) {
        return caller instanceof Caller.Key key && wait.isPositive()
                ? Blocking.call(() -> {
                            presence.seen(key, wait);
                            return true;
                        })
                        .then()
                : Mono.empty();
    }

    private ResponseEntity<Linked> answer(ApprovalReads.Awaited awaited, Optional<EntityTags> known) {
        return switch (awaited) {
            case ApprovalReads.Awaited.Found(Approval approval) ->
                known.filter(tags -> tags.include(approval.version())).isPresent()
                        ? ResponseEntity.status(HttpStatus.NOT_MODIFIED)
                                .eTag(eTag(approval))
                                .build()
                        : ResponseEntity.ok().eTag(eTag(approval)).body(linked(approval));
            case ApprovalReads.Awaited.NotFound _ -> throw notFound();
            case ApprovalReads.Awaited.TooManyWait(ConcurrencyLimiter.Limit limit) ->
                throw new ProblemException(
                        ErrorCode.OVERLOADED,
                        limit + " requests that wait at the same time; repeat it without wait, or later",
                        Map.of(ProblemException.RETRY_AFTER_SECONDS, 5));
        };
    }

    private static Approval changed(Approvals.Change change, String verb) {
        return switch (change) {
            case Approvals.Change.Changed(Approval approval) -> approval;
            case Approvals.Change.Settled(Approval approval) -> throw DecisionResponses.settled(approval);
            case Approvals.Change.NotFound _ -> throw notFound();
            case Approvals.Change.NotOwner _ ->
                throw new ProblemException(
                        ErrorCode.FORBIDDEN, "A member requested it, so only members may " + verb + " it.");
            case Approvals.Change.OutOfRange(String expected) ->
                throw new ProblemException(ErrorCode.INVALID_REQUEST, "expiresIn " + expected + ".");
        };
    }

    private Linked linked(Approval approval) {
        return new Linked(approval, publicUrl.link("/approvals/" + approval.id()));
    }

    private static ResponseEntity<Approval> respond(Approval approval) {
        return ResponseEntity.ok().eTag(eTag(approval)).body(approval);
    }

    /** A key that may request approvals may also read them. */
    private static void requireReader(Caller caller) {
        boolean asks = caller instanceof Caller.Key key && key.scopes().contains(Scope.APPROVALS_CREATE);
        if (!asks) {
            caller.require(Scope.READ);
        }
    }

    private static String eTag(Approval approval) {
        return EntityTags.of(approval.version());
    }

    private static ProblemException notFound() {
        return new ProblemException(ErrorCode.NOT_FOUND, "There is no such approval in this workspace.");
    }
}
