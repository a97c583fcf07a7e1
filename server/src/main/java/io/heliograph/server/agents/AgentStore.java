package io.heliograph.server.agents;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.events.AgentId;
import io.heliograph.server.limits.UsageCounter;
import io.heliograph.server.limits.WorkspaceUsage;
import io.heliograph.server.storage.PageRows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** The SQL of agents. Immutable. */
final class AgentStore {
    private static final String COLUMNS = "id, key_id, owner_name, name, kind, status, reported, stopped, status_text,"
            + " current_task, error, lease_seconds, lease_expires_at, last_seen_at, pending_approvals, metadata,"
            + " created_at, version";

    private final JsonMapper json;
    private final WorkspaceUsage usage;

    AgentStore(JsonMapper json, WorkspaceUsage usage) {
        this.json = json;
        this.usage = usage;
    }

    /** An agent whose lease has expired. */
    record DueLease(WorkspaceId workspace, AgentId id) {}

    /** When the lease of an agent expires. */
    record LeaseEnd(WorkspaceId workspace, Instant at) {}

    Optional<AgentState> find(JdbcClient jdbc, WorkspaceId workspace, AgentId id) {
        return jdbc.sql("select " + COLUMNS + " from agent where workspace = ? and id = ?")
                .params(workspace.value(), id.value())
                .query(this::map)
                .optional();
    }

    /** The agents that belong to a lineage of keys, the oldest first. */
    List<AgentState> ofKey(JdbcClient jdbc, WorkspaceId workspace, String lineage, int limit) {
        return jdbc.sql("select " + COLUMNS + " from agent where workspace = ? and key_id = ?"
                        + " order by created_at, id limit ?")
                .params(workspace.value(), lineage, limit)
                .query(this::map)
                .list();
    }

    /** By id, ascending. */
    PageRows<Agent> page(JdbcClient jdbc, WorkspaceId workspace, Optional<AgentId> after, int limit) {
        return jdbc.sql("select " + COLUMNS + " from agent where workspace = :workspace"
                        + (after.isPresent() ? " and id > :after" : "")
                        + " order by id limit :limit")
                .param("workspace", workspace.value())
                .param("after", after.map(AgentId::value).orElse(""))
                .param("limit", limit + 1)
                .withFetchSize(PageRows.FETCH_SIZE)
                .query(PageRows.reader(
                        limit,
                        (row, number) -> map(row, number).agent(),
                        agent -> json.writeValueAsBytes(agent).length));
    }

    AgentCounts counts(JdbcClient jdbc, WorkspaceId workspace) {
        ToLongFunction<UsageCounter> counters = usage.read(
                jdbc,
                workspace,
                UsageCounter.IDLE_AGENTS,
                UsageCounter.WORKING_AGENTS,
                UsageCounter.WAITING_AGENTS,
                UsageCounter.FAILED_AGENTS,
                UsageCounter.OFFLINE_AGENTS);
        return new AgentCounts(
                Math.toIntExact(counters.applyAsLong(UsageCounter.IDLE_AGENTS)),
                Math.toIntExact(counters.applyAsLong(UsageCounter.WORKING_AGENTS)),
                Math.toIntExact(counters.applyAsLong(UsageCounter.WAITING_AGENTS)),
                Math.toIntExact(counters.applyAsLong(UsageCounter.FAILED_AGENTS)),
                Math.toIntExact(counters.applyAsLong(UsageCounter.OFFLINE_AGENTS)));
    }

    private static UsageCounter counter(AgentStatus status) {
        return switch (status) {
            case IDLE -> UsageCounter.IDLE_AGENTS;
            case WORKING -> UsageCounter.WORKING_AGENTS;
            case WAITING_APPROVAL -> UsageCounter.WAITING_AGENTS;
            case ERROR -> UsageCounter.FAILED_AGENTS;
            case OFFLINE -> UsageCounter.OFFLINE_AGENTS;
        };
    }

