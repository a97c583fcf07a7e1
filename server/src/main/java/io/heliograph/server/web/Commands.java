package io.heliograph.server.web;

import io.heliograph.eventlog.Command;
import io.heliograph.eventlog.EventLog;
import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.sql.Sql;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs the change of a request and makes it safe to repeat: the {@code Idempotency-Key}, the request's hash and the
 * answer are stored by the transaction that makes the change. After a crash, a failed commit or a lost connection
 * either all of them are stored or none.
 *
 * <pre>{@code
 * @PostMapping("/{id}/extend")
 * ResponseEntity<byte[]> extend(Caller caller, IdempotentRequest request, @PathVariable String id, @RequestBody Extension body) {
 *     return commands.run(request, approvals.extend(caller, id, body.expiresIn()), ApprovalController::answer);
 * }
 * }</pre>
 *
 * <p>A repeated key with the same request gets the first answer again, with {@code Idempotency-Replayed: true}; with
 * another request it gets {@code idempotency_key_reused}. Commands of one workspace run one after the other, on
 * whichever node they arrive, so of parallel requests with one key the first makes the change and the others find its
 * answer. A request without a key is always run and needs no additional statement.
 *
 * <p>A rejected request stores nothing and is evaluated again when it is repeated. A {@link ProblemException} of the
 * change rolls it back. A {@link ProblemException} of the answer is thrown after the commit, so that records of the
 * rejection, such as an audit entry, stay.
 *
 * <p>Every handler of a request that changes something goes through here. The exceptions are listed in {@code
 * ArchitectureTest}.
 *
 * <p>Safe from any thread; blocks on the database.
 */
@Component
public final class Commands {
    private final EventLog log;
    private final JsonMapper json;

    public Commands(EventLog log, JsonMapper json) {
        this.log = log;
        this.json = json;
    }

    /** The result of a keyed request after its commit. */
    private sealed interface Ending<R> {
        record Changed<R>(R result, ResponseEntity<byte[]> answer) implements Ending<R> {}

        record Repeated<R>(ResponseEntity<byte[]> first) implements Ending<R> {}

        record Refused<R>(ProblemException problem) implements Ending<R> {}
    }

    /** Runs a change whose result is its answer. */
    public ResponseEntity<byte[]> run(IdempotentRequest request, Command<? extends ResponseEntity<?>> change) {
        return run(request, change, Function.identity());
    }

    /** Runs a change and answers what {@code answer} makes of its result. */
    public <R> ResponseEntity<byte[]> run(
            IdempotentRequest request,
            Command<? extends R> change,
            Function<? super R, ? extends ResponseEntity<?>> answer) {
        if (request.key().isEmpty()) {
            return encode(answer.apply(log.write(request.workspace(), change)));
        }
        return switch (this.<R>runKeyed(request, change, answer)) {
            case Ending.Changed<R> changed -> changed.answer();
            case Ending.Repeated<R>(ResponseEntity<byte[]> first) -> first;
            case Ending.Refused<R>(ProblemException problem) -> throw problem;
        };
    }

    /**
     * Runs a change whose answer holds a secret. The secret is not stored: a repetition gets {@code kept}, which is
     * stored in its place.
     *
     * @param shown the first answer, made after the commit
     */
    public <R> ResponseEntity<byte[]> runWithSecret(
            IdempotentRequest request,
            Command<? extends R> change,
            Function<? super R, ? extends ResponseEntity<?>> shown,
            Function<? super R, ? extends ResponseEntity<?>> kept) {
        if (request.key().isEmpty()) {
            return encode(shown.apply(log.write(request.workspace(), change)));
        }
        return switch (this.<R>runKeyed(request, change, kept)) {
            case Ending.Changed<R> changed -> encode(shown.apply(changed.result()));
            case Ending.Repeated<R>(ResponseEntity<byte[]> first) -> first;
            case Ending.Refused<R>(ProblemException problem) -> throw problem;
        };
    }

    /**
     * Runs a change whose own rows store the key and detect a repetition. No answer is stored; a key of another request
     * is rejected all the same.
     */
    public <R> ResponseEntity<byte[]> runJoining(
            IdempotentRequest request,
            Command<? extends R> change,
            Function<? super R, ? extends ResponseEntity<?>> answer) {
        R result = log.write(request.workspace(), transaction -> {
            request.key().ifPresent(key -> IdempotencyStore.find(Sql.in(transaction), request, key));
            return change.run(transaction);
        });
        return encode(answer.apply(result));
    }

    private <R> Ending<R> runKeyed(
            IdempotentRequest request,
            Command<? extends R> change,
            Function<? super R, ? extends ResponseEntity<?>> answer) {
        String key = request.key().orElseThrow();
        return log.write(request.workspace(), transaction -> {
            Optional<ResponseEntity<byte[]>> first = IdempotencyStore.find(Sql.in(transaction), request, key);
            if (first.isPresent()) {
                return new Ending.Repeated<>(first.get());
            }
            R result = change.run(transaction);
            ResponseEntity<byte[]> made;
            try {
                made = encode(answer.apply(result));
            } catch (ProblemException refused) {
                return new Ending.Refused<>(refused);
            }
            IdempotencyStore.insert(transaction, request, key, made);
            return new Ending.Changed<>(result, made);
        });
    }

    private ResponseEntity<byte[]> encode(ResponseEntity<?> answer) {
        HttpHeaders headers = new HttpHeaders();
        headers.putAll(answer.getHeaders());
        ResponseEntity.BodyBuilder encoded =
                ResponseEntity.status(answer.getStatusCode()).headers(headers);
        Object body = answer.getBody();
        if (body == null) {
            return encoded.build();
        }
        if (headers.getContentType() == null) {
            encoded.contentType(MediaType.APPLICATION_JSON);
        }
        return encoded.body(json.writeValueAsBytes(body));
    }
}
