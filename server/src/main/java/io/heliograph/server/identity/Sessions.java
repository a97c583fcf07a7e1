package io.heliograph.server.identity;

import io.heliograph.eventlog.Transaction;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.events.Ids;
import io.heliograph.server.events.LinkMaker;
import io.heliograph.server.events.MemberId;
import io.heliograph.server.sql.Sql;
import io.heliograph.server.storage.PageRows;
import io.heliograph.server.workspaces.Members;
import java.sql.ResultSet;
import java.sql.SQLException;
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
    /** The approximate size of a row on a page, without its names. */
    private static final long ROW_BYTES = 300;

    private Sessions() {}

    /**
     * The member that a code signs in.
     *
     * @param madeBy who made the link, as {@link LinkMakers} says
     */
    record Holder(WorkspaceId workspace, MemberId memberId, List<LinkMaker> madeBy) {
        Holder {
            madeBy = List.copyOf(madeBy);
        }
    }

    /** A valid code. */
    record Code(Holder holder, Instant expiresAt) {}

    /**
     * A valid session.
     *
     * @param signedInBy who made the link that opened it, as {@link LinkMakers} says
     */
    record Session(String id, WorkspaceId workspace, MemberId memberId, List<LinkMaker> signedInBy) {
        Session {
            signedInBy = List.copyOf(signedInBy);
        }
    }

    /** A new session with the cookie's value, which is not stored. */
    record Opened(Session session, String cookie) {}

    /** A session as a list shows it. */
    record Listed(
            String id,
            MemberId memberId,
            String memberName,
            Instant createdAt,
            Instant expiresAt,
            List<LinkMaker> signedInBy) {
        Listed {
            signedInBy = List.copyOf(signedInBy);
        }
    }

    static String issueCode(Transaction transaction, Holder holder, Duration ttl) {
        String code = Secrets.next();
        Sql.in(transaction)
                .sql(
                        "insert into sign_in_code (workspace, code_hash, member, expires_at, made_by) values (?, ?, ?, ?, ?)")
                .param(holder.workspace.value())
                .param(Secrets.hash(code))
                .param(holder.memberId.value())
                .param(transaction.now().plus(ttl).toEpochMilli())
                .param(LinkMakers.write(holder.madeBy))
                .update();
        return code;
    }

    /** The owner of a code, used or not. */
    static Optional<Holder> findCode(JdbcClient jdbc, String code) {
        return jdbc.sql("select workspace, member, made_by from sign_in_code where code_hash = ?")
                .param(Secrets.hash(code))
                .query((row, _) -> holder(row))
                .optional();
    }

    /** The code, if {@link #useCode} would accept it. Changes nothing. */
    static Optional<Code> findUsableCode(JdbcClient jdbc, String code, Instant now) {
        return jdbc.sql("select workspace, member, made_by, expires_at from sign_in_code"
                        + " where code_hash = ? and used_at is null and expires_at > ?")
                .params(Secrets.hash(code), now.toEpochMilli())
                .query((row, _) -> new Code(holder(row), Instant.ofEpochMilli(row.getLong(4))))
                .optional()
                .filter(found -> stands(jdbc, found.holder));
    }

    /** Whether the code was valid and was used by this call. */
    static boolean useCode(Transaction transaction, Holder holder, String code) {
        long now = transaction.now().toEpochMilli();
        return stands(Sql.in(transaction), holder)
                && Sql.in(transaction)
                                .sql("""
                                        update sign_in_code set used_at = ?
                                        where workspace = ? and code_hash = ? and used_at is null and expires_at > ?
                                        """)
                                .params(now, holder.workspace.value(), Secrets.hash(code), now)
                                .update()
                        == 1;
    }

    /** A link becomes invalid when its member or one of its makers is removed. */
    private static boolean stands(JdbcClient jdbc, Holder holder) {
        return Members.find(jdbc, holder.workspace, holder.memberId).isPresent()
                && holder.madeBy.stream()
                        .allMatch(maker ->
                                Members.find(jdbc, holder.workspace, maker.id()).isPresent());
    }

    static Opened open(Transaction transaction, Holder holder, Duration ttl) {
        Instant now = transaction.now();
        String id = Ids.next("ses", now.toEpochMilli());
        String secret = Secrets.next();
        Sql.in(transaction)
                .sql("""
                        insert into session (workspace, id, secret_hash, member, created_at, expires_at, signed_in_by)
                        values (?, ?, ?, ?, ?, ?, ?)
                        """)
                .param(holder.workspace.value())
                .param(id)
                .param(Secrets.hash(secret))
                .param(holder.memberId.value())
                .param(now.toEpochMilli())
                .param(now.plus(ttl).toEpochMilli())
                .param(LinkMakers.write(holder.madeBy))
                .update();
        return new Opened(new Session(id, holder.workspace, holder.memberId, holder.madeBy), id + "." + secret);
    }

    /** The session of a cookie's value, if it is still valid. */
    static Optional<Session> find(JdbcClient jdbc, String cookie, Instant now) {
        int dot = cookie.indexOf('.');
        if (dot < 0) {
            return Optional.empty();
        }
        String id = cookie.substring(0, dot);
        String secret = cookie.substring(dot + 1);
        return jdbc
                .sql("""
                        select workspace, id, member, signed_in_by, secret_hash from session
                        where id = ? and ended_at is null and expires_at > ?
                        """)
                .params(id, now.toEpochMilli())
                .query((row, _) -> Secrets.matches(secret, row.getString(5))
                        ? Optional.of(session(row))
                        : Optional.<Session>empty())
                .list()
                .stream()
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** A session of the workspace, valid or not. */
    static Optional<Session> byId(JdbcClient jdbc, WorkspaceId workspace, String id) {
        return jdbc.sql("select workspace, id, member, signed_in_by from session where workspace = ? and id = ?")
                .params(workspace.value(), id)
                .query((row, _) -> session(row))
                .optional();
    }

    /** Valid sessions before the one named {@code before}, of one member or of all, newest first. */
    static PageRows<Listed> page(
            JdbcClient jdbc,
            WorkspaceId workspace,
            Optional<MemberId> memberId,
            Optional<String> before,
            Instant now,
            int limit) {
        return jdbc.sql("select s.id, s.member, m.name, s.created_at, s.expires_at, s.signed_in_by from session s"
                        + " join member m on m.workspace = s.workspace and m.id = s.member and m.removed_at is null"
                        + " where s.workspace = :workspace and s.ended_at is null and s.expires_at > :now"
                        + (memberId.isPresent() ? " and s.member = :member" : "")
                        + (before.isPresent() ? " and s.id < :before" : "")
                        + " order by s.id desc limit :limit")
                .param("workspace", workspace.value())
                .param("now", now.toEpochMilli())
                .param("member", memberId.map(MemberId::value).orElse(""))
                .param("before", before.orElse(""))
                .param("limit", limit + 1)
                .withFetchSize(PageRows.FETCH_SIZE)
                .query(PageRows.reader(
                        limit,
                        (row, _) -> new Listed(
                                row.getString(1),
                                new MemberId(row.getString(2)),
                                row.getString(3),
                                Instant.ofEpochMilli(row.getLong(4)),
                                Instant.ofEpochMilli(row.getLong(5)),
                                LinkMakers.read(row.getString(6))),
                        row -> ROW_BYTES * (1 + row.signedInBy.size())));
    }

    static int remove(JdbcClient jdbc, WorkspaceId workspace, List<String> ids) {
        return jdbc.sql("delete from session where workspace = :workspace and id in (:ids)")
                .param("workspace", workspace.value())
                .param("ids", ids)
                .update();
    }

    /** Whether it was open and was ended by this call. */
    static boolean end(Transaction transaction, Session session) {
        return Sql.in(transaction)
                        .sql("update session set ended_at = ? where workspace = ? and id = ? and ended_at is null")
                        .params(transaction.now().toEpochMilli(), session.workspace.value(), session.id)
                        .update()
                == 1;
    }

    /** From a row that begins with workspace, member and made_by. */
    private static Holder holder(ResultSet row) throws SQLException {
        return new Holder(
                new WorkspaceId(row.getString(1)), new MemberId(row.getString(2)), LinkMakers.read(row.getString(3)));
    }

    /** From a row that begins with workspace, id, member and signed_in_by. */
    private static Session session(ResultSet row) throws SQLException {
        return new Session(
                row.getString(2),
                new WorkspaceId(row.getString(1)),
                new MemberId(row.getString(3)),
                LinkMakers.read(row.getString(4)));
    }
}
