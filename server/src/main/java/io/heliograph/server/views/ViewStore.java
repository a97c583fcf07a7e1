package io.heliograph.server.views;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.events.MemberId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The SQL of saved views. Stateless; runs in the connection that it is given. */
final class ViewStore {
    private static final String SELECT =
            "select v.id, v.name, v.screen, v.query, v.shared, v.owner, m.name as owner_name,"
                    + " v.created_at, v.version from saved_view v"
                    + " join member m on m.workspace = v.workspace and m.id = v.owner where v.workspace = :workspace";

    private ViewStore() {}

    /** A member's own views and the shared ones, the oldest first. */
    static List<SavedView> visible(JdbcClient jdbc, WorkspaceId workspace, MemberId member) {
        return jdbc.sql("select * from (" + SELECT + " and v.owner = :member union all " + SELECT
                        + " and v.shared = 1 and v.owner <> :member) as visible order by id")
                .param("workspace", workspace.value())
                .param("member", member.value())
                .query(ViewStore::read)
                .list();
    }

    static Optional<SavedView> find(JdbcClient jdbc, WorkspaceId workspace, String id) {
        return jdbc.sql(SELECT + " and v.id = :id")
                .param("workspace", workspace.value())
                .param("id", id)
                .query(ViewStore::read)
                .optional();
    }

    /** The view of an owner with a name, which is compared without regard to case. */
    static Optional<SavedView> findByName(JdbcClient jdbc, WorkspaceId workspace, MemberId owner, String name) {
        return jdbc.sql(SELECT + " and v.owner = :owner and v.name_key = :name")
                .param("workspace", workspace.value())
                .param("owner", owner.value())
                .param("name", key(name))
                .query(ViewStore::read)
                .optional();
    }

    static void insert(JdbcClient jdbc, WorkspaceId workspace, SavedView view) {
        jdbc.sql("insert into saved_view (workspace, id, owner, name, name_key, screen, query, shared, created_at,"
                        + " version) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .params(
                        workspace.value(),
                        view.id(),
                        view.owner().id().value(),
                        view.name(),
                        key(view.name()),
                        view.screen().wireName(),
                        view.query(),
                        view.shared() ? 1 : 0,
                        view.createdAt().toEpochMilli(),
                        view.version())
                .update();
    }

    static void update(JdbcClient jdbc, WorkspaceId workspace, SavedView view) {
        jdbc.sql("update saved_view set name = ?, name_key = ?, query = ?, shared = ?, version = ?"
                        + " where workspace = ? and id = ?")
                .params(
                        view.name(),
                        key(view.name()),
                        view.query(),
                        view.shared() ? 1 : 0,
                        view.version(),
                        workspace.value(),
                        view.id())
                .update();
    }

    static void remove(JdbcClient jdbc, WorkspaceId workspace, String id) {
        jdbc.sql("delete from saved_view where workspace = ? and id = ?")
                .params(workspace.value(), id)
                .update();
    }

    static void removeAll(JdbcClient jdbc, WorkspaceId workspace, MemberId owner) {
        jdbc.sql("delete from saved_view where workspace = ? and owner = ?")
                .params(workspace.value(), owner.value())
                .update();
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static SavedView read(ResultSet row, int number) throws SQLException {
        return new SavedView(
                row.getString(1),
                row.getString(2),
                Screen.valueOf(row.getString(3).toUpperCase(Locale.ROOT)),
                row.getString(4),
                row.getInt(5) == 1,
                new SavedView.Owner(new MemberId(row.getString(6)), row.getString(7)),
                Instant.ofEpochMilli(row.getLong(8)),
                row.getLong(9));
    }
}
