package io.heliograph.server.approvals;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.events.Actor;
import io.heliograph.server.events.AgentId;
import io.heliograph.server.events.MemberId;
import io.heliograph.server.identity.LinkMakers;
import io.heliograph.server.limits.UsageCounter;
import io.heliograph.server.limits.WorkspaceUsage;
import io.heliograph.server.search.SearchIndex;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The SQL of single approvals: each change, and the changes of the workspace's counters that belong to it. {@link
 * ApprovalPages} has the list, and {@link DueApprovals} what is due. Immutable.
 */
final class ApprovalStore {
    private final JsonMapper json;
    private final WorkspaceUsage usage;
    private final ApprovalRows rows;

    ApprovalStore(JsonMapper json, WorkspaceUsage usage) {
        this.json = json;
        this.usage = usage;
        this.rows = new ApprovalRows(json);
    }

    /** An approval that became or stopped being pending, and the workspace's counts after that. */
    record Counted(Approval approval, ApprovalCounts counts) {}

    Optional<Approval> find(JdbcClient jdbc, WorkspaceId workspace, ApprovalId id) {
        return jdbc.sql("select " + ApprovalRows.COLUMNS + " from approval where workspace = ? and id = ?")
                .params(workspace.value(), id.value())
                .query(rows::read)
                .optional();
    }

    Optional<Approval> findByIdempotencyKey(JdbcClient jdbc, WorkspaceId workspace, String requestedBy, String key) {
        return jdbc.sql("select " + ApprovalRows.COLUMNS + " from approval"
                        + " where workspace = ? and requested_by = ? and idempotency_key = ?")
                .params(workspace.value(), requestedBy, key)
                .query(rows::read)
                .optional();
    }

