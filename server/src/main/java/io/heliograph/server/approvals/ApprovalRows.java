package io.heliograph.server.approvals;

import io.heliograph.server.events.Actor;
import io.heliograph.server.events.AgentId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** The columns of approvals, and how their rows are read. Immutable. */
final class ApprovalRows {
    static final String COLUMNS = "id, workspace, agent_id, external_id, title, description, reasoning,"
            + " confidence, risk, tags, action_name, action_args, action_preview, digest, allow_approve, allow_edit,"
            + " allow_respond, allow_reject, args_schema, reject_options, status, created_at, expires_at, resolved_at,"
            + " resolution, claimed_by, claimed_until, metadata, version";

    private static final List<String> LARGE =
            List.of("action_args", "action_preview", "description", "reasoning", "args_schema", "metadata");

    /** The same without large parts, which are not read; {@code truncated} says whether there are any. */
    static final String LISTED_COLUMNS = listed();

    private final JsonMapper json;

    ApprovalRows(JsonMapper json) {
        this.json = json;
    }

    private static String listed() {
        String columns = COLUMNS;
        for (String part : LARGE) {
            columns = columns.replaceFirst(
                    "\\b" + part + "\\b", "case when " + isLarge(part) + " then null else " + part + " end as " + part);
        }
        return columns + ", case when "
                + LARGE.stream().map(ApprovalRows::isLarge).collect(Collectors.joining(" or "))
                + " then 1 else 0 end as truncated";
    }

    private static String isLarge(String part) {
        return "octet_length(" + part + ") > " + ListedApproval.MAX_PART_BYTES;
    }

    /** Of a row with {@link #LISTED_COLUMNS}. */
    ListedApproval readListed(ResultSet row, int number) throws SQLException {
        return ListedApproval.of(read(row, number), row.getInt("truncated") == 1, json);
    }

    /** Of a row with {@link #COLUMNS}. */
    Approval read(ResultSet row, int number) throws SQLException {
        double confidence = row.getDouble("confidence");
        OptionalDouble confident = row.wasNull() ? OptionalDouble.empty() : OptionalDouble.of(confidence);
        long resolvedAt = row.getLong("resolved_at");
        Optional<Instant> resolved = row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(resolvedAt));
        return new Approval(
                new ApprovalId(row.getString("id")),
                row.getString("workspace"),
                new AgentId(row.getString("agent_id")),
                Optional.ofNullable(row.getString("external_id")),
                row.getString("title"),
                Optional.ofNullable(row.getString("description")),
                Optional.ofNullable(row.getString("reasoning")),
                confident,
                Approval.Risk.valueOf(row.getString("risk").toUpperCase(Locale.ROOT)),
                List.of(json.readValue(row.getString("tags"), String[].class)),
                new Approval.Action(
                        row.getString("action_name"),
                        tree(row.getString("action_args")).orElseGet(MissingNode::getInstance),
                        tree(row.getString("action_preview")),
                        row.getString("digest")),
                new Approval.Allow(
                        row.getInt("allow_approve") == 1,
                        row.getInt("allow_edit") == 1,
                        row.getInt("allow_respond") == 1,
                        row.getInt("allow_reject") == 1),
                tree(row.getString("args_schema")),
                List.of(json.readValue(row.getString("reject_options"), String[].class)),
                status(row.getString("status")),
                Instant.ofEpochMilli(row.getLong("created_at")),
                Instant.ofEpochMilli(row.getLong("expires_at")),
                resolved,
                claim(row),
                value(row.getString("resolution"), Approval.Resolution.class),
                tree(row.getString("metadata")).orElseGet(MissingNode::getInstance),
                row.getLong("version"));
    }

    static Approval.Status status(String column) {
        return Approval.Status.valueOf(column.toUpperCase(Locale.ROOT));
    }

    private Optional<Approval.Claim> claim(ResultSet row) throws SQLException {
        long until = row.getLong("claimed_until");
        return value(row.getString("claimed_by"), Actor.class)
                .map(by -> new Approval.Claim(by, Instant.ofEpochMilli(until)));
    }

    private Optional<JsonNode> tree(@Nullable String text) {
        return text == null ? Optional.empty() : Optional.of(json.readTree(text));
    }

    private <T> Optional<T> value(@Nullable String text, Class<T> type) {
        return text == null ? Optional.empty() : Optional.of(json.readValue(text, type));
    }
}
