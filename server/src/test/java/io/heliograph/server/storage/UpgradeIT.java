package io.heliograph.server.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.eventlog.SqliteDataSources;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.fixtures.TestPostgres;
import io.heliograph.server.limits.UsageRecount;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What a database of an earlier build holds is there after its schema was brought up to date. */
@SuppressWarnings("NullAway.Init") // JUnit sets it
final class UpgradeIT {
    private static final List<String> APPROVALS = List.of(
            "'apr_1', 'Refund ✓?', null, '{}', 'pending', 'critical', null, null",
            "'apr_2', 'Send?', 'why', '{\"to\":\"é\"}', 'approved', 'low', 5, '{\"outcome\":\"approved\"}'");

    @TempDir
    Path folder;

    @Test
    void countersBeginWithWhatIsThere() {
        upgraded(
                jdbc -> {
                    APPROVALS.forEach(approval -> insertApproval(jdbc, approval));
                    jdbc.sql("insert into agent (workspace, id, name, status, reported, stopped, lease_seconds,"
                                    + " lease_expires_at, last_seen_at, pending_approvals, last_message_seq, metadata,"
                                    + " created_at, version) values ('ws_1', 'agt_1', 'robot', 'idle', 'idle', 0, 60, 1, 1,"
                                    + " 0, 2, '{}', 1, 1)")
                            .update();
                    for (int seq = 1; seq <= 2; seq++) {
                        jdbc.sql(
                                        "insert into agent_message (workspace, id, agent_id, seq, role, kind, body, state,"
                                                + " created_at) values ('ws_1', ?, 'agt_1', ?, 'agent', 'text', 'été', 'final', 1)")
                                .params("msg_" + seq, seq)
                                .update();
                    }
                },
                jdbc -> {
                    assertThat(usage(jdbc, "approvals.pending")).isEqualTo(1);
                    assertThat(usage(jdbc, "approvals.critical")).isEqualTo(1);
                    assertThat(usage(jdbc, "agents")).isEqualTo(1);
                    long texts = jdbc.sql("select sum(octet_length(title) + coalesce(octet_length(description), 0)"
                                    + " + octet_length(tags) + octet_length(action_name) + octet_length(action_args)"
                                    + " + octet_length(reject_options) + octet_length(metadata)"
                                    + " + coalesce(octet_length(resolution), 0)) from approval")
                            .query(Long.class)
                            .single();
                    assertThat(usage(jdbc, "stored.bytes")).isEqualTo(texts + 2 * 5);
                    assertThat(jdbc.sql("select messages from agent")
                                    .query(Long.class)
                                    .single())
                            .isEqualTo(2);
                    assertThat(UsageRecount.run(jdbc, new WorkspaceId("ws_1"))).isEmpty();
                });
    }

    @Test
    void notificationsKeepTheirIdsTextsAndTimes() {
        upgraded(
                jdbc -> {
                    insertNotification(jdbc, "'ntf_1', 'mem_1', 'Refund?', 'by robot', 'asked:apr_1', 1, null");
                    insertNotification(jdbc, "'ntf_2', 'mem_2', 'Refund?', 'by robot', 'asked:apr_1', 3, 7");
                    insertNotification(jdbc, "'ntf_3', 'mem_1', 'Robot fails', null, 'error:agt_1', 1, 7");
                    insertNotification(jdbc, "'ntf_4', 'mem_1', 'Robot fails', '', 'error:agt_1', 1, null");
                },
                jdbc -> {
                    List<String> rows = jdbc.sql("select n.id, n.member_id, b.title, b.body, n.dedupe_key, n.repeats,"
                                    + " n.read_at, b.kind, b.severity, b.subject_id, b.url"
                                    + " from member_notification n join notification_body b"
                                    + " on b.workspace = n.workspace and b.id = n.body_id order by n.id")
                            .query((row, _) -> String.join(
                                    " | ",
                                    row.getString(1),
                                    row.getString(2),
                                    row.getString(3),
                                    String.valueOf(row.getString(4)),
                                    row.getString(5),
                                    row.getString(6),
                                    String.valueOf(row.getString(7)),
                                    row.getString(8),
                                    row.getString(9),
                                    row.getString(10),
                                    row.getString(11)))
                            .list();
                    String rest = " | kind | info | apr_1 | /approvals/apr_1";
                    assertThat(rows)
                            .containsExactly(
                                    "ntf_1 | mem_1 | Refund? | by robot | asked:apr_1 | 1 | null" + rest,
                                    "ntf_2 | mem_2 | Refund? | by robot | asked:apr_1 | 3 | 7" + rest,
                                    "ntf_3 | mem_1 | Robot fails | null | error:agt_1 | 1 | 7" + rest,
                                    "ntf_4 | mem_1 | Robot fails |  | error:agt_1 | 1 | null" + rest);
                    assertThat(jdbc.sql("select count(*) from notification_body")
                                    .query(Long.class)
                                    .single())
                            .isEqualTo(3);
                });
    }

