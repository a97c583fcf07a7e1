package io.heliograph.server.agents;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.events.AgentId;
import io.heliograph.server.limits.UsageCounter;
import io.heliograph.server.limits.WorkspaceLimit;
import io.heliograph.server.limits.WorkspaceUsage;
import io.heliograph.server.storage.PageRows;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The SQL of agents' messages. Immutable. */
final class MessageStore {
    private static final String COLUMNS = "id, agent_id, seq, role, kind, body, state, created_at";

    /** The columns that are read. */
    private static final String FIELDS = COLUMNS + ", text_rev";

    /** Bytes of a message's other fields in JSON, about. */
    private static final long BESIDE_TEXT = 300;

    private final WorkspaceUsage usage;

    MessageStore(WorkspaceUsage usage) {
        this.usage = usage;
    }

    /**
     * Takes the next sequence number of an agent's messages and counts one more; empty when there is no such agent. The
     * row is locked until the transaction ends.
     *
     * @throws ProblemException {@code limit_reached}
     */
    OptionalLong nextSeq(JdbcClient jdbc, WorkspaceId workspace, AgentId agentId) {
        return jdbc
                .sql("update agent set last_message_seq = last_message_seq + 1, messages = messages + 1"
                        + " where workspace = ? and id = ? returning last_message_seq, messages")
                .params(workspace.value(), agentId.value())
                .query((row, _) -> {
                    usage.check(WorkspaceLimit.MESSAGES_PER_AGENT, row.getLong(2));
                    return row.getLong(1);
                })
                .list()
                .stream()
                .mapToLong(Long::longValue)
                .findFirst();
    }

    Optional<AgentMessage> find(JdbcClient jdbc, WorkspaceId workspace, AgentId agentId, String id) {
        return jdbc.sql("select " + FIELDS + " from agent_message where workspace = ? and agent_id = ? and id = ?")
                .params(workspace.value(), agentId.value(), id)
                .query(MessageStore::map)
                .optional();
    }

    /** Messages before the given seq, newest first. */
    PageRows<AgentMessage> page(
            JdbcClient jdbc, WorkspaceId workspace, AgentId agentId, OptionalLong beforeSeq, int limit) {
        return jdbc.sql("select " + FIELDS + " from agent_message"
                        + " where workspace = ? and agent_id = ? and seq < ? order by seq desc limit ?")
                .params(workspace.value(), agentId.value(), beforeSeq.orElse(Long.MAX_VALUE), limit + 1)
                .withFetchSize(PageRows.FETCH_SIZE)
                .query(PageRows.reader(limit, MessageStore::map, MessageStore::bytes));
    }

