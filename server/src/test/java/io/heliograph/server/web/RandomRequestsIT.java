package io.heliograph.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.server.fixtures.ApiContract;
import io.heliograph.server.fixtures.ApiRequests;
import io.heliograph.server.fixtures.OpenApiDocument;
import io.heliograph.server.fixtures.RandomRequests;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.identity.Scope;
import io.heliograph.server.workspaces.Role;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random requests made from {@code docs/openapi.yaml}: none is left without an answer, fails the server, or succeeds
 * although the description calls it invalid, and each answer is as it is described. The seed gives the same requests
 * again, but for the ids in them. {@code -Dtest.requests=20000} makes as many.
 */
final class RandomRequestsIT {
    private static final int REQUESTS = Integer.getInteger("test.requests", 1_500);
    private static final int MAX_FAULTS = 20;
    private static final Duration UNANSWERED = Duration.ofSeconds(20);
    private static final OpenApiDocument API = OpenApiDocument.load();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    Path folder;

    @Test
    void noneFailsTheServerOrSucceedsAgainstTheDescription() {
        long seed = Optional.ofNullable(System.getenv("HELIOGRAPH_SEED"))
                .map(Long::parseLong)
                .orElseGet(() -> new Random().nextLong());
        System.out.println("random requests: HELIOGRAPH_SEED=" + seed);
        Map<Integer, Integer> statuses = new TreeMap<>();
        List<String> faults = new ArrayList<>();

        try (TestServer server = TestServer.start(folder)) {
            Random random = new Random(seed);
            ApiRequests right = new ApiRequests(API, server, "acme", "marker");
            RandomRequests requests = new RandomRequests(API, right, random);
            List<ApiRequests.Caller> callers = callers(server, right);
            for (int number = 0; number < REQUESTS && faults.size() < MAX_FAULTS; number++) {
                ApiRequests.Caller caller = callers.get(random.nextInt(callers.size()));
                RandomRequests.Sent sent = requests.next(caller);
                String prefix = "no. " + number + ", seed " + seed + ", by " + caller + ": " + sent + ": ";
                send(caller, sent).forEach(outcome -> {
                    if (outcome.fault().isEmpty()) {
                        statuses.merge(outcome.status(), 1, Integer::sum);
                    } else {
                        faults.add(prefix + outcome.fault());
                    }
                });
            }
        }

        System.out.println("random requests: " + REQUESTS + ", answered by status: " + statuses);
        assertThat(faults).isEmpty();
        assertThat(statuses.keySet()).contains(200, 201, 400, 401, 403, 404);
    }

    /** An answer's status, or what is wrong with it. */
    private record Outcome(int status, String fault) {}

    private static List<ApiRequests.Caller> callers(TestServer server, ApiRequests right) {
        ApiRequests.Caller nobody =
                new ApiRequests.Caller("nobody", server.anonymous(), Optional.of(Role.VIEWER), Set.of(), "");
        ApiRequests.Caller forged =
                new ApiRequests.Caller("a forger", server.as("a.b.c"), Optional.of(Role.VIEWER), Set.of(), "a.b.c");
        ApiRequests.Caller owner = right.member(Role.OWNER);
        return Stream.of(
                        Stream.of(owner, owner, owner, nobody, forged),
                        Arrays.stream(Role.values()).map(right::member),
                        Arrays.stream(Scope.values()).map(right::key))
                .flatMap(callers -> callers)
                .toList();
    }

    private List<Outcome> send(ApiRequests.Caller caller, RandomRequests.Sent sent) {
        HttpRequest.Builder request = caller.client()
                .request(sent.target())
                .timeout(UNANSWERED)
                .method(
                        sent.method(),
                        sent.body().isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(sent.body()));
        for (int index = 0; index < sent.headers().size(); index += 2) {
            request.setHeader(sent.headers().get(index), sent.headers().get(index + 1));
        }
        try {
            return sent.operation().id().equals("streamEvents")
                    ? stream(sent, request.build())
                    : outcomes(
                            sent,
                            http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
                                    .get(UNANSWERED.toSeconds(), TimeUnit.SECONDS));
        } catch (IOException | ExecutionException | TimeoutException failure) {
            return List.of(new Outcome(0, "not answered: " + failure));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** A stream has no end: its status is enough. */
    private List<Outcome> stream(RandomRequests.Sent sent, HttpRequest request)
            throws IOException, InterruptedException {
        HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream _ = response.body()) {
            boolean succeeded = response.statusCode() == 200;
            return List.of(new Outcome(
                    response.statusCode(),
                    (succeeded && sent.invalid()) || response.statusCode() >= 500
                            ? "status " + response.statusCode()
                            : ""));
        }
    }

    private static List<Outcome> outcomes(RandomRequests.Sent sent, HttpResponse<String> response) {
        List<Outcome> outcomes = new ArrayList<>();
        int status = response.statusCode();
        ApiContract.faults(response).forEach(fault -> outcomes.add(new Outcome(status, fault)));
        if (status >= 500 && status != 503) {
            outcomes.add(new Outcome(status, "status " + status + ": " + response.body()));
        }
        if (status < 300
                && sent.invalid()
                && sent.method().equals(sent.operation().method())) {
            outcomes.add(new Outcome(status, "status " + status + " though it is invalid: " + response.body()));
        }
        return outcomes.isEmpty() ? List.of(new Outcome(status, "")) : outcomes;
    }
}
