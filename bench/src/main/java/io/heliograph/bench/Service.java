package io.heliograph.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A server under test that asks and decides over HTTP: one workspace of ours, or the Node service. Safe from any thread.
 *
 * @param asker the credential that asks
 * @param decider the credential that decides and reads
 */
record Service(String name, int port, Supplier<ProcessProbe.Cpu> cpu, String asker, String decider) {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** An approval that waits for its decision. */
    record Pending(String id, String digest) {}

    @FunctionalInterface
    interface Request {
        void send() throws IOException, InterruptedException;
    }

    /** A workspace of ours with one member, who decides; both are made when there are none. */
    static Service of(HeliographProcess ours, String workspace) {
        String key = ours.key(workspace);
        return new Service(Peer.OURS, ours.port(), ours::cpu, key, ours.token(workspace, "decider", "operator"));
    }

    static Service of(PeerProcess theirs, String key) {
        return new Service(Peer.NODE, theirs.port(), theirs::cpu, key, key);
    }

    /** Sends {@code count} requests, {@code writers} at a time, each behind the answer of its writer's last. */
    static void send(int count, int writers, Request request) {
        AtomicInteger left = new AtomicInteger(count);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                running.add(threads.submit(() -> {
                    while (left.getAndDecrement() > 0) {
                        request.send();
                    }
                    return null;
                }));
            }
            for (Future<?> future : running) {
                future.get();
            }
        } catch (ExecutionException e) {
            throw new PeerFaultException("a request failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PeerFaultException("interrupted", e);
        }
    }

    Pending ask() throws IOException, InterruptedException {
        JsonNode answer = post(
                "/v1/approvals",
                asker,
                Map.of(
                        "title", "Delete the backups of last year?",
                        "description", "They are older than a year, and nobody has read them since.",
                        "risk", "medium",
                        "agentId", "agent-1",
                        "expiresIn", 86_400,
                        "action",
                                Map.of(
                                        "name",
                                        "shell.run",
                                        "args",
                                        Map.of("command", "rm -rf /backups/2024", "host", "db1", "timeout", 30))));
        return new Pending(
                answer.path("id").asString(), answer.at("/action/digest").asString());
    }

    void decide(Pending pending) throws IOException, InterruptedException {
        post(
                "/v1/approvals/" + pending.id() + "/decision",
                decider,
                Map.of("outcome", "approved", "digest", pending.digest()));
    }

    /** What a person who decides gets from {@code path}. */
    JsonNode get(String path) throws IOException, InterruptedException {
        return answer(request(path, decider).GET().build());
    }

    private JsonNode post(String path, String credential, Object body) throws IOException, InterruptedException {
        return answer(request(path, credential)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                .build());
    }

    private HttpRequest.Builder request(String path, String credential) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", "Bearer " + credential);
    }

    private JsonNode answer(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = HTTP.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() >= 300) {
            throw new IOException(name + " answers " + response.statusCode() + " to " + request.method() + " "
                    + request.uri().getPath());
        }
        return JSON.readTree(response.body());
    }
}
