package io.heliograph.server.web;

import io.heliograph.eventlog.EventLogException;
import io.heliograph.eventlog.Overloaded;
import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.errors.InvalidFieldException;
import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.events.Ids;
import io.heliograph.server.json.JsonFault;
import io.heliograph.server.storage.DatabaseFailures;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.dao.DataAccessException;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.MissingRequestValueException;
import org.springframework.web.server.NotAcceptableStatusException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.ServerWebInputException;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;
import org.springframework.web.server.WebExceptionHandler;
import org.springframework.web.util.DisconnectedClientHelper;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Turns exceptions into problem details (RFC 9457) with a stable {@code code}, a {@code detail} that names the fix, and
 * no internals. An unexpected exception is logged with an id, and the caller gets the id.
 */
@Component
@Order(-2)
public final class Problems implements WebExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    private final JsonMapper json;

    public Problems(JsonMapper json) {
        this.json = json;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
        ServerHttpResponse response = exchange.getResponse();
        if (response.isCommitted()) {
            return Mono.error(failure);
        }
        if (clientLeft(failure)) {
            // The client disconnected during the request: there is no one to answer and no failure to log.
            LOG.debug("the client disconnected before the response", failure);
            response.setRawStatusCode(ErrorCode.INVALID_REQUEST.status());
            return response.setComplete();
        }
        Problem problem = problem(exchange, failure);
        response.setRawStatusCode(problem.code.status());
        response.getHeaders().clearContentHeaders();
        response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        response.getHeaders().setCacheControl("no-store");
        if (problem.code.status() == 401) {
            response.getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
        problem.headers.forEach(response.getHeaders()::set);
        byte[] body = json.writeValueAsBytes(toJson(problem));
        if (exchange.getRequest().getMethod().equals(HttpMethod.HEAD)) {
            return response.setComplete();
        }
        return response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
    }

    /** A client that disconnects cancels its request, which interrupts the thread of its command. */
    private static boolean clientLeft(Throwable failure) {
        return DisconnectedClientHelper.isClientDisconnectedException(failure)
                || failure.getCause() instanceof InterruptedException;
    }

    /** The response of a problem, for {@link Commands} to store. */
    public static ResponseEntity<Map<String, Object>> answer(ProblemException refused) {
        return ResponseEntity.status(refused.code().status())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .cacheControl(CacheControl.noStore())
                .body(toJson(Problem.of(refused)));
    }

    /** The members of a problem's JSON, in the order in which people read them. */
    private static Map<String, Object> toJson(Problem problem) {
        Map<String, Object> body = ProblemBody.of(problem.code, problem.detail);
        body.putAll(problem.members);
        return body;
    }

    private static Problem problem(ServerWebExchange exchange, Throwable failure) {
        return switch (failure) {
            case ProblemException refused -> Problem.of(refused);
            case InvalidFieldException invalid -> badJson(JsonFault.of(invalid));
            case MethodNotAllowedException method -> methodNotAllowed(method);
            case UnsupportedMediaTypeStatusException _ -> notJson();
            case NotAcceptableStatusException _ ->
                Problem.of(ErrorCode.NOT_ACCEPTABLE, "This path answers application/json; accept it");
            case MissingRequestValueException missing ->
                invalidField(
                        missing.getName(),
                        "is required, as a " + missing.getLabel().toLowerCase(Locale.ROOT));
            case ServerWebInputException input -> badInput(input);
            case DataBufferLimitException _ -> tooLarge();
            case ResponseStatusException status -> byStatus(exchange, status);
            case Overloaded _ -> overloaded();
            case EventLogException unavailable -> unavailable(exchange, unavailable);
            case DataAccessException database
            when DatabaseFailures.isOutage(database) -> unavailable(exchange, database);
            default -> unexpected(exchange, failure);
        };
    }

    private static Problem methodNotAllowed(MethodNotAllowedException failure) {
        String allowed = failure.getSupportedMethods().stream()
                .map(HttpMethod::name)
                .sorted()
                .collect(Collectors.joining(", "));
        return new Problem(
                ErrorCode.METHOD_NOT_ALLOWED,
                "This path takes " + allowed + ", not " + failure.getHttpMethod(),
                Map.of(),
                Map.of(HttpHeaders.ALLOW, allowed));
    }

    private static Problem byStatus(ServerWebExchange exchange, ResponseStatusException failure) {
        return switch (failure.getStatusCode().value()) {
            case 404 ->
                Problem.of(
                        ErrorCode.NOT_FOUND,
                        "There is nothing at " + exchange.getRequest().getPath().value()
                                + "; the API begins at /v1, and docs/PROTOCOL.md lists its calls");
            case 413 -> tooLarge();
            case 415 -> notJson();
            case 400 -> Problem.of(ErrorCode.INVALID_REQUEST, "The request cannot be understood");
            default -> unexpected(exchange, failure);
        };
    }

    private static Problem badInput(ServerWebInputException failure) {
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            switch (cause) {
                case DataBufferLimitException _ -> {
                    return tooLarge();
                }
                case JacksonException unreadable -> {
                    return badJson(JsonFault.of(unreadable));
                }
                default -> {}
            }
        }
        if (failure.getMethodParameter() != null && failure.getCause() != null) {
            String name = Optional.ofNullable(failure.getMethodParameter().getParameterName())
                    .orElse("a parameter");
            Class<?> type = failure.getMethodParameter().getParameterType();
            return invalidField(name, "must be " + JsonFault.expected(type));
        }
        return Problem.of(ErrorCode.INVALID_REQUEST, "The request needs a JSON body");
    }

    private static Problem badJson(JsonFault fault) {
        return fault.field().isEmpty()
                ? Problem.of(ErrorCode.INVALID_REQUEST, fault.detail())
                : invalidField(fault.field(), fault.detail());
    }

    private static Problem invalidField(String field, String expected) {
        return new Problem(
                ErrorCode.INVALID_REQUEST,
                field + " " + expected,
                Map.of("errors", List.of(Map.of("field", field, "detail", expected))),
                Map.of());
    }

    private static Problem notJson() {
        return Problem.of(
                ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Send the body as JSON, with Content-Type: application/json");
    }

    private static Problem tooLarge() {
        return Problem.of(
                ErrorCode.PAYLOAD_TOO_LARGE, "The body is larger than heliograph.max-body allows; send less at once");
    }

    private static Problem overloaded() {
        return new Problem(
                ErrorCode.OVERLOADED,
                "Too many changes of this workspace are queued; nothing was changed, repeat the request after the"
                        + " time in Retry-After",
                Map.of(),
                Map.of(HttpHeaders.RETRY_AFTER, "1"));
    }

    /** Without a log id, because an outage is logged once, not for each request. */
    private static Problem unavailable(ServerWebExchange exchange, Throwable failure) {
        LOG.warn(
                "The database is not available: {} {} was answered with 503",
                exchange.getRequest().getMethod(),
                exchange.getRequest().getPath().value(),
                failure);
        return new Problem(
                ErrorCode.OVERLOADED,
                "The database is not available; repeat the request with the same Idempotency-Key after the time in"
                        + " Retry-After",
                Map.of(),
                Map.of(HttpHeaders.RETRY_AFTER, "1"));
    }

    private static Problem unexpected(ServerWebExchange exchange, Throwable failure) {
        return new Problem(
                ErrorCode.INTERNAL,
                "An internal error occurred; the server's log has its details under this id",
                Map.of("id", logged(exchange, failure)),
                Map.of());
    }

    private static String logged(ServerWebExchange exchange, Throwable failure) {
        String id = Ids.next("err", System.currentTimeMillis());
        LOG.error(
                "{} {} failed, {}",
                exchange.getRequest().getMethod(),
                exchange.getRequest().getPath().value(),
                id,
                failure);
        return id;
    }

    private record Problem(ErrorCode code, String detail, Map<String, Object> members, Map<String, String> headers) {
        static Problem of(ErrorCode code, String detail) {
            return new Problem(code, detail, Map.of(), Map.of());
        }

        static Problem of(ProblemException refused) {
            Map<String, Object> members = refused.members();
            Object retryAfter = members.get(ProblemException.RETRY_AFTER_SECONDS);
            return new Problem(
                    refused.code(),
                    String.valueOf(refused.getMessage()),
                    members,
                    retryAfter == null ? Map.of() : Map.of(HttpHeaders.RETRY_AFTER, String.valueOf(retryAfter)));
        }
    }
}