    Optional<Approval> findByExternalId(JdbcClient jdbc, WorkspaceId workspace, AgentId agentId, String externalId) {
        return jdbc.sql("select " + ApprovalRows.COLUMNS + " from approval"
                        + " where workspace = ? and agent_id = ? and external_id = ?")
                .params(workspace.value(), agentId.value(), externalId)
                .query(rows::read)
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

    ApprovalCounts counts(JdbcClient jdbc, WorkspaceId workspace) {
        return ApprovalCounts.of(
                usage.read(jdbc, workspace, UsageCounter.PENDING_APPROVALS, UsageCounter.CRITICAL_APPROVALS));
    }

    /** The counters of {@link ApprovalCounts} and {@link StatusCounts}. */
    ToLongFunction<UsageCounter> counters(JdbcClient jdbc, WorkspaceId workspace) {
        return usage.read(
                jdbc,
                workspace,
                UsageCounter.PENDING_APPROVALS,
                UsageCounter.CRITICAL_APPROVALS,
                UsageCounter.APPROVED_APPROVALS,
                UsageCounter.REJECTED_APPROVALS,
                UsageCounter.EXPIRED_APPROVALS,
                UsageCounter.CANCELLED_APPROVALS);
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
        boolean inserted = jdbc.sql("insert into approval (" + ApprovalRows.COLUMNS
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
        if (!inserted) {
            return Optional.empty();
        }
        insertTags(jdbc, workspace, approval);
        return Optional.of(
                new Counted(approval, ApprovalCounts.of(usage.add(jdbc, workspace, pending(approval, 1, bytes)))));
    }

    private static void insertTags(JdbcClient jdbc, WorkspaceId workspace, Approval approval) {
        List<String> tags = approval.tags().stream().distinct().toList();
        if (tags.isEmpty()) {
            return;
        }
        JdbcClient.StatementSpec statement = jdbc.sql("insert into approval_tag (workspace, tag, id) values "
                + "(?, ?, ?), ".repeat(tags.size() - 1) + "(?, ?, ?)");
        for (String tag : tags) {
            statement = statement
                    .param(workspace.value())
                    .param(tag)
                    .param(approval.id().value());
        }
        statement.update();
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
        Map<UsageCounter, Long> changes = new EnumMap<>(UsageCounter.class);
        changes.put(counter(Approval.Status.PENDING), change);
        changes.put(UsageCounter.CRITICAL_APPROVALS, approval.risk() == Approval.Risk.CRITICAL ? change : 0);
        changes.put(UsageCounter.STORED_BYTES, bytes);
        return changes;
    }

    private static UsageCounter counter(Approval.Status status) {
        return switch (status) {
            case PENDING -> UsageCounter.PENDING_APPROVALS;
            case APPROVED -> UsageCounter.APPROVED_APPROVALS;
            case REJECTED -> UsageCounter.REJECTED_APPROVALS;
            case EXPIRED -> UsageCounter.EXPIRED_APPROVALS;
            case CANCELLED -> UsageCounter.CANCELLED_APPROVALS;
        };
    }

    /** Decides by compare-and-set; empty when it was not pending any more, past its deadline, or another action. */
    Optional<Counted> decide(
            JdbcClient jdbc, WorkspaceId workspace, ApprovalId id, Approval.Resolution resolution, Instant now) {
        String text = json.writeValueAsString(resolution);
        long bytes = bytes(text);
        return jdbc.sql("update approval set status = ?, outcome = ?, edited = ?, resolution = ?, resolved_at = ?,"
                        + " resolved_by = ?, claimed_by = null, claimed_until = null, version = version + 1,"
                        + " bytes = bytes + ?"
                        + " where workspace = ? and id = ? and status = 'pending' and expires_at > ? and digest = ?"
                        + " returning " + ApprovalRows.COLUMNS)
                .param(resolution.outcome().status().wireName())
                .param(resolution.outcome().wireName())
                .param(resolution.argsEdited() ? 1 : 0)
                .param(text)
                .param(now.toEpochMilli())
                .param(resolution.by().id().orElse(null))
                .param(bytes)
                .param(workspace.value())
                .param(id.value())
                .param(now.toEpochMilli())
                .param(resolution.digest())
                .query(rows::read)
                .optional()
                .map(approval -> settled(jdbc, workspace, approval, bytes));
    }

    private Counted settled(JdbcClient jdbc, WorkspaceId workspace, Approval approval, long bytes) {
        Map<UsageCounter, Long> changes = pending(approval, -1, bytes);
        changes.put(counter(approval.status()), 1L);
        return new Counted(approval, ApprovalCounts.of(usage.adjust(jdbc, workspace, changes)));
    }

    /** Expires by compare-and-set; empty when it was not pending any more, or is not due. */
    Optional<Counted> expire(JdbcClient jdbc, WorkspaceId workspace, ApprovalId id, Instant now) {
        return jdbc.sql("update approval set status = 'expired', resolved_at = ?, claimed_by = null,"
                        + " claimed_until = null, version = version + 1"
                        + " where workspace = ? and id = ? and status = 'pending' and expires_at <= ?"
                        + " returning " + ApprovalRows.COLUMNS)
                .params(now.toEpochMilli(), workspace.value(), id.value(), now.toEpochMilli())
                .query(rows::read)
                .optional()
                .map(approval -> settled(jdbc, workspace, approval, 0));
    }

    /** Removes decided approvals; returns the number removed. */
    int remove(JdbcClient jdbc, WorkspaceId workspace, List<String> ids) {
        Map<UsageCounter, Long> changes = new EnumMap<>(UsageCounter.class);
        List<String> removed = jdbc.sql("delete from approval where workspace = :workspace and id in (:ids)"
                        + " and status <> 'pending' returning id, bytes, status")
                .param("workspace", workspace.value())
                .param("ids", ids)
                .query((row, _) -> {
                    changes.merge(UsageCounter.STORED_BYTES, -row.getLong(2), Long::sum);
                    changes.merge(counter(ApprovalRows.status(row.getString(3))), -1L, Long::sum);
                    return row.getString(1);
                })
                .list();
        if (!removed.isEmpty()) {
            jdbc.sql("delete from approval_tag where workspace = :workspace and id in (:ids)")
                    .param("workspace", workspace.value())
                    .param("ids", removed)
                    .update();
            SearchIndex.remove(jdbc, workspace, removed);
            usage.adjust(jdbc, workspace, changes);
        }
        return removed.size();
    }

    /** Moves the deadline; empty when it is not pending any more, or past its deadline. */
    Optional<Approval> extend(JdbcClient jdbc, WorkspaceId workspace, ApprovalId id, Instant deadline, Instant now) {
        return jdbc.sql("update approval set expires_at = ?, version = version + 1"
                        + " where workspace = ? and id = ? and status = 'pending' and expires_at > ?"
                        + " returning " + ApprovalRows.COLUMNS)
                .params(deadline.toEpochMilli(), workspace.value(), id.value(), now.toEpochMilli())
                .query(rows::read)
                .optional();
    }

    /** Claims it for {@code by}; empty when another member has claimed it, or it is no longer pending. */
    Optional<Approval> claim(JdbcClient jdbc, WorkspaceId workspace, ApprovalId id, Approval.Claim claim, Instant now) {
        String by = json.writeValueAsString(claim.by());
        return jdbc.sql("update approval set claimed_by = ?, claimed_until = ?, version = version + 1"
                        + " where workspace = ? and id = ? and status = 'pending' and expires_at > ?"
                        + " and (claimed_until is null or claimed_until <= ? or claimed_by = ?)"
                        + " returning " + ApprovalRows.COLUMNS)
                .params(
                        by,
                        claim.until().toEpochMilli(),
                        workspace.value(),
                        id.value(),
                        now.toEpochMilli(),
                        now.toEpochMilli(),
                        by)
                .query(rows::read)
                .optional();
    }

    /** Ends the claim of {@code by}; empty when there is none. */
    Optional<Approval> release(JdbcClient jdbc, WorkspaceId workspace, ApprovalId id, Actor by) {
        return jdbc.sql("update approval set claimed_by = null, claimed_until = null, version = version + 1"
                        + " where workspace = ? and id = ? and claimed_by = ? returning " + ApprovalRows.COLUMNS)
                .params(workspace.value(), id.value(), json.writeValueAsString(by))
                .query(rows::read)
                .optional();
    }

    /** Ends a claim whose lease has expired; empty when it was renewed since. */
    Optional<Approval> endClaim(JdbcClient jdbc, WorkspaceId workspace, ApprovalId id, Instant now) {
        return jdbc.sql("update approval set claimed_by = null, claimed_until = null, version = version + 1"
                        + " where workspace = ? and id = ? and claimed_until <= ? returning " + ApprovalRows.COLUMNS)
                .params(workspace.value(), id.value(), now.toEpochMilli())
                .query(rows::read)
                .optional();
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
}
