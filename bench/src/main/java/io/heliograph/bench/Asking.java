package io.heliograph.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What it costs a server to ask for an approval and to decide it: the whole server against the thin Node service of
 * {@code bench/peers/commands}, which makes the same rows. By turns, each request with an {@code Idempotency-Key}; then
 * the cost of a create as approvals pile up undecided.
 */
final class Asking {
    static final String SCENARIO = "commands ";
    static final String GROWTH = SCENARIO + "create pending=";
    static final String CPU = "cpuMicros";
    static final String TIME = "microsPerRequest";
    /** CPU per create, over what it was with nothing pending. */
    static final String OVER_EMPTY = "cpuOverEmpty";

    private static final int FEW = 1;
    private static final int MANY = 64;
    private static final int GROWTH_WRITERS = 8;
    private static final String PEER_KEY = "bench";

    private final Stage stage;
    private final Load load;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final JsonMapper json = JsonMapper.builder().build();

    /**
     * @param warmUp creates before anything is measured
     * @param requests of one turn
     * @param pending how many approvals are pending when each point of the growth begins, ascending; a point adds those
     *     that it measures
     */
    record Load(int warmUp, int requests, int rounds, List<Integer> pending) {
        static Load of(boolean quick) {
            return quick
                    ? new Load(5_000, 1_000, 3, List.of(0, 4_000, 10_000))
                    : new Load(20_000, 1_500, 3, List.of(0, 5_000, 10_000, 30_000, 60_000, 100_000));
        }
    }

    /**
     * A server under test.
     *
     * @param asker the credential that asks
     * @param decider the credential that decides
     */
    private record Service(String name, int port, Supplier<ProcessProbe.Cpu> cpu, String asker, String decider) {}

    /** An approval that waits for its decision. */
    private record Pending(String id, String digest) {}

    @FunctionalInterface
    private interface Request {
        void send() throws IOException, InterruptedException;
    }

    Asking(Stage stage, Load load) {
        this.stage = stage;
        this.load = load;
    }

    static String create(int writers) {
        return SCENARIO + "create writers=" + writers;
    }

    static String decide(int writers) {
        return SCENARIO + "decide writers=" + writers;
    }

    static List<Integer> writers() {
        return List.of(FEW, MANY);
    }

    void run() {
        Path folder = stage.newFolder("commands-peer");
        Peer node = new Peer(
                Peer.NODE,
                List.of(
                        "node",
                        stage.options()
                                .peerDirectory()
                                .toAbsolutePath()
                                .resolve("commands/server.js")
                                .toString(),
                        folder.toString(),
                        PEER_KEY));
        try (HeliographProcess ours = stage.startServer("commands");
                PeerProcess theirs = stage.start(node)) {
            run(ours, Optional.of(theirs));
        }
    }

    void run(HeliographProcess ours, Optional<PeerProcess> theirs) {
        List<Service> services = new ArrayList<>();
        services.add(of(ours, "default", ours.firstKey()));
        theirs.ifPresent(peer -> services.add(new Service(Peer.NODE, peer.port(), peer::cpu, PEER_KEY, PEER_KEY)));
        // Ours in another workspace than the one that is measured, which is empty then.
        warmUp(of(ours, "warm", ours.key("warm")));
        services.stream().skip(1).forEach(this::warmUp);
        for (int round = 0; round < load.rounds(); round++) {
            for (int writers : writers()) {
                for (Service service : services) {
                    turn(service, round, writers);
                }
            }
        }
        services.forEach(this::grow);
    }

    private static Service of(HeliographProcess ours, String workspace, String key) {
        return new Service(Peer.OURS, ours.port(), ours::cpu, key, ours.token(workspace, "decider", "operator"));
    }

    private void warmUp(Service service) {
        Queue<Pending> pending = new ConcurrentLinkedQueue<>();
        send(load.warmUp(), GROWTH_WRITERS, () -> pending.add(ask(service)));
        send(load.warmUp(), GROWTH_WRITERS, () -> decide(service, pending.remove()));
    }

    private void turn(Service service, int round, int writers) {
        Queue<Pending> pending = new ConcurrentLinkedQueue<>();
        stage.add(new Sample(
                create(writers), service.name(), round, measure(service, writers, () -> pending.add(ask(service)))));
        stage.add(new Sample(
                decide(writers),
                service.name(),
                round,
                measure(service, writers, () -> decide(service, pending.remove()))));
    }

    private void grow(Service service) {
        int pending = 0;
        double empty = 0;
        for (int level : load.pending()) {
            // What is measured adds to what is pending.
            int missing = Math.max(0, level - pending);
            send(missing, MANY, () -> ask(service));
            pending += missing;
            for (int round = 0; round < load.rounds(); round++) {
                Map<String, Double> values = measure(service, GROWTH_WRITERS, () -> ask(service));
                pending += load.requests();
                double cpu = values.getOrDefault(CPU, 0.0);
                empty = empty == 0 ? cpu : empty;
                values.put(OVER_EMPTY, cpu / empty);
                stage.add(new Sample(GROWTH + level, service.name(), round, values));
            }
        }
    }

    private Map<String, Double> measure(Service service, int writers, Request request) {
        ProcessProbe.Cpu before = service.cpu().get();
        long begun = System.nanoTime();
        send(load.requests(), writers, request);
        double nanos = System.nanoTime() - begun;
        double cpuNanos = service.cpu().get().since(before).nanos();
        Map<String, Double> values = new HashMap<>();
        values.put(CPU, cpuNanos / 1e3 / load.requests());
        values.put(TIME, nanos / 1e3 / load.requests());
        values.put("requestsPerSecond", load.requests() / nanos * 1e9);
        return values;
    }

    /** Sends {@code count} requests, {@code writers} at a time, each behind the answer of its writer's last. */
    private static void send(int count, int writers, Request request) {
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

    private Pending ask(Service service) throws IOException, InterruptedException {
        JsonNode answer = post(
                service,
                "/v1/approvals",
                service.asker(),
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

    private void decide(Service service, Pending pending) throws IOException, InterruptedException {
        post(
                service,
                "/v1/approvals/" + pending.id() + "/decision",
                service.decider(),
                Map.of("outcome", "approved", "digest", pending.digest()));
    }

    private JsonNode post(Service service, String path, String credential, Object body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path))
                .header("Authorization", "Bearer " + credential)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .POST(HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(body)))
                .build();
        HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() >= 300) {
            throw new IOException(service.name() + " answers " + response.statusCode() + " to POST " + path);
        }
        return json.readTree(response.body());
    }
}
