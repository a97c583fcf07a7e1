package io.heliograph.server.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heliograph.eventlog.Transaction;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.sql.Sql;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The SQL of the answers that {@link Commands} keeps. Keys are scoped to workspace and caller. Stateless. */
final class IdempotencyStore {
    private IdempotencyStore() {}

    /**
     * The stored response for this key; empty when there is none.
     *
     * @throws ProblemException {@code idempotency_key_reused} when it came with another request
     */
    static Optional<ResponseEntity<byte[]>> find(JdbcClient jdbc, IdempotentRequest request, String key) {
        return jdbc.sql("""
                        select request_hash, status, headers, body from idempotency
                        where workspace = ? and caller = ? and idempotency_key = ?
                        """)
                .params(request.workspace().value(), request.caller(), key)
                .query((row, _) ->
                        new Stored(row.getString(1), row.getInt(2), parseHeaders(row.getString(3)), row.getString(4)))
                .optional()
                .map(first -> {
                    if (!first.requestHash.equals(request.requestHash())) {
                        throw request.keyReused();
                    }
                    return first.toResponse();
                });
    }

    static void insert(Transaction transaction, IdempotentRequest request, String key, ResponseEntity<byte[]> answer) {
        byte[] body = answer.getBody();
        Sql.in(transaction)
                .sql("""
                        insert into idempotency
                          (workspace, caller, idempotency_key, request_hash, status, headers, body, created_at)
                        values (?, ?, ?, ?, ?, ?, ?, ?)
                        """)
                .params(
                        request.workspace().value(),
                        request.caller(),
                        key,
                        request.requestHash(),
                        answer.getStatusCode().value(),
                        formatHeaders(answer.getHeaders()),
                        body == null ? "" : new String(body, UTF_8),
                        transaction.now().toEpochMilli())
                .update();
    }

    /** The workspace of each answer that is older than {@code before}, the oldest first. */
    static List<WorkspaceId> olderThan(JdbcClient jdbc, Instant before, int limit, int skip) {
        return jdbc.sql("select workspace from idempotency where created_at < ? order by created_at limit ? offset ?")
                .params(before.toEpochMilli(), limit, skip)
                .query((row, _) -> new WorkspaceId(row.getString(1)))
                .list();
    }

    /** Removes the oldest answers of a workspace, at most {@code limit}; returns how many. */
    static int remove(JdbcClient jdbc, WorkspaceId workspace, Instant before, int limit) {
        return jdbc.sql("""
                        delete from idempotency where (workspace, caller, idempotency_key) in
                          (select workspace, caller, idempotency_key from idempotency
                           where workspace = ? and created_at < ? order by created_at limit ?)
                        """)
                .params(workspace.value(), before.toEpochMilli(), limit)
                .update();
    }

    private static String formatHeaders(HttpHeaders headers) {
        return headers.toSingleValueMap().entrySet().stream()
                .map(header -> header.getKey() + ": " + header.getValue())
                .collect(Collectors.joining("\n"));
    }

    private static Map<String, String> parseHeaders(String text) {
        Map<String, String> headers = new LinkedHashMap<>();
        text.lines().forEach(line -> {
            int colon = line.indexOf(": ");
            headers.put(line.substring(0, colon), line.substring(colon + 2));
        });
        return headers;
    }

    private record Stored(String requestHash, int status, Map<String, String> headers, String body) {
        ResponseEntity<byte[]> toResponse() {
            ResponseEntity.BodyBuilder response = ResponseEntity.status(status);
            headers.forEach(response::header);
            response.header("Idempotency-Replayed", "true");
            return body.isEmpty() ? response.build() : response.body(body.getBytes(UTF_8));
        }
    }
}
