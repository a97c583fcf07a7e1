package io.heliograph.server.usage;

import io.heliograph.eventlog.Snapshot;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.identity.IdentityRows;
import io.heliograph.server.limits.UsageCounter;
import io.heliograph.server.limits.WorkspaceLimit;
import io.heliograph.server.limits.WorkspaceUsage;
import io.heliograph.server.sql.Sql;
import io.heliograph.server.usage.LimitUse.Scope;
import java.util.List;
import java.util.function.ToLongFunction;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the workspace stores: its counters, and counts of rows that have none, up to their limit. Immutable. */
final class StoredUsage implements UsageSource {
    private final WorkspaceUsage usage;

    StoredUsage(WorkspaceUsage usage) {
        this.usage = usage;
    }

    @Override
    public List<LimitUse> uses(Snapshot snapshot, Caller caller) {
        JdbcClient jdbc = Sql.in(snapshot);
        String workspace = caller.workspace().value();
        long now = snapshot.now().toEpochMilli();
        ToLongFunction<UsageCounter> counters = usage.read(
                jdbc,
                caller.workspace(),
                UsageCounter.PENDING_APPROVALS,
                UsageCounter.AGENTS,
                UsageCounter.STORED_BYTES);
        long members = usage.count(jdbc, WorkspaceLimit.MEMBERS, IdentityRows.MEMBERS, workspace);
        long keys = usage.count(jdbc, WorkspaceLimit.API_KEYS, IdentityRows.API_KEYS, workspace, now);
        long sessions = usage.count(jdbc, WorkspaceLimit.SESSIONS, IdentityRows.SESSIONS, workspace, now);
        return List.of(
                use(
                        WorkspaceLimit.PENDING_APPROVALS,
                        "pendingApprovals",
                        "approvals",
                        counters.applyAsLong(UsageCounter.PENDING_APPROVALS)),
                use(WorkspaceLimit.AGENTS, "agents", "agents", counters.applyAsLong(UsageCounter.AGENTS)),
                use(WorkspaceLimit.MEMBERS, "members", "members", members),
                use(WorkspaceLimit.API_KEYS, "apiKeys", "keys", keys),
                use(WorkspaceLimit.SESSIONS, "sessions", "sessions", sessions),
                use(WorkspaceLimit.STORED, "storage", "bytes", counters.applyAsLong(UsageCounter.STORED_BYTES)),
                LimitUse.stored(
                        "messages",
                        mostMessages(jdbc, caller.workspace()),
                        usage.limit(WorkspaceLimit.MESSAGES_PER_AGENT),
                        "messages",
                        Scope.AGENT,
                        WorkspaceLimit.MESSAGES_PER_AGENT.setting()));
    }

    private LimitUse use(WorkspaceLimit limit, String name, String unit, long used) {
        return LimitUse.stored(name, used, usage.limit(limit), unit, Scope.WORKSPACE, limit.setting());
    }

    /** Messages of the agent that has most. Looks at all agents of the workspace, whose number is limited. */
    private static long mostMessages(JdbcClient jdbc, WorkspaceId workspace) {
        return jdbc.sql("select coalesce(max(messages), 0) from agent where workspace = ?")
                .param(workspace.value())
                .query(Long.class)
                .single();
    }
}
