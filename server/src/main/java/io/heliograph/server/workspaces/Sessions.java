package io.heliograph.server.workspaces;

import io.heliograph.eventlog.Transaction;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.events.Ids;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Sign-in codes and browser sessions, in SQL. A code works once; a session is known to the browser as {@code
 * <id>.<secret>}. Only hashes are stored. Everything runs in the connection that it is given.
 */
final class Sessions {
    private Sessions() {}

    /** Somebody's session, or the code for one. */
    record Holder(WorkspaceId workspace, String memberId) {}

    /** A session that holds. */
    record Session(String id, WorkspaceId workspace, String memberId) {}

    /** A session as it is known only once: with its secret, as the cookie's value. */
    record Opened(String id, String cookie) {}

    static String issueCode(Transaction transaction, Holder holder, Duration ttl) {
        String code = Secrets.next();
        transaction
                .jdbc()
                .sql("insert into sign_in_code (workspace, code_hash, member, expires_at) values (?, ?, ?, ?)")
                .params(
                        holder.workspace.value(),
                        Secrets.hash(code),
                        holder.memberId,
                        transaction.now().plus(ttl).toEpochMilli())
                .update();
        return code;
    }

    /** Whose code it is, used or not. */
    static Optional<Holder> findCode(JdbcClient jdbc, String code) {
        return jdbc.sql("select workspace, member from sign_in_code where code_hash = ?")
                .param(Secrets.hash(code))
                .query((row, _) -> new Holder(new WorkspaceId(row.getString(1)), row.getString(2)))
                .optional();
    }

    /** Whether the code was good, and is used up by this very call. */
    static boolean useCode(Transaction transaction, WorkspaceId workspace, String code) {
        long now = transaction.now().toEpochMilli();
        return transaction
                        .jdbc()
                        .sql("""
                                update sign_in_code set used_at = ?
                                where workspace = ? and code_hash = ? and used_at is null and expires_at > ?
                                """)
                        .params(now, workspace.value(), Secrets.hash(code), now)
                        .update()
                == 1;
    }

    static Opened open(Transaction transaction, Holder holder, Duration ttl) {
        Instant now = transaction.now();
        String id = Ids.next("ses", now.toEpochMilli());
        String secret = Secrets.next();
        transaction
                .jdbc()
                .sql("""
                        insert into session (workspace, id, secret_hash, member, created_at, expires_at)
                        values (?, ?, ?, ?, ?, ?)
                        """)
                .params(
                        holder.workspace.value(),
                        id,
                        Secrets.hash(secret),
                        holder.memberId,
                        now.toEpochMilli(),
                        now.plus(ttl).toEpochMilli())
                .update();
        return new Opened(id, id + "." + secret);
    }

    /** The session that a cookie's value stands for, if it still holds. */
    static Optional<Session> find(JdbcClient jdbc, String cookie, Instant now) {
        int dot = cookie.indexOf('.');
        if (dot < 0) {
            return Optional.empty();
        }
        String id = cookie.substring(0, dot);
        String secret = cookie.substring(dot + 1);
        return jdbc
                .sql("""
                        select workspace, member, secret_hash from session
                        where id = ? and ended_at is null and expires_at > ?
                        """)
                .params(id, now.toEpochMilli())
                .query((row, _) -> Secrets.matches(secret, row.getString(3))
                        ? Optional.of(new Session(id, new WorkspaceId(row.getString(1)), row.getString(2)))
                        : Optional.<Session>empty())
                .list()
                .stream()
                .flatMap(Optional::stream)
                .findFirst();
    }

    static int remove(JdbcClient jdbc, WorkspaceId workspace, List<String> ids) {
        return jdbc.sql("delete from session where workspace = :workspace and id in (:ids)")
                .param("workspace", workspace.value())
                .param("ids", ids)
                .update();
    }

    /** Whether it was open, and is ended by this very call. */
    static boolean end(Transaction transaction, WorkspaceId workspace, String id) {
        return transaction
                        .jdbc()
                        .sql("update session set ended_at = ? where workspace = ? and id = ? and ended_at is null")
                        .params(transaction.now().toEpochMilli(), workspace.value(), id)
                        .update()
                == 1;
    }
}
