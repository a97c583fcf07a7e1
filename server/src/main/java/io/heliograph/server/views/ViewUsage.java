package io.heliograph.server.views;

import io.heliograph.eventlog.Snapshot;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.limits.WorkspaceLimit;
import io.heliograph.server.limits.WorkspaceUsage;
import io.heliograph.server.sql.Sql;
import io.heliograph.server.usage.LimitUse;
import io.heliograph.server.usage.LimitUse.Scope;
import io.heliograph.server.usage.UsageSource;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How many views the workspace and the caller have. An API key has none. Immutable. */
final class ViewUsage implements UsageSource {
    private final WorkspaceUsage usage;

    ViewUsage(WorkspaceUsage usage) {
        this.usage = usage;
    }

    @Override
    public List<LimitUse> uses(Snapshot snapshot, Caller caller) {
        JdbcClient jdbc = Sql.in(snapshot);
        String workspace = caller.workspace().value();
        List<LimitUse> uses = new ArrayList<>();
        uses.add(use(
                WorkspaceLimit.SHARED_VIEWS,
                "sharedViews",
                Scope.WORKSPACE,
                usage.count(jdbc, WorkspaceLimit.SHARED_VIEWS, Views.SHARED, workspace)));
        if (caller instanceof Caller.Member) {
            uses.add(use(
                    WorkspaceLimit.VIEWS_PER_MEMBER,
                    "views",
                    Scope.CALLER,
                    usage.count(jdbc, WorkspaceLimit.VIEWS_PER_MEMBER, Views.OF_MEMBER, workspace, caller.id())));
        }
        return uses;
    }

    private LimitUse use(WorkspaceLimit limit, String name, Scope scope, long used) {
        return LimitUse.stored(name, used, usage.limit(limit), "views", scope, limit.setting());
    }
}
