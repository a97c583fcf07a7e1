package io.heliograph.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.eventlog.EventLogException;
import io.heliograph.eventlog.Overloaded;
import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.json.Json;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpStatus;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import org.springframework.mock.web.server.MockServerWebExchange;
import tools.jackson.databind.JsonNode;

final class ProblemsTest {
    private final Problems problems = new Problems(Json.mapper());

    @Test
    void aRefusalCarriesCodeDetailAndMembers() {
        JsonNode problem = body(new ProblemException(
                ErrorCode.ALREADY_DECIDED, "Ada was first", Map.of("resolution", Map.of("outcome", "approved"))));

        assertThat(problem.path("type").asString()).isEqualTo("urn:heliograph:problem:already_decided");
        assertThat(problem.path("title").asString()).isEqualTo(ErrorCode.ALREADY_DECIDED.title());
        assertThat(problem.path("status").asInt()).isEqualTo(409);
        assertThat(problem.path("code").asString()).isEqualTo("already_decided");
        assertThat(problem.path("detail").asString()).isEqualTo("Ada was first");
        assertThat(problem.path("retryable").asBoolean()).isFalse();
        assertThat(problem.at("/resolution/outcome").asString()).isEqualTo("approved");
    }

    @Test
    void whatNobodyExpectedIsLoggedUnderAnIdAndTellsNothingOfTheInside() {
        MockServerHttpResponse response = respond(new IllegalStateException("password=hunter2"));

        String body = response.getBodyAsString().block();
        assertThat(response.getStatusCode()).isEqualTo(HttpStatus.INTERNAL_SERVER_ERROR);
        assertThat(body).doesNotContain("hunter2", "IllegalState").contains("\"id\":\"err_");
    }

    @Test
    void overloadSaysWhenToTryAgain() {
        MockServerHttpResponse response = respond(new Overloaded("workspace acme has 1024 waiting commands"));

        assertThat(response.getStatusCode()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
        assertThat(response.getHeaders().getFirst("Retry-After")).isEqualTo("1");
        assertThat(Json.mapper()
                        .readTree(response.getBodyAsString().block())
                        .path("retryable")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void aDatabaseThatIsAwayIsNoInternalError() {
        assertThat(respond(new EventLogException("connection to db.example:5432 refused", new RuntimeException()))
                        .getStatusCode())
                .isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
    }

    @Test
    void aCommandThatItsClientLeftIsNoOutage() {
        MockServerHttpResponse response =
                respond(new EventLogException("interrupted before the command ran", new InterruptedException()));

        assertThat(response.getStatusCode()).isEqualTo(HttpStatus.BAD_REQUEST);
        assertThat(response.getBodyAsString().block()).isEmpty();
    }

    @Test
    void tooLargeNamesTheLimit() {
        JsonNode problem = body(new DataBufferLimitException("Exceeded limit"));

        assertThat(problem.path("code").asString()).isEqualTo("payload_too_large");
        assertThat(problem.path("detail").asString()).contains("heliograph.max-body");
    }

    @Test
    void everyRefusalOfACredentialAsksForABearer() {
        assertThat(respond(new ProblemException(ErrorCode.TOKEN_EXPIRED, "…"))
                        .getHeaders()
                        .getFirst("WWW-Authenticate"))
                .isEqualTo("Bearer");
    }

    private JsonNode body(Throwable failure) {
        MockServerHttpResponse response = respond(failure);
        assertThat(String.valueOf(response.getHeaders().getContentType())).isEqualTo("application/problem+json");
        return Json.mapper().readTree(response.getBodyAsString().block());
    }

    private MockServerHttpResponse respond(Throwable failure) {
        MockServerWebExchange exchange = MockServerWebExchange.from(
                MockServerHttpRequest.get("/v1/things/1").build());
        problems.handle(exchange, failure).block();
        return exchange.getResponse();
    }
}
