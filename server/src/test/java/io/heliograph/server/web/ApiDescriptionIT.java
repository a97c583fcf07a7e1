package io.heliograph.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.swagger.v3.oas.models.SpecVersion;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

/** What {@code /openapi.json} says, against the server that serves it. */
@SuppressWarnings("NullAway.Init") // JUnit sets them
final class ApiDescriptionIT {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

    @TempDir
    static Path folder;

    static TestServer server;
    static TestClient.Answer answer;

    @BeforeAll
    static void start() {
        server = TestServer.start(folder);
        answer = server.anonymous().get("/openapi.json");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void anybodyGetsAValidDocument() {
        SwaggerParseResult parsed = new OpenAPIV3Parser().readContents(answer.body(), null, null);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-type")).hasValue("application/json");
        assertThat(parsed.getMessages()).isEmpty();
        assertThat(parsed.getOpenAPI().getSpecVersion()).isEqualTo(SpecVersion.V31);
    }

    @Test
    void theValidatorNoticesAFault() {
        String faulty = answer.body().replaceFirst("\"responses\":", "\"answers\":");

        assertThat(new OpenAPIV3Parser().readContents(faulty, null, null).getMessages())
                .isNotEmpty();
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        JsonNode document = answer.json();

        assertThat(document.findValuesAsString("$ref"))
                .isNotEmpty()
                .allSatisfy(reference -> assertThat(
                                document.at(reference.substring(1)).isMissingNode())
                        .as(reference)
                        .isFalse());
    }

    @Test
    void everyMappedRouteIsThereAndNothingElse() {
        Set<String> mapped = server.part(RequestMappingHandlerMapping.class).getHandlerMethods().keySet().stream()
                .flatMap(route -> route.getPatternsCondition().getPatterns().stream()
                        .filter(pattern -> pattern.getPatternString().startsWith("/v1"))
                        .flatMap(pattern -> route.getMethodsCondition().getMethods().stream()
                                .map(method -> method.name() + " " + pattern.getPatternString())))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> described = new TreeSet<>();
        answer.json()
                .path("paths")
                .properties()
                .forEach(path -> path.getValue().propertyNames().stream()
                        .filter(METHODS::contains)
                        .forEach(method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));

        assertThat(described).isEqualTo(mapped).hasSizeGreaterThan(30);
    }

    @Test
    void theErrorsAreThoseOfTheCatalogue() {
        Map<String, String> catalogue = new TreeMap<>();
        Arrays.stream(ErrorCode.values())
                .forEach(code -> catalogue.put(code.code(), code.status() + code.title() + code.retryable()));
        JsonNode schema = answer.json().at("/components/schemas/ErrorCode");
        Map<String, String> described = new TreeMap<>();
        schema.path("x-errors")
                .properties()
                .forEach(error -> described.put(
                        error.getKey(),
                        error.getValue().path("status").asString()
                                + error.getValue().path("title").asString()
                                + error.getValue().path("retryable").asString()));

        assertThat(described).isEqualTo(catalogue);
        assertThat(schema.path("enum").valueStream().map(JsonNode::asString))
                .containsExactlyInAnyOrderElementsOf(catalogue.keySet());
    }
}
