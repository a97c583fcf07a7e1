package io.heliograph.server.workspaces;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.events.MemberId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The members of workspaces, in SQL. Everything runs in the connection that it is given: a transaction's, a snapshot's,
 * or one of its own. Removed members are excluded.
 */
public final class Members {
    private static final String COLUMNS = "id, handle, name, role, created_at";

    /** The roles that may decide, as a list in SQL. */
    public static final String DECIDING_ROLES = Arrays.stream(Role.values())
            .filter(Role::mayDecide)
            .map(role -> "'" + role.wireName() + "'")
            .collect(Collectors.joining(", "));

    private Members() {}

    /** All members of a workspace, oldest first. */
    public static List<Member> all(JdbcClient jdbc, WorkspaceId workspace) {
        return jdbc.sql("select " + COLUMNS + " from member where workspace = ? and removed_at is null order by id")
                .param(workspace.value())
                .query((row, _) -> read(row))
                .list();
    }

    public static Optional<Member> find(JdbcClient jdbc, WorkspaceId workspace, MemberId id) {
        return jdbc.sql("select " + COLUMNS + " from member where workspace = ? and id = ? and removed_at is null")
                .params(workspace.value(), id.value())
                .query((row, _) -> read(row))
                .optional();
    }

    /** Handles are compared without regard to case. */
    public static Optional<Member> findByHandle(JdbcClient jdbc, WorkspaceId workspace, String handle) {
        return jdbc.sql("select " + COLUMNS + " from member where workspace = ? and handle = ?")
                .params(workspace.value(), normal(handle))
                .query((row, _) -> read(row))
                .optional();
    }

    public static Member add(
            JdbcClient jdbc, WorkspaceId workspace, String handle, String name, Role role, Instant now) {
        Member member = new Member(MemberId.next(now), normal(handle), name, role, now);
        jdbc.sql("insert into member (workspace, id, handle, name, role, created_at) values (?, ?, ?, ?, ?, ?)")
                .params(
                        workspace.value(),
                        member.id().value(),
                        member.handle(),
                        name,
                        role.wireName(),
                        now.toEpochMilli())
                .update();
        return member;
    }

    public static void changeRole(JdbcClient jdbc, WorkspaceId workspace, MemberId id, Role role) {
        jdbc.sql("update member set role = ? where workspace = ? and id = ?")
                .params(role.wireName(), workspace.value(), id.value())
                .update();
    }

    public static void remove(JdbcClient jdbc, WorkspaceId workspace, MemberId id, Instant now) {
        jdbc.sql("update member set handle = null, removed_at = ? where workspace = ? and id = ?")
                .params(now.toEpochMilli(), workspace.value(), id.value())
                .update();
    }

    public static long owners(JdbcClient jdbc, WorkspaceId workspace) {
        return jdbc.sql("select count(*) from member where workspace = ? and role = 'owner' and removed_at is null")
                .param(workspace.value())
                .query(Long.class)
                .single();
    }

    static String normal(String handle) {
        return handle.strip().toLowerCase(Locale.ROOT);
    }

    private static Member read(ResultSet row) throws SQLException {
        return new Member(
                new MemberId(row.getString(1)),
                row.getString(2),
                row.getString(3),
                Role.parse(row.getString(4)).orElseThrow(),
                Instant.ofEpochMilli(row.getLong(5)));
    }
}
