package io.heliograph.server.approvals;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.events.Actor;
import io.heliograph.server.events.AgentId;
import io.heliograph.server.events.LinkMaker;
import io.heliograph.server.events.MemberId;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.identity.LinkMakers;
import io.heliograph.server.limits.UsageCounter;
import io.heliograph.server.limits.WorkspaceUsage;
import io.heliograph.server.storage.PageRows;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** The SQL of approvals. Immutable. */
final class ApprovalStore {
    private static final String COLUMNS = "id, workspace, agent_id, external_id, title, description, reasoning,"
            + " confidence, risk, tags, action_name, action_args, action_preview, digest, allow_approve, allow_edit,"
            + " allow_respond, allow_reject, args_schema, reject_options, status, created_at, expires_at, resolved_at,"
            + " resolution, claimed_by, claimed_until, metadata, version";

    private static final List<String> LARGE =
            List.of("action_args", "action_preview", "description", "reasoning", "args_schema", "metadata");

    /** The same without large parts, which are not read; {@code truncated} says whether there are any. */
    private static final String LISTED_COLUMNS = listed();

    private final JsonMapper json;
    private final WorkspaceUsage usage;

    ApprovalStore(JsonMapper json, WorkspaceUsage usage) {
        this.json = json;
        this.usage = usage;
    }

    /**
     * The requester, besides the agent in whose name the request was made.
     *
     * @param id of the member, or the lineage of the key
     * @param owner the member that the key belongs to, or the member itself
     * @param signedInBy who made the sign-in links that led to the session in which the member asked
     */
    record Requester(String id, Optional<MemberId> owner, List<LinkMaker> signedInBy) {
        Requester {
            signedInBy = List.copyOf(signedInBy);
        }

        boolean isMember() {
            return owner.isPresent() && owner.get().value().equals(id);
        }

        /** Whether the person who acts as {@code member} may be the requester. */
        boolean mayBe(Caller.Member member) {
            return owner.filter(member::mayBe).isPresent()
                    || signedInBy.stream().anyMatch(maker -> member.mayBe(maker.id()));
        }
    }

    /** When an approval of some workspace is due. */
    record Deadline(WorkspaceId workspace, Instant at) {}

    /** An approval that became or stopped being pending, and the workspace's counts after that. */
    record Counted(Approval approval, ApprovalCounts counts) {}

    /** An approval whose deadline or claim has expired. */
    record DueApproval(WorkspaceId workspace, ApprovalId id) {}

    /** The filter of a list. An empty list of statuses means all. */
    record Filter(List<Approval.Status> statuses, Optional<AgentId> agentId, List<Approval.Risk> risks) {
        Filter {
            statuses = List.copyOf(statuses);
            risks = List.copyOf(risks);
        }
    }

    Optional<Approval> find(JdbcClient jdbc, WorkspaceId workspace, ApprovalId id) {
        return jdbc.sql("select " + COLUMNS + " from approval where workspace = ? and id = ?")
                .params(workspace.value(), id.value())
                .query(this::map)
                .optional();
    }

    Optional<Approval> findByIdempotencyKey(JdbcClient jdbc, WorkspaceId workspace, String requestedBy, String key) {
        return jdbc.sql("select " + COLUMNS + " from approval"
                        + " where workspace = ? and requested_by = ? and idempotency_key = ?")
                .params(workspace.value(), requestedBy, key)
                .query(this::map)
                .optional();
    }

    Optional<Approval> findByExternalId(JdbcClient jdbc, WorkspaceId workspace, AgentId agentId, String externalId) {
        return jdbc.sql("select " + COLUMNS + " from approval"
                        + " where workspace = ? and agent_id = ? and external_id = ?")
                .params(workspace.value(), agentId.value(), externalId)
                .query(this::map)
                .optional();
    }

    Requester requester(JdbcClient jdbc, WorkspaceId workspace, ApprovalId id) {
        return jdbc.sql("select requested_by, requested_by_owner, requested_signed_in_by from approval"
                        + " where workspace = ? and id = ?")
                .params(workspace.value(), id.value())
                .query((row, _) -> new Requester(
                        row.getString(1),
                        Optional.ofNullable(row.getString(2)).map(MemberId::new),
                        LinkMakers.read(row.getString(3))))
                .single();
    }

