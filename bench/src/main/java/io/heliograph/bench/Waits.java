package io.heliograph.bench;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.FullHttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;
import tools.jackson.databind.json.JsonMapper;

/**
 * Agents that each wait for the decision of one approval, on separate connections. An agent whose wait times out
 * repeats the request.
 *
 * <p>Threading: the public face is called from the bench's thread; the rest belongs to the loop.
 */
final class Waits implements AutoCloseable {
    private static final int WAIT_SECONDS = 50;
    private static final long DEADLINE_SECONDS = 60;
    private static final long HIGHEST_LATENCY_NANOS = TimeUnit.MINUTES.toNanos(2);
    private static final Pattern WAITERS = Pattern.compile("(?m)^heliograph_approvals_waiters (\\S+)$");

    private final EventLoop loop;
    private final int port;
    private final HttpPool http;
    private final JsonMapper json = JsonMapper.builder().build();

    // Owned by the loop.
    private final Map<String, Long> dueNanos = new HashMap<>();
    private final Histogram latencies = new Histogram(1_000, HIGHEST_LATENCY_NANOS, 3);
    private boolean closed;
    private int open;
    private int faults;

    /** The latencies from the due time of decisions until their agents had the response, and failed responses. */
    record Answers(Histogram latencies, int faults) {}

    Waits(EventLoop loop, int port, String credential, int atMost) {
        this.loop = loop;
        this.port = port;
        this.http = new HttpPool(loop, port, credential, atMost);
    }

    /** Begins to wait for each; returns when the server holds all of them. */
    void open(List<String> approvals) {
        loop.submit(() -> {
                    latencies.reset();
                    faults = 0;
                    open = approvals.size();
                    approvals.forEach(this::ask);
                })
                .syncUninterruptibly();
        until(() -> serverHolds() >= approvals.size());
    }

    /** To be called on the loop before the decision is sent, with the time at which it was due. */
    void decided(String approval, long due) {
        dueNanos.put(approval, due);
    }

    /** Returns when every agent has the answer. */
    Answers awaitAll() {
        until(() -> loop.submit(() -> open).syncUninterruptibly().getNow() == 0);
        return loop.submit(() -> new Answers(latencies.copy(), faults))
                .syncUninterruptibly()
                .getNow();
    }

    @Override
    public void close() {
        loop.submit(() -> closed = true).syncUninterruptibly();
        http.close();
        until(() -> serverHolds() == 0);
    }

    private void ask(String approval) {
        http.get("/v1/approvals/" + approval + "?wait=" + WAIT_SECONDS, response -> answered(approval, response));
    }

    private void answered(String approval, FullHttpResponse response) {
        long nowNanos = System.nanoTime();
        String status = json.readTree(response.content().toString(StandardCharsets.UTF_8))
                .path("status")
                .asString("");
        if (status.equals("pending")) {
            if (!closed) {
                ask(approval);
            }
            return;
        }
        open--;
        Long due = dueNanos.remove(approval);
        if (status.equals("approved") && due != null) {
            latencies.recordValue(Math.clamp(nowNanos - due, 0, HIGHEST_LATENCY_NANOS));
        } else {
            faults++;
        }
    }

    private int serverHolds() {
        try (InputStream metrics =
                URI.create("http://127.0.0.1:" + port + "/metrics").toURL().openStream()) {
            Matcher waiters = WAITERS.matcher(new String(metrics.readAllBytes(), StandardCharsets.UTF_8));
            if (!waiters.find()) {
                throw new PeerFaultException("the server's metrics do not contain the number of waiters");
            }
            return (int) Double.parseDouble(waiters.group(1));
        } catch (IOException e) {
            throw new PeerFaultException("the server's metrics cannot be read", e);
        }
    }

    private static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new PeerFaultException("the waits were not as wanted within " + DEADLINE_SECONDS + " s");
            }
            BenchContext.pause(Duration.ofMillis(50));
        }
    }
}
