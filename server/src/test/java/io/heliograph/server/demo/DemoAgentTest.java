package io.heliograph.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.heliograph.server.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class DemoAgentTest {
    private static final JsonMapper JSON = Json.mapper();

    /** An abandoned report was handled after the lease was given back, and the stopped agent was there again. */
    @Test
    void theLeaseIsGivenBackAfterTheReportUnderWayIsAnswered() throws IOException, InterruptedException {
        CountDownLatch reported = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        List<String> handled = new CopyOnWriteArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            server.setExecutor(threads);
            server.createContext("/", exchange -> {
                reported.countDown();
                if (exchange.getRequestMethod().equals("PUT")) {
                    awaitUninterruptibly(answer);
                }
                handled.add(exchange.getRequestMethod());
                exchange.sendResponseHeaders(204, -1);
                exchange.close();
            });
            server.start();
            DemoAgent agent = agent("http://127.0.0.1:" + server.getAddress().getPort());
            Thread thread = Thread.ofVirtual().start(agent);
            assertThat(reported.await(10, TimeUnit.SECONDS)).isTrue();

            agent.stop();
            assertThat(thread.join(Duration.ofMillis(50)))
                    .as("it ends before its report is answered")
                    .isFalse();
            answer.countDown();

            assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
            assertThat(handled).containsExactly("PUT", "DELETE");
        } finally {
            answer.countDown();
            server.stop(0);
        }
    }

    private static DemoAgent agent(String url) {
        Script script =
                new Script("agt_one", "One", "support", List.of(new Script.Job("Nothing to do", Map.of(), List.of())));
        Api api = new Api(HttpClient.newHttpClient(), url, () -> "hk_key", JSON);
        return new DemoAgent(script, api, Duration.ofHours(1), new Random(1), JSON);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