    /**
     * Adds an agent unless it exists; returns whether it did.
     *
     * @throws ProblemException {@code limit_reached}
     */
    boolean insert(JdbcClient jdbc, WorkspaceId workspace, AgentState state) {
        Agent agent = state.agent();
        boolean inserted = jdbc.sql("insert into agent (workspace, " + COLUMNS + ", last_message_seq)"
                                + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)"
                                + " on conflict do nothing")
                        .param(workspace.value())
                        .param(agent.id().value())
                        .param(agent.owner().map(Agent.Owner::keyId).orElse(null))
                        .param(agent.owner().flatMap(Agent.Owner::name).orElse(null))
                        .param(agent.name())
                        .param(agent.kind().orElse(null))
                        .param(agent.status().wireName())
                        .param(state.reported().wireName())
                        .param(state.stopped() ? 1 : 0)
                        .param(agent.statusText().orElse(null))
                        .param(agent.currentTask().orElse(null))
                        .param(agent.error().orElse(null))
                        .param(agent.lease().seconds())
                        .param(agent.lease().expiresAt().toEpochMilli())
                        .param(agent.lastSeenAt().toEpochMilli())
                        .param(agent.pendingApprovals())
                        .param(agent.metadata().toString())
                        .param(agent.createdAt().toEpochMilli())
                        .param(agent.version())
                        .update()
                == 1;
        if (inserted) {
            usage.add(jdbc, workspace, Map.of(UsageCounter.AGENTS, 1L, counter(agent.status()), 1L));
        }
        return inserted;
    }

    /** Stores a state that was {@code previous} before. */
    void update(JdbcClient jdbc, WorkspaceId workspace, AgentStatus previous, AgentState state) {
        Agent agent = state.agent();
        jdbc.sql(
                        "update agent set key_id = ?, owner_name = ?, name = ?, kind = ?, status = ?, reported = ?, stopped = ?,"
                                + " status_text = ?, current_task = ?, error = ?, lease_seconds = ?, lease_expires_at = ?,"
                                + " last_seen_at = ?, pending_approvals = ?, metadata = ?, version = ?"
                                + " where workspace = ? and id = ?")
                .param(agent.owner().map(Agent.Owner::keyId).orElse(null))
                .param(agent.owner().flatMap(Agent.Owner::name).orElse(null))
                .param(agent.name())
                .param(agent.kind().orElse(null))
                .param(agent.status().wireName())
                .param(state.reported().wireName())
                .param(state.stopped() ? 1 : 0)
                .param(agent.statusText().orElse(null))
                .param(agent.currentTask().orElse(null))
                .param(agent.error().orElse(null))
                .param(agent.lease().seconds())
                .param(agent.lease().expiresAt().toEpochMilli())
                .param(agent.lastSeenAt().toEpochMilli())
                .param(agent.pendingApprovals())
                .param(agent.metadata().toString())
                .param(agent.version())
                .param(workspace.value())
                .param(agent.id().value())
                .update();
        if (agent.status() != previous) {
            usage.adjust(jdbc, workspace, Map.of(counter(previous), -1L, counter(agent.status()), 1L));
        }
    }

    /** Adds to the pending approvals of an agent and changes nothing else. Empty when there is no such agent. */
    Optional<AgentState> addPending(JdbcClient jdbc, WorkspaceId workspace, AgentId id, int change) {
        return jdbc.sql("update agent set pending_approvals = pending_approvals + ? where workspace = ? and id = ?"
                        + " returning " + COLUMNS)
                .params(change, workspace.value(), id.value())
                .query(this::map)
                .optional();
    }

    /** Agents of all workspaces whose lease has expired and that are not offline yet. */
    List<DueLease> expiredLeases(JdbcClient jdbc, Instant now, int limit, int skip) {
        return jdbc.sql("select workspace, id from agent where status <> 'offline' and lease_expires_at <= ?"
                        + " order by lease_expires_at limit ? offset ?")
                .params(now.toEpochMilli(), limit, skip)
                .query((row, _) -> new DueLease(new WorkspaceId(row.getString(1)), new AgentId(row.getString(2))))
                .list();
    }

    /** The lease of all workspaces that expires next, if there is any. */
    Optional<LeaseEnd> nextLeaseEnd(JdbcClient jdbc) {
        return jdbc.sql("select workspace, lease_expires_at from agent where status <> 'offline'"
                        + " order by lease_expires_at limit 1")
                .query((row, _) ->
                        new LeaseEnd(new WorkspaceId(row.getString(1)), Instant.ofEpochMilli(row.getLong(2))))
                .optional();
    }

    private AgentState map(ResultSet row, int number) throws SQLException {
        Optional<String> ownerName = text(row.getString("owner_name"));
        Agent agent = new Agent(
                new AgentId(row.getString("id")),
                row.getString("name"),
                text(row.getString("kind")),
                text(row.getString("key_id")).map(keyId -> new Agent.Owner(keyId, ownerName)),
                AgentStatus.parse(row.getString("status")),
                text(row.getString("status_text")),
                text(row.getString("current_task")),
                new Agent.Lease(row.getInt("lease_seconds"), Instant.ofEpochMilli(row.getLong("lease_expires_at"))),
                Instant.ofEpochMilli(row.getLong("last_seen_at")),
                row.getInt("pending_approvals"),
                text(row.getString("error")),
                json.readTree(row.getString("metadata")),
                Instant.ofEpochMilli(row.getLong("created_at")),
                row.getLong("version"));
        return new AgentState(agent, AgentStatus.parse(row.getString("reported")), row.getInt("stopped") == 1);
    }

    private static Optional<String> text(@Nullable String value) {
        return Optional.ofNullable(value);
    }
}