    private static String listed() {
        String columns = COLUMNS;
        for (String part : LARGE) {
            columns = columns.replaceFirst(
                    "\\b" + part + "\\b", "case when " + isLarge(part) + " then null else " + part + " end as " + part);
        }
        return columns + ", case when "
                + LARGE.stream().map(ApprovalStore::isLarge).collect(Collectors.joining(" or "))
                + " then 1 else 0 end as truncated";
    }

    private static String isLarge(String part) {
        return "octet_length(" + part + ") > " + ListedApproval.MAX_PART_BYTES;
    }

    /** Approvals older than the one named {@code before}, newest first, without their large parts. */
    PageRows<ListedApproval> page(
            JdbcClient jdbc, WorkspaceId workspace, Filter filter, Optional<ApprovalId> before, int limit) {
        return jdbc.sql("select " + LISTED_COLUMNS + " from approval where workspace = :workspace"
                        + (filter.statuses().isEmpty() ? "" : " and status in (:statuses)")
                        + (filter.agentId().isEmpty() ? "" : " and agent_id = :agent")
                        + (filter.risks().isEmpty() ? "" : " and risk in (:risks)")
                        + (before.isEmpty() ? "" : " and id < :before")
                        + " order by id desc limit :limit")
                .param("workspace", workspace.value())
                .param(
                        "statuses",
                        names(filter.statuses().stream()
                                .map(Approval.Status::wireName)
                                .toList()))
                .param("agent", filter.agentId().map(AgentId::value).orElse(""))
                .param(
                        "risks",
                        names(filter.risks().stream()
                                .map(Approval.Risk::wireName)
                                .toList()))
                .param("before", before.map(ApprovalId::value).orElse(""))
                .param("limit", limit + 1)
                .withFetchSize(PageRows.FETCH_SIZE)
                .query(PageRows.reader(limit, this::mapListed, row -> json.writeValueAsBytes(row.json()).length));
    }

    /** A parameter for "in": never empty, since that is no SQL. */
    private static List<String> names(List<String> names) {
        return names.isEmpty() ? List.of("") : names;
    }

    ApprovalCounts counts(JdbcClient jdbc, WorkspaceId workspace) {
        return ApprovalCounts.of(
                usage.read(jdbc, workspace, UsageCounter.PENDING_APPROVALS, UsageCounter.CRITICAL_APPROVALS));
    }

    /**
     * Adds an approval; empty when one with its idempotency key or external id is there.
     *
     * @throws ProblemException {@code limit_reached}
     */
    Optional<Counted> insert(
            JdbcClient jdbc,
            WorkspaceId workspace,
            Approval approval,
            Requester requester,
            Optional<String> idempotencyKey) {
        String tags = json.writeValueAsString(approval.tags());
        String args = approval.action().args().toString();
        Optional<String> preview = approval.action().preview().map(JsonNode::toString);
        Optional<String> argsSchema = approval.argsSchema().map(JsonNode::toString);
        String rejectOptions = json.writeValueAsString(approval.rejectOptions());
        String metadata = approval.metadata().toString();
        long bytes = bytes(
                approval.title(),
                approval.description().orElse(""),
                approval.reasoning().orElse(""),
                tags,
                approval.action().name(),
                args,
                preview.orElse(""),
                argsSchema.orElse(""),
                rejectOptions,
                metadata);
        boolean inserted = jdbc.sql("insert into approval (" + COLUMNS
                                + ", requested_by, requested_by_owner, requested_signed_in_by, idempotency_key,"
                                + " bytes)"
                                + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                                + " ?, ?, ?, ?, ?, ?, ?) on conflict do nothing")
                        .param(approval.id().value())
                        .param(workspace.value())
                        .param(approval.agentId().value())
                        .param(approval.externalId().orElse(null))
                        .param(approval.title())
                        .param(approval.description().orElse(null))
                        .param(approval.reasoning().orElse(null))
                        .param(
                                approval.confidence().isPresent()
                                        ? approval.confidence().getAsDouble()
                                        : null)
                        .param(approval.risk().wireName())
                        .param(tags)
                        .param(approval.action().name())
                        .param(args)
                        .param(preview.orElse(null))
                        .param(approval.action().digest())
                        .param(approval.allow().approve() ? 1 : 0)
                        .param(approval.allow().edit() ? 1 : 0)
                        .param(approval.allow().respond() ? 1 : 0)
                        .param(approval.allow().reject() ? 1 : 0)
                        .param(argsSchema.orElse(null))
                        .param(rejectOptions)
                        .param(approval.status().wireName())
                        .param(approval.createdAt().toEpochMilli())
                        .param(approval.expiresAt().toEpochMilli())
                        .param(null)
                        .param(null)
                        .param(null)
                        .param(null)
                        .param(metadata)
                        .param(approval.version())
                        .param(requester.id())
                        .param(requester.owner().map(MemberId::value).orElse(null))
                        .param(LinkMakers.write(requester.signedInBy()))
                        .param(idempotencyKey.orElse(null))
                        .param(bytes)
                        .update()
                == 1;
        return inserted
                ? Optional.of(new Counted(
                        approval, ApprovalCounts.of(usage.add(jdbc, workspace, pending(approval, 1, bytes)))))
                : Optional.empty();
    }

