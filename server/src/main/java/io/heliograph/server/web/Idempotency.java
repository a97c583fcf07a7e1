package io.heliograph.server.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heliograph.eventlog.Transaction;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes a POST safe to repeat: the answer to the first try is stored by the very transaction that made the change, so
 * after a crash either both are there or neither is.
 *
 * <pre>{@code
 * @PostMapping("/v1/approvals")
 * ResponseEntity<byte[]> create(Caller caller, Attempt attempt, @RequestBody NewApproval body) {
 *     return log.write(caller.workspace(), transaction -> idempotency.run(transaction, attempt, () -> {
 *         Approval approval = approvals.create(transaction, caller, body);
 *         return ResponseEntity.created(approval.url()).body(approval);
 *     }));
 * }
 * }</pre>
 *
 * <p>A repeated key with the same request gets the first answer again, with {@code Idempotency-Replayed: true}; with
 * another request it gets {@code idempotency_key_reused}. An action that throws stores nothing: a request that was
 * refused changed nothing, and is judged afresh when it is repeated. A POST that does not go through here is covered
 * from outside ({@code IdempotencyFilter}), where the answer is stored just after the change: such a POST must itself be
 * harmless to repeat, in case the process dies between the two. Answers are kept for {@value #KEPT_HOURS} hours.
 * Keys are scoped to workspace and caller.
 *
 * <p>Safe from any thread; a {@code run} belongs to its transaction's thread.
 */
@Component
public final class Idempotency {
    static final int KEPT_HOURS = 24;
    private static final Duration KEPT = Duration.ofHours(KEPT_HOURS);

    private final JsonMapper json;

    public Idempotency(JsonMapper json) {
        this.json = json;
    }

    /** Answers what {@code action} answers, or what it answered to this key before. */
    public ResponseEntity<byte[]> run(Transaction transaction, Attempt attempt, Supplier<ResponseEntity<?>> action) {
        if (attempt.key().isEmpty()) {
            return encode(action.get());
        }
        Optional<ResponseEntity<byte[]>> first = replay(transaction.jdbc(), attempt);
        if (first.isPresent()) {
            return first.get();
        }
        ResponseEntity<byte[]> answer = encode(action.get());
        keep(transaction, attempt, answer);
        return answer;
    }

    /**
     * What was answered to this key before; empty when nothing was, or there is no key.
     *
     * @throws ProblemException {@code idempotency_key_reused}
     */
    public Optional<ResponseEntity<byte[]>> replay(JdbcClient jdbc, Attempt attempt) {
        return attempt.key().flatMap(key -> find(jdbc, attempt, key).map(first -> replay(first, attempt, key)));
    }

    /** Keeps an answer that was made outside of {@link #run}. The first one that is kept for a key stays. */
    public void keep(Transaction transaction, Attempt attempt, ResponseEntity<byte[]> answer) {
        attempt.key().ifPresent(key -> store(transaction, attempt, key, answer));
    }

    private static ResponseEntity<byte[]> replay(Stored first, Attempt attempt, String key) {
        if (!first.requestHash.equals(attempt.requestHash())) {
            throw new ProblemException(
                    ErrorCode.IDEMPOTENCY_KEY_REUSED,
                    "The Idempotency-Key \"" + key + "\" came with another request before; take a new key for a new"
                            + " request, and repeat a request with exactly the same body");
        }
        return first.toResponse();
    }

    private static Optional<Stored> find(JdbcClient jdbc, Attempt attempt, String key) {
        return jdbc.sql("""
                select request_hash, status, headers, body from idempotency
                where workspace = ? and caller = ? and idempotency_key = ?
                """)
                .params(attempt.workspace().value(), attempt.caller(), key)
                .query((row, _) ->
                        new Stored(row.getString(1), row.getInt(2), parseHeaders(row.getString(3)), row.getString(4)))
                .optional();
    }

    private static void store(Transaction transaction, Attempt attempt, String key, ResponseEntity<byte[]> answer) {
        long now = transaction.now().toEpochMilli();
        transaction
                .jdbc()
                .sql("delete from idempotency where workspace = ? and created_at < ?")
                .params(attempt.workspace().value(), now - KEPT.toMillis())
                .update();
        byte[] body = answer.getBody();
        transaction
                .jdbc()
                .sql("""
                        insert into idempotency
                          (workspace, caller, idempotency_key, request_hash, status, headers, body, created_at)
                        values (?, ?, ?, ?, ?, ?, ?, ?)
                        on conflict (workspace, caller, idempotency_key) do nothing
                        """)
                .params(
                        attempt.workspace().value(),
                        attempt.caller(),
                        key,
                        attempt.requestHash(),
                        answer.getStatusCode().value(),
                        formatHeaders(answer.getHeaders()),
                        body == null ? "" : new String(body, UTF_8),
                        now)
                .update();
    }

    private ResponseEntity<byte[]> encode(ResponseEntity<?> answer) {
        HttpHeaders headers = new HttpHeaders();
        headers.putAll(answer.getHeaders());
        Object body = answer.getBody();
        if (body == null) {
            return ResponseEntity.status(answer.getStatusCode())
                    .headers(headers)
                    .build();
        }
        headers.setContentType(MediaType.APPLICATION_JSON);
        return ResponseEntity.status(answer.getStatusCode())
                .headers(headers)
                .body(body instanceof byte[] bytes ? bytes : json.writeValueAsBytes(body));
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