    void insert(JdbcClient jdbc, WorkspaceId workspace, AgentMessage message) {
        long bytes = textBytes(message);
        jdbc.sql("insert into agent_message (workspace, " + COLUMNS + ", bytes) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .param(workspace.value())
                .param(message.id())
                .param(message.agentId().value())
                .param(message.seq())
                .param(message.role().wireName())
                .param(message.kind().wireName())
                .param(message.text())
                .param(message.state().wireName())
                .param(message.createdAt().toEpochMilli())
                .param(bytes)
                .update();
        usage.add(jdbc, workspace, Map.of(UsageCounter.STORED_BYTES, bytes));
    }

    /** Replaces the text of a streaming message. Returns the stored message, or empty when it was final. */
    Optional<AgentMessage> replaceText(
            JdbcClient jdbc, WorkspaceId workspace, AgentMessage before, AgentMessage after) {
        long bytes = textBytes(after);
        Optional<AgentMessage> replaced = jdbc.sql("update agent_message"
                        + " set body = ?, state = ?, bytes = ?, text_rev = delta_rev"
                        + " where workspace = ? and id = ? and state = 'streaming' returning text_rev")
                .params(after.text(), after.state().wireName(), bytes, workspace.value(), after.id())
                .query(Long.class)
                .optional()
                .map(after::withDeltaRev);
        if (replaced.isPresent()) {
            usage.add(jdbc, workspace, Map.of(UsageCounter.STORED_BYTES, bytes - textBytes(before)));
        }
        return replaced;
    }

    /** The number of a delta. */
    record DeltaCount(MessageDeltas.Key message, boolean byMember, Optional<String> key, long joinable, int numbers) {}

    /**
     * Counts a delta in its message's row and returns the message's latest delta number. When that is {@code joinable}
     * and no text was written since, the delta shares it; otherwise it takes {@code numbers} new ones.
     *
     * @return empty when the message does not stream, is another's to write, or had the key last
     */
    OptionalLong countDelta(JdbcClient jdbc, DeltaCount count) {
        String role = count.byMember ? "role = 'operator'" : "role <> 'operator'";
        String key = count.key.isEmpty() ? "" : ", delta_key = :key";
        String repeated = count.key.isEmpty() ? "" : " and (delta_key is null or delta_key <> :key)";
        return jdbc
                .sql("update agent_message set delta_rev = case when delta_rev = :joinable and delta_rev > text_rev"
                        + " then delta_rev else delta_rev + :numbers end" + key
                        + " where workspace = :workspace and id = :id and agent_id = :agent and state = 'streaming'"
                        + " and " + role + repeated + " returning delta_rev")
                .param("joinable", count.joinable)
                .param("numbers", count.numbers)
                .param("key", count.key.orElse(""))
                .param("workspace", count.message.workspace().value())
                .param("id", count.message.messageId())
                .param("agent", count.message.agentId().value())
                .query(Long.class)
                .list()
                .stream()
                .mapToLong(Long::longValue)
                .findFirst();
    }

    /** The Idempotency-Key of the last delta of a message that had one. */
    Optional<String> lastDeltaKey(JdbcClient jdbc, MessageDeltas.Key message) {
        return jdbc.sql("select delta_key from agent_message"
                        + " where workspace = ? and id = ? and agent_id = ? and delta_key is not null")
                .params(
                        message.workspace().value(),
                        message.messageId(),
                        message.agentId().value())
                .query(String.class)
                .optional();
    }

    /** Removes messages; returns how many there still were. */
    int remove(JdbcClient jdbc, WorkspaceId workspace, List<String> ids) {
        Map<AgentId, Integer> byAgent = new HashMap<>();
        AtomicLong bytes = new AtomicLong();
        jdbc.sql("delete from agent_message where workspace = :workspace and id in (:ids) returning agent_id, bytes")
                .param("workspace", workspace.value())
                .param("ids", ids)
                .query(row -> {
                    byAgent.merge(new AgentId(row.getString(1)), 1, Integer::sum);
                    bytes.addAndGet(row.getLong(2));
                });
        byAgent.forEach((agentId, removed) -> jdbc.sql(
                        "update agent set messages = messages - ? where workspace = ? and id = ?")
                .params(removed, workspace.value(), agentId.value())
                .update());
        usage.adjust(jdbc, workspace, Map.of(UsageCounter.STORED_BYTES, -bytes.get()));
        return byAgent.values().stream().mapToInt(Integer::intValue).sum();
    }

    private static long bytes(AgentMessage message) {
        return BESIDE_TEXT + textBytes(message);
    }

    /** The bytes that count as stored for the workspace. */
    private static long textBytes(AgentMessage message) {
        return message.text().getBytes(StandardCharsets.UTF_8).length;
    }

    private static AgentMessage map(ResultSet row, int number) throws SQLException {
        return new AgentMessage(
                row.getString("id"),
                new AgentId(row.getString("agent_id")),
                row.getLong("seq"),
                AgentMessage.Role.valueOf(row.getString("role").toUpperCase(Locale.ROOT)),
                AgentMessage.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                row.getString("body"),
                AgentMessage.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                Instant.ofEpochMilli(row.getLong("created_at")),
                row.getLong("text_rev"));
    }
}