    private static long bytes(String... texts) {
        long bytes = 0;
        for (String text : texts) {
            bytes += text.getBytes(StandardCharsets.UTF_8).length;
        }
        return bytes;
    }

    /** The changes of counters when an approval becomes pending (1) or stops being pending (-1). */
    private static Map<UsageCounter, Long> pending(Approval approval, long change, long bytes) {
        return Map.of(
                UsageCounter.PENDING_APPROVALS,
                change,
                UsageCounter.CRITICAL_APPROVALS,
                approval.risk() == Approval.Risk.CRITICAL ? change : 0,
                UsageCounter.STORED_BYTES,
                bytes);
    }

    /** Decides by compare-and-set; empty when it was not pending any more, past its deadline, or another action. */
    Optional<Counted> decide(
            JdbcClient jdbc, WorkspaceId workspace, ApprovalId id, Approval.Resolution resolution, Instant now) {
        String text = json.writeValueAsString(resolution);
        long bytes = bytes(text);
        return jdbc.sql("update approval set status = ?, resolution = ?, resolved_at = ?,"
                        + " claimed_by = null, claimed_until = null, version = version + 1, bytes = bytes + ?"
                        + " where workspace = ? and id = ? and status = 'pending' and expires_at > ? and digest = ?"
                        + " returning " + COLUMNS)
                .param(resolution.outcome().status().wireName())
                .param(text)
                .param(now.toEpochMilli())
                .param(bytes)
                .param(workspace.value())
                .param(id.value())
                .param(now.toEpochMilli())
                .param(resolution.digest())
                .query(this::map)
                .optional()
                .map(approval -> settled(jdbc, workspace, approval, bytes));
    }

    private Counted settled(JdbcClient jdbc, WorkspaceId workspace, Approval approval, long bytes) {
        return new Counted(approval, ApprovalCounts.of(usage.adjust(jdbc, workspace, pending(approval, -1, bytes))));
    }

    /** Expires by compare-and-set; empty when it was not pending any more, or is not due. */
    Optional<Counted> expire(JdbcClient jdbc, WorkspaceId workspace, ApprovalId id, Instant now) {
        return jdbc.sql("update approval set status = 'expired', resolved_at = ?, claimed_by = null,"
                        + " claimed_until = null, version = version + 1"
                        + " where workspace = ? and id = ? and status = 'pending' and expires_at <= ?"
                        + " returning " + COLUMNS)
                .params(now.toEpochMilli(), workspace.value(), id.value(), now.toEpochMilli())
                .query(this::map)
                .optional()
                .map(approval -> settled(jdbc, workspace, approval, 0));
    }

