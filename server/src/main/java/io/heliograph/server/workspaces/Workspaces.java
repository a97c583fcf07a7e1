package io.heliograph.server.workspaces;

import io.heliograph.eventlog.WorkspaceId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The workspaces, in SQL. Everything runs in the connection that it is given. */
public final class Workspaces {
    private Workspaces() {}

    public static Optional<Workspace> findBySlug(JdbcClient jdbc, String slug) {
        return find(jdbc, "slug", slug);
    }

    public static Optional<Workspace> find(JdbcClient jdbc, WorkspaceId workspace) {
        return find(jdbc, "workspace", workspace.value());
    }

    public static void add(JdbcClient jdbc, Workspace workspace, Instant now) {
        jdbc.sql("insert into workspace (workspace, slug, name, created_at) values (?, ?, ?, ?)")
                .params(workspace.id(), workspace.slug(), workspace.name(), now.toEpochMilli())
                .update();
    }

    private static Optional<Workspace> find(JdbcClient jdbc, String column, String value) {
        return jdbc.sql("select workspace, slug, name from workspace where " + column + " = ?")
                .param(value)
                .query((row, _) -> read(row))
                .optional();
    }

    private static Workspace read(ResultSet row) throws SQLException {
        return new Workspace(row.getString(1), row.getString(2), row.getString(3));
    }
}