    @Test
    void agentsBelongToTheKeyThatWroteThemLastAndKeysToThemselves() {
        upgraded(
                jdbc -> {
                    jdbc.sql("insert into api_key (workspace, id, name, secret_hash, scopes, created_at)"
                                    + " values ('ws_1', 'key_1', 'robot', 'hash', 'read', 1)")
                            .update();
                    for (String keyId : List.of("'key_1'", "null")) {
                        jdbc.sql("insert into agent (workspace, id, key_id, name, status, reported, stopped,"
                                        + " lease_seconds, lease_expires_at, last_seen_at, pending_approvals,"
                                        + " last_message_seq, metadata, created_at, version) values ('ws_1', ?, "
                                        + keyId
                                        + ", 'Robot', 'idle', 'idle', 0, 60, 1, 1, 0, 0, '{}', 1, 1)")
                                .param(keyId.equals("null") ? "agt_2" : "agt_1")
                                .update();
                    }
                },
                jdbc -> {
                    assertThat(jdbc.sql("select key_id, owner_name from agent order by id")
                                    .query((row, _) -> row.getString(1) + " " + row.getString(2))
                                    .list())
                            .containsExactly("key_1 robot", "null null");
                    assertThat(jdbc.sql("select coalesce(lineage, id), act_as from api_key")
                                    .query((row, _) -> row.getString(1) + " " + row.getString(2))
                                    .single())
                            .isEqualTo("key_1 null");
                });
    }

    private void upgraded(Consumer<JdbcClient> before, Consumer<JdbcClient> after) {
        if (TestPostgres.wanted()) {
            upgraded(new DriverManagerDataSource(TestPostgres.url(folder)), before, after);
        } else {
            try (SqliteDataSources sources = SqliteDataSources.open(folder.resolve("upgrade.db"))) {
                upgraded(sources.writer(), before, after);
            }
        }
    }

    private static void upgraded(DataSource database, Consumer<JdbcClient> before, Consumer<JdbcClient> after) {
        JdbcClient jdbc = JdbcClient.create(database);
        migrate(database, "113");
        before.accept(jdbc);
        migrate(database, "latest");
        after.accept(jdbc);
    }

    private static void migrate(DataSource database, String target) {
        Flyway.configure(UpgradeIT.class.getClassLoader())
                .dataSource(database)
                .locations("classpath:io/heliograph/eventlog/migration", "classpath:db/migration")
                .outOfOrder(true)
                .target(target)
                .load()
                .migrate();
    }

    private static void insertApproval(JdbcClient jdbc, String values) {
        jdbc.sql("insert into approval (id, title, description, action_args, status, risk, resolved_at, resolution,"
                        + " workspace, agent_id, requested_by, tags, action_name, digest, allow_approve, allow_edit,"
                        + " allow_respond, allow_reject, reject_options, created_at, expires_at, metadata, version)"
                        + " values (" + values
                        + ", 'ws_1', 'agt_1', 'key_1', '[]', 'refund', 'digest', 1, 1, 1, 1, '[]',"
                        + " 1, 1, '{}', 1)")
                .update();
    }

    private static void insertNotification(JdbcClient jdbc, String values) {
        jdbc.sql("insert into notification (id, member_id, title, body, dedupe_key, repeats, read_at, workspace, kind,"
                        + " severity, subject_type, subject_id, url, created_at) values (" + values
                        + ", 'ws_1', 'kind', 'info', 'approval', 'apr_1', '/approvals/apr_1', 1)")
                .update();
    }

    private static long usage(JdbcClient jdbc, String name) {
        return jdbc.sql("select value from workspace_usage where workspace = 'ws_1' and name = ?")
                .param(name)
                .query(Long.class)
                .single();
    }
}