    /** Removes decided approvals; returns the number removed. */
    int remove(JdbcClient jdbc, WorkspaceId workspace, List<String> ids) {
        AtomicLong bytes = new AtomicLong();
        List<String> removed = jdbc.sql("delete from approval where workspace = :workspace and id in (:ids)"
                        + " and status <> 'pending' returning id, bytes")
                .param("workspace", workspace.value())
                .param("ids", ids)
                .query((row, _) -> {
                    bytes.addAndGet(row.getLong(2));
                    return row.getString(1);
                })
                .list();
        usage.adjust(jdbc, workspace, Map.of(UsageCounter.STORED_BYTES, -bytes.get()));
        return removed.size();
    }

    /** Moves the deadline; empty when it is not pending any more, or past its deadline. */
    Optional<Approval> extend(JdbcClient jdbc, WorkspaceId workspace, ApprovalId id, Instant deadline, Instant now) {
        return jdbc.sql("update approval set expires_at = ?, version = version + 1"
                        + " where workspace = ? and id = ? and status = 'pending' and expires_at > ?"
                        + " returning " + COLUMNS)
                .params(deadline.toEpochMilli(), workspace.value(), id.value(), now.toEpochMilli())
                .query(this::map)
                .optional();
    }

    /** Claims it for {@code by}; empty when another member has claimed it, or it is no longer pending. */
    Optional<Approval> claim(JdbcClient jdbc, WorkspaceId workspace, ApprovalId id, Approval.Claim claim, Instant now) {
        String by = json.writeValueAsString(claim.by());
        return jdbc.sql("update approval set claimed_by = ?, claimed_until = ?, version = version + 1"
                        + " where workspace = ? and id = ? and status = 'pending' and expires_at > ?"
                        + " and (claimed_until is null or claimed_until <= ? or claimed_by = ?)"
                        + " returning " + COLUMNS)
                .params(
                        by,
                        claim.until().toEpochMilli(),
                        workspace.value(),
                        id.value(),
                        now.toEpochMilli(),
                        now.toEpochMilli(),
                        by)
                .query(this::map)
                .optional();
    }

    /** Ends the claim of {@code by}; empty when there is none. */
    Optional<Approval> release(JdbcClient jdbc, WorkspaceId workspace, ApprovalId id, Actor by) {
        return jdbc.sql("update approval set claimed_by = null, claimed_until = null, version = version + 1"
                        + " where workspace = ? and id = ? and claimed_by = ? returning " + COLUMNS)
                .params(workspace.value(), id.value(), json.writeValueAsString(by))
                .query(this::map)
                .optional();
    }

    /** Ends a claim whose lease has expired; empty when it was renewed since. */
    Optional<Approval> endClaim(JdbcClient jdbc, WorkspaceId workspace, ApprovalId id, Instant now) {
        return jdbc.sql("update approval set claimed_by = null, claimed_until = null, version = version + 1"
                        + " where workspace = ? and id = ? and claimed_until <= ? returning " + COLUMNS)
                .params(workspace.value(), id.value(), now.toEpochMilli())
                .query(this::map)
                .optional();
    }

    /** The claim of all workspaces whose lease expires first. */
    Optional<Deadline> nextClaimEnd(JdbcClient jdbc) {
        return jdbc.sql("select workspace, claimed_until from approval where claimed_until is not null"
                        + " order by claimed_until limit 1")
                .query((row, _) ->
                        new Deadline(new WorkspaceId(row.getString(1)), Instant.ofEpochMilli(row.getLong(2))))
                .optional();
    }

    /** Approvals of all workspaces whose claim has expired. */
    List<DueApproval> expiredClaims(JdbcClient jdbc, Instant now, int limit) {
        return jdbc.sql("select workspace, id from approval"
                        + " where claimed_until is not null and claimed_until <= ? order by claimed_until limit ?")
                .params(now.toEpochMilli(), limit)
                .query((row, _) -> new DueApproval(new WorkspaceId(row.getString(1)), new ApprovalId(row.getString(2))))
                .list();
    }

