package io.heliograph.server.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.server.fixtures.OpenApiDocument;
import io.heliograph.server.fixtures.TestPostgres;
import io.heliograph.server.fixtures.TestServer;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A column is as long as docs/openapi.yaml allows the field that it holds. That the code allows the same is tried by
 * RequestBodiesIT, which sends the longest and one character more.
 */
class ColumnLengthsIT {
    private static final OpenApiDocument API = OpenApiDocument.load();

    private static TestServer server;

    @BeforeAll
    static void start(@TempDir Path folder) {
        server = TestServer.start(folder);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "approval, title, createApproval, title",
        "approval, action_name, createApproval, action.name",
        "approval, external_id, createApproval, externalId",
        "approval, agent_id, createApproval, agentId",
        "agent, name, reportAgent, name",
        "agent, kind, reportAgent, kind",
        "agent, status_text, reportAgent, statusText",
        "agent, current_task, reportAgent, currentTask",
        "agent, error, reportAgent, error",
        "agent_message, id, writeAgentMessage, id",
        "member_notification, id, markNotifications, ids[0]",
        "member, handle, addMember, handle",
        "member, name, addMember, name",
        "api_key, name, addApiKey, name"
    })
    void aColumnIsAsLongAsItsField(String table, String column, String operation, String field) {
        int allowed = API.bodyFields(API.operation(operation)).stream()
                .filter(candidate -> candidate.path().equals(field))
                .findFirst()
                .orElseThrow()
                .schema()
                .get("maxLength")
                .asInt();

        assertThat(lengthOf(table, column)).isEqualTo(allowed);
    }

    /** SQLite declares a shorter one for approvals, and does not hold a column to its length. */
    static Stream<Arguments> idempotencyKeys() {
        return Stream.of(
                        Arguments.of("idempotency", "idempotency_key"),
                        Arguments.of("agent_message", "delta_key"),
                        Arguments.of("approval", "idempotency_key"))
                .limit(TestPostgres.wanted() ? 3 : 2);
    }

    @ParameterizedTest
    @MethodSource("idempotencyKeys")
    void anIdempotencyKeyFitsIntoItsColumn(String table, String column) {
        int allowed = API.operation("createApproval").parameters("header").stream()
                .filter(parameter -> parameter.name().equals("Idempotency-Key"))
                .findFirst()
                .orElseThrow()
                .schema()
                .get("maxLength")
                .asInt();

        assertThat(lengthOf(table, column)).isEqualTo(allowed);
    }

    private static int lengthOf(String table, String column) {
        String sql = TestPostgres.wanted()
                ? "select character_maximum_length from information_schema.columns"
                        + " where table_name = ? and column_name = ?"
                : "select cast(replace(replace(type, 'varchar(', ''), ')', '') as integer)"
                        + " from pragma_table_info(?) where name = ?";
        return server.part(JdbcClient.class)
                .sql(sql)
                .params(table, column)
                .query(Integer.class)
                .single();
    }
}
