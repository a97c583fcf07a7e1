package io.heliograph.server.demo;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A client of the public API, with a key that is replaced when it expires. A request that changes something is never
 * aborted, because the server could then run it after later ones. Used by one thread.
 */
final class Api {
    private static final Duration TIMEOUT = Duration.ofSeconds(70);

    private final HttpClient http;
    private final String url;
    private final Supplier<String> newKey;
    private final JsonMapper json;
    private String key = "";

    Api(HttpClient http, String url, Supplier<String> newKey, JsonMapper json) {
        this.http = http;
        this.url = url;
        this.newKey = newKey;
        this.json = json;
    }

    /** The API returned an unexpected response, or none. */
    static final class Failed extends Exception {
        Failed(String message) {
            super(message);
        }

        Failed(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** Sends a request and returns the body of its answer, or an empty object when it has none. */
    JsonNode send(String method, String path, Object body, String... headers) throws Failed {
        return send(new CompletableFuture<>(), method, path, body, headers);
    }

    /**
     * As {@link #send}, for a read, which may be aborted.
     *
     * @throws CancellationException when {@code stopped} is completed before the answer is there
     */
    JsonNode read(CompletableFuture<?> stopped, String path) throws Failed {
        return send(stopped, "GET", path, Map.of());
    }

    private JsonNode send(CompletableFuture<?> stopped, String method, String path, Object body, String... headers)
            throws Failed {
        if (key.isEmpty()) {
            key = newKey.get();
        }
        HttpResponse<String> answer = exchange(stopped, method, path, body, headers);
        if (answer.statusCode() == 401) {
            key = newKey.get();
            answer = exchange(stopped, method, path, body, headers);
        }
        if (answer.statusCode() >= 300) {
            throw new Failed(method + " " + path + " was answered with " + answer.statusCode());
        }
        return answer.body().isEmpty() ? json.createObjectNode() : json.readTree(answer.body());
    }

    private HttpResponse<String> exchange(
            CompletableFuture<?> stopped, String method, String path, Object body, String... headers) throws Failed {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(json.writeValueAsString(body)));
        if (headers.length > 0) {
            request.headers(headers);
        }
        CompletableFuture<HttpResponse<String>> answer =
                http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
        try {
            CompletableFuture.anyOf(answer, stopped).join();
            if (!answer.isDone()) {
                answer.cancel(true);
            }
            return answer.join();
        } catch (CompletionException failure) {
            throw new Failed(method + " " + path + " was not answered", failure.getCause());
        }
    }
}