    /** The pending approval that is due first, of all workspaces. */
    Optional<Deadline> nextDeadline(JdbcClient jdbc) {
        return jdbc.sql("select workspace, expires_at from approval where status = 'pending'"
                        + " order by expires_at limit 1")
                .query((row, _) ->
                        new Deadline(new WorkspaceId(row.getString(1)), Instant.ofEpochMilli(row.getLong(2))))
                .optional();
    }

    /** Pending approvals of all workspaces whose deadline has passed, the longest overdue first. */
    List<DueApproval> due(JdbcClient jdbc, Instant now, int limit) {
        return jdbc.sql("select workspace, id from approval where status = 'pending' and expires_at <= ?"
                        + " order by expires_at limit ?")
                .params(now.toEpochMilli(), limit)
                .query((row, _) -> new DueApproval(new WorkspaceId(row.getString(1)), new ApprovalId(row.getString(2))))
                .list();
    }

    /** The versions of those of {@code ids} that are in the database. */
    Map<ApprovalId, Long> versions(JdbcClient jdbc, WorkspaceId workspace, List<ApprovalId> ids) {
        Map<ApprovalId, Long> versions = new HashMap<>();
        jdbc.sql("select id, version from approval where workspace = ? and id in (" + "?, ".repeat(ids.size() - 1)
                        + "?)")
                .param(workspace.value())
                .params(ids.stream().map(ApprovalId::value).toList())
                .query(row -> {
                    versions.put(new ApprovalId(row.getString(1)), row.getLong(2));
                });
        return versions;
    }

    private ListedApproval mapListed(ResultSet row, int number) throws SQLException {
        return ListedApproval.of(map(row, number), row.getInt("truncated") == 1, json);
    }

    private Approval map(ResultSet row, int number) throws SQLException {
        double confidence = row.getDouble("confidence");
        OptionalDouble confident = row.wasNull() ? OptionalDouble.empty() : OptionalDouble.of(confidence);
        long resolvedAt = row.getLong("resolved_at");
        Optional<Instant> resolved = row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(resolvedAt));
        return new Approval(
                new ApprovalId(row.getString("id")),
                row.getString("workspace"),
                new AgentId(row.getString("agent_id")),
                Optional.ofNullable(row.getString("external_id")),
                row.getString("title"),
                Optional.ofNullable(row.getString("description")),
                Optional.ofNullable(row.getString("reasoning")),
                confident,
                Approval.Risk.valueOf(row.getString("risk").toUpperCase(Locale.ROOT)),
                List.of(json.readValue(row.getString("tags"), String[].class)),
                new Approval.Action(
                        row.getString("action_name"),
                        tree(row.getString("action_args")).orElseGet(MissingNode::getInstance),
                        tree(row.getString("action_preview")),
                        row.getString("digest")),
                new Approval.Allow(
                        row.getInt("allow_approve") == 1,
                        row.getInt("allow_edit") == 1,
                        row.getInt("allow_respond") == 1,
                        row.getInt("allow_reject") == 1),
                tree(row.getString("args_schema")),
                List.of(json.readValue(row.getString("reject_options"), String[].class)),
                Approval.Status.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
                Instant.ofEpochMilli(row.getLong("created_at")),
                Instant.ofEpochMilli(row.getLong("expires_at")),
                resolved,
                claim(row),
                value(row.getString("resolution"), Approval.Resolution.class),
                tree(row.getString("metadata")).orElseGet(MissingNode::getInstance),
                row.getLong("version"));
    }

    private Optional<Approval.Claim> claim(ResultSet row) throws SQLException {
        long until = row.getLong("claimed_until");
        return value(row.getString("claimed_by"), Actor.class)
                .map(by -> new Approval.Claim(by, Instant.ofEpochMilli(until)));
    }

    private Optional<JsonNode> tree(@Nullable String text) {
        return text == null ? Optional.empty() : Optional.of(json.readTree(text));
    }

    private <T> Optional<T> value(@Nullable String text, Class<T> type) {
        return text == null ? Optional.empty() : Optional.of(json.readValue(text, type));
    }
}
