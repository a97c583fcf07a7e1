package io.heliograph.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.server.fixtures.ApiContract;
import io.heliograph.server.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A caller of the REST API, which holds each answer against {@code docs/openapi.yaml}. Paths begin with a slash; headers
 * are names and values in turn. Safe from any thread.
 */
public final class TestClient {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final JsonMapper JSON = Json.mapper();

    private final String url;
    private final Optional<String> credential;

    TestClient(String url, Optional<String> credential) {
        this.url = url;
        this.credential = credential;
    }

    public Answer get(String path, String... headers) {
        return call("GET", path, HttpRequest.BodyPublishers.noBody(), headers);
    }

    /** Posts {@code body} as JSON; a {@code String} is sent as it stands. */
    public Answer post(String path, Object body, String... headers) {
        return call("POST", path, json(body), withJson(headers));
    }

    public Answer put(String path, Object body, String... headers) {
        return call("PUT", path, json(body), withJson(headers));
    }

    public Answer patch(String path, Object body, String... headers) {
        return call("PATCH", path, json(body), withJson(headers));
    }

    public Answer delete(String path, String... headers) {
        return call("DELETE", path, HttpRequest.BodyPublishers.noBody(), headers);
    }

    /** As {@link #get}, without waiting: for long polls. */
    public CompletableFuture<Answer> getAsync(String path, String... headers) {
        return HTTP.sendAsync(
                        request("GET", path, HttpRequest.BodyPublishers.noBody(), headers),
                        HttpResponse.BodyHandlers.ofString())
                .thenApply(TestClient::checked);
    }

    /** A request that the caller sends in its own way, such as to read a stream. */
    public HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofSeconds(60));
        credential.ifPresent(text -> request.header("Authorization", "Bearer " + text));
        return request;
    }

    /** The client below, for requests made with {@link #request(String)}. */
    public HttpClient http() {
        return HTTP;
    }

    public Answer call(String method, String path, HttpRequest.BodyPublisher body, String... headers) {
        try {
            return checked(HTTP.send(request(method, path, body, headers), HttpResponse.BodyHandlers.ofString()));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static Answer checked(HttpResponse<String> response) {
        assertThat(ApiContract.faults(response)).isEmpty();
        return new Answer(response);
    }

    private HttpRequest request(String method, String path, HttpRequest.BodyPublisher body, String... headers) {
        HttpRequest.Builder request = request(path).method(method, body);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.build();
    }

    private static HttpRequest.BodyPublisher json(Object body) {
        return HttpRequest.BodyPublishers.ofString(body instanceof String text ? text : JSON.writeValueAsString(body));
    }

    private static String[] withJson(String[] headers) {
        String[] all = new String[headers.length + 2];
        all[0] = "Content-Type";
        all[1] = "application/json";
        System.arraycopy(headers, 0, all, 2, headers.length);
        return all;
    }

    /** What came back. */
    public record Answer(HttpResponse<String> response) {
        public int status() {
            return response.statusCode();
        }

        public String body() {
            return response.body();
        }

        /** The body as JSON. */
        public JsonNode json() {
            return JSON.readTree(response.body());
        }

        /** The problem's code, or an empty text when the body has none. */
        public String code() {
            return json().path("code").asString("");
        }

        public Optional<String> header(String name) {
            return response.headers().firstValue(name);
        }
    }
}
