package io.heliograph.server.identity;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.events.Ids;
import io.heliograph.server.events.LinkMaker;
import io.heliograph.server.events.MemberId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * API keys, in SQL and as text. A key is written {@code hk_<id>_<secret>}; only the hash of the secret is stored.
 * Everything runs in the connection that it is given.
 */
public final class ApiKeys {
    static final String PREFIX = "hk_";
    private static final Pattern SHAPE = Pattern.compile("hk_([0-9a-z]{26})_([0-9a-z]{32})");
    private static final String COLUMNS =
            "id, name, scopes, owner, created_at, expires_at, revoked_at, act_as, coalesce(lineage, id), signed_in_by";

    private ApiKeys() {}

    /**
     * The attributes of a new key.
     *
     * @param lineage that of the key which it replaces; empty for a key that replaces none
     */
    record NewKey(
            String name,
            Set<Scope> scopes,
            ActAs actAs,
            Optional<MemberId> owner,
            List<LinkMaker> signedInBy,
            Optional<Instant> expiresAt,
            Optional<String> lineage) {}

    /** A new key with its secret in {@code text}, which is not stored. */
    record Issued(ApiKey key, String text) {}

    /** A stored key with its workspace. */
    record Found(WorkspaceId workspace, ApiKey key) {}

    static Issued issue(JdbcClient jdbc, WorkspaceId workspace, NewKey wanted, Instant now) {
        String id = Ids.next("key", now.toEpochMilli());
        String secret = Secrets.next();
        jdbc.sql("""
                insert into api_key
                  (workspace, id, name, secret_hash, scopes, owner, created_at, expires_at, act_as, lineage, signed_in_by)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
                .param(1, workspace.value())
                .param(2, id)
                .param(3, wanted.name())
                .param(4, Secrets.hash(secret))
                .param(5, format(wanted.scopes()))
                .param(6, wanted.owner().map(MemberId::value).orElse(null), Types.VARCHAR)
                .param(7, now.toEpochMilli())
                .param(8, wanted.expiresAt().map(Instant::toEpochMilli).orElse(null), Types.BIGINT)
                .param(9, wanted.actAs().format().orElse(null), Types.VARCHAR)
                .param(10, wanted.lineage().orElse(id))
                .param(11, LinkMakers.write(wanted.signedInBy()), Types.VARCHAR)
                .update();
        ApiKey key = new ApiKey(
                id,
                wanted.name(),
                wanted.scopes(),
                Optional.of(wanted.actAs()).filter(actAs -> !actAs.isEmpty()),
                wanted.owner(),
                wanted.signedInBy(),
                wanted.lineage().orElse(id),
                now,
                wanted.expiresAt(),
                Optional.empty());
        return new Issued(key, PREFIX + id.substring(id.indexOf('_') + 1) + "_" + secret);
    }

    /** The stored key of {@code text}, also when it is revoked or expired; empty when there is none. */
    static Optional<Found> find(JdbcClient jdbc, String text) {
        Matcher matcher = SHAPE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String secret = matcher.group(2);
        return jdbc
                .sql("select " + COLUMNS + ", secret_hash, workspace from api_key where id = ?")
                .param("key_" + matcher.group(1))
                .query((row, _) -> Secrets.matches(secret, row.getString(11))
                        ? Optional.of(new Found(new WorkspaceId(row.getString(12)), read(row)))
                        : Optional.<Found>empty())
                .list()
                .stream()
                .flatMap(Optional::stream)
                .findFirst();
    }

    static boolean wellFormed(String text) {
        return SHAPE.matcher(text).matches();
    }

    /** All keys of a workspace, oldest first, revoked ones too. */
    static List<ApiKey> all(JdbcClient jdbc, WorkspaceId workspace) {
        return jdbc.sql("select " + COLUMNS + " from api_key where workspace = ? order by id")
                .param(workspace.value())
                .query((row, _) -> read(row))
                .list();
    }

    static Optional<ApiKey> find(JdbcClient jdbc, WorkspaceId workspace, String id) {
        return jdbc.sql("select " + COLUMNS + " from api_key where workspace = ? and id = ?")
                .params(workspace.value(), id)
                .query((row, _) -> read(row))
                .optional();
    }

    /** A key that is neither revoked nor expired; empty when there is none with this id. */
    public static Optional<ApiKey> usable(JdbcClient jdbc, WorkspaceId workspace, String id, Instant now) {
        return find(jdbc, workspace, id).filter(key -> key.inForce(now));
    }

    /** Valid keys that a member made, oldest first. */
    static List<ApiKey> madeBy(JdbcClient jdbc, WorkspaceId workspace, MemberId member) {
        return jdbc.sql("select " + COLUMNS
                        + " from api_key where workspace = ? and owner = ? and revoked_at is null order by id")
                .params(workspace.value(), member.value())
                .query((row, _) -> read(row))
                .list();
    }

    /** The lineage of the newest key with this name that the command line or the server itself made. */
    static Optional<String> newestLineage(JdbcClient jdbc, WorkspaceId workspace, String name) {
        return jdbc.sql("select coalesce(lineage, id) from api_key where workspace = ? and name = ? and owner is null"
                        + " order by id desc limit 1")
                .params(workspace.value(), name)
                .query(String.class)
                .optional();
    }

    static boolean inForce(JdbcClient jdbc, WorkspaceId workspace, String id) {
        return !jdbc.sql("select id from api_key where workspace = ? and id = ? and revoked_at is null")
                .params(workspace.value(), id)
                .query(String.class)
                .list()
                .isEmpty();
    }

    /** Whether it was valid until now. */
    static boolean revoke(JdbcClient jdbc, WorkspaceId workspace, String id, Instant now) {
        return jdbc.sql("update api_key set revoked_at = ? where workspace = ? and id = ? and revoked_at is null")
                        .params(now.toEpochMilli(), workspace.value(), id)
                        .update()
                == 1;
    }

    /** Ends a key at {@code end}, unless it ends before. */
    static void end(JdbcClient jdbc, WorkspaceId workspace, String id, Instant end) {
        jdbc.sql("update api_key set expires_at = ? where workspace = ? and id = ?"
                        + " and (expires_at is null or expires_at > ?)")
                .params(end.toEpochMilli(), workspace.value(), id, end.toEpochMilli())
                .update();
    }

    private static ApiKey read(ResultSet row) throws SQLException {
        return new ApiKey(
                row.getString(1),
                row.getString(2),
                parse(row.getString(3)),
                Optional.of(ActAs.parse(Optional.ofNullable(row.getString(8)))).filter(actAs -> !actAs.isEmpty()),
                Optional.ofNullable(row.getString(4)).map(MemberId::new),
                LinkMakers.read(row.getString(10)),
                row.getString(9),
                Instant.ofEpochMilli(row.getLong(5)),
                instant(row, 6),
                instant(row, 7));
    }

    private static Optional<Instant> instant(ResultSet row, int column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    private static String format(Set<Scope> scopes) {
        return scopes.stream().sorted().map(Scope::wireName).collect(Collectors.joining(" "));
    }

    private static Set<Scope> parse(String scopes) {
        return Arrays.stream(scopes.split(" "))
                .flatMap(name -> Scope.parse(name).stream())
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Scope.class)));
    }
}
