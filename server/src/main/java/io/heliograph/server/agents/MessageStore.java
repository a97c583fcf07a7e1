package io.heliograph.server.agents;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.web.PageRows;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The SQL of agents' messages. Stateless. */
final class MessageStore {
    private static final String COLUMNS = "id, agent_id, seq, role, kind, body, state, created_at";

    /** Bytes of a message's other fields in JSON, about. */
    private static final long BESIDE_TEXT = 300;

    /** The next place among an agent's messages; empty when there is no such agent. Held until the transaction ends. */
    OptionalLong nextSeq(JdbcClient jdbc, WorkspaceId workspace, String agentId) {
        return jdbc
                .sql("update agent set last_message_seq = last_message_seq + 1 where workspace = ? and id = ?"
                        + " returning last_message_seq")
                .params(workspace.value(), agentId)
                .query(Long.class)
                .list()
                .stream()
                .mapToLong(Long::longValue)
                .findFirst();
    }

    Optional<AgentMessage> find(JdbcClient jdbc, WorkspaceId workspace, String agentId, String id) {
        return jdbc.sql("select " + COLUMNS + " from agent_message where workspace = ? and agent_id = ? and id = ?")
                .params(workspace.value(), agentId, id)
                .query(MessageStore::map)
                .optional();
    }

    /** The newest first, those before the given seq. */
    PageRows<AgentMessage> page(
            JdbcClient jdbc, WorkspaceId workspace, String agentId, OptionalLong beforeSeq, int limit) {
        return jdbc.sql("select " + COLUMNS + " from agent_message"
                        + " where workspace = ? and agent_id = ? and seq < ? order by seq desc limit ?")
                .params(workspace.value(), agentId, beforeSeq.orElse(Long.MAX_VALUE), limit + 1)
                .withFetchSize(PageRows.FETCH_SIZE)
                .query(PageRows.reader(limit, MessageStore::map, MessageStore::bytes));
    }

    void insert(JdbcClient jdbc, WorkspaceId workspace, AgentMessage message) {
        jdbc.sql("insert into agent_message (workspace, " + COLUMNS + ")" + " values (?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .param(workspace.value())
                .param(message.id())
                .param(message.agentId())
                .param(message.seq())
                .param(message.role().wireName())
                .param(message.kind().wireName())
                .param(message.text())
                .param(message.state().wireName())
                .param(message.createdAt().toEpochMilli())
                .update();
    }

    /** Replaces what there is of a streaming message; tells whether it was still streaming. */
    boolean replaceText(JdbcClient jdbc, WorkspaceId workspace, AgentMessage message) {
        return jdbc.sql("update agent_message set body = ?, state = ?"
                                + " where workspace = ? and id = ? and state = 'streaming'")
                        .params(message.text(), message.state().wireName(), workspace.value(), message.id())
                        .update()
                == 1;
    }

    private static long bytes(AgentMessage message) {
        return BESIDE_TEXT + message.text().getBytes(StandardCharsets.UTF_8).length;
    }

    private static AgentMessage map(ResultSet row, int number) throws SQLException {
        return new AgentMessage(
                row.getString("id"),
                row.getString("agent_id"),
                row.getLong("seq"),
                AgentMessage.Role.valueOf(row.getString("role").toUpperCase(Locale.ROOT)),
                AgentMessage.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                row.getString("body"),
                AgentMessage.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                Instant.ofEpochMilli(row.getLong("created_at")));
    }
}
