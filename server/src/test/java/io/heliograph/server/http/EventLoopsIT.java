package io.heliograph.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.heliograph.server.fixtures.DatabaseLock;
import io.heliograph.server.fixtures.OpenApiDocument;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.workspaces.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.netty.resources.LoopResources;

/**
 * Nothing blocks an event loop, whichever call of docs/openapi.yaml is made, when its body comes later than its head. The
 * JVM's flight recorder sees each wait of a loop's thread for a lock, a file or a socket, or for a time; what native code
 * waits for, such as SQLite's lock, shows as health checks that are not answered.
 */
@SuppressWarnings("NullAway.Init") // JUnit sets them
final class EventLoopsIT {
    private static final String LOOPS = "multiThreadIoEventLoopGroup";
    private static final String CONTROL = "parkAsAControl";
    private static final int EVENT_LOOPS = 2;
    private static final OpenApiDocument API = OpenApiDocument.load();

    @TempDir
    static Path folder;

    static TestServer server;
    static Map<String, String> ids;
    static String token;
    static String key;

    @BeforeAll
    static void start() {
        server = TestServer.start(folder, "heliograph.event-loops=" + EVENT_LOOPS);
        token = server.token("acme", "owner", Role.OWNER);
        key = server.key("acme", "bot");
        String approval = server.as(key)
                .post("/v1/approvals", "{\"title\":\"T\",\"action\":{\"name\":\"a\",\"args\":{}}}")
                .json()
                .path("id")
                .asString();
        ids = Map.of("id", approval, "messageId", "msg_none");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void noLoopWaitsWhateverIsCalledAndTheDatabaseIsLocked() throws Exception {
        Queue<String> waits = new ConcurrentLinkedQueue<>();
        CountDownLatch control = new CountDownLatch(1);
        try (RecordingStream recorder = recorder(waits, control)) {
            recorder.startAsync();

            callEverything(List.of());
            List<RawHttp> probes = probes();
            try (DatabaseLock _ = DatabaseLock.take(folder)) {
                callEverything(probes);
            }
            for (RawHttp probe : probes) {
                probe.close();
            }

            server.part(LoopResources.class).onServer(true).next().execute(EventLoopsIT::parkAsAControl);
            assertThat(control.await(60, TimeUnit.SECONDS)).isTrue();
        }

        assertThat(waits).isEmpty();
    }

    /**
     * Sends each call with its body 20 ms after its head, then asks {@code probes} whether the loops answer, and waits for
     * the calls' answers when there are no probes: with the database locked they need not come.
     */
    private static void callEverything(List<RawHttp> probes) throws IOException {
        List<RawHttp> calls = new ArrayList<>();
        CountDownLatch bodies = new CountDownLatch(API.operations().size());
        try (ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor()) {
            for (OpenApiDocument.Operation operation : API.operations()) {
                RawHttp call = RawHttp.connect(server.port());
                calls.add(call);
                String body = API.exampleBody(operation).map(String::valueOf).orElse("");
                call.send(head(operation, body.getBytes(StandardCharsets.UTF_8).length));
                var _ = later.schedule(
                        () -> {
                            sendBody(call, body);
                            bodies.countDown();
                        },
                        20,
                        TimeUnit.MILLISECONDS);
            }
            await().until(() -> bodies.getCount() == 0);
            for (RawHttp probe : probes) {
                assertThat(probe.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                .response()
                                .status())
                        .isEqualTo(200);
            }
            if (probes.isEmpty()) {
                for (RawHttp call : calls) {
                    assertThat(call.statusLine()).startsWith("HTTP/1.1 ").doesNotContain(" 500 ");
                }
            }
        }
        for (RawHttp call : calls) {
            call.close();
        }
    }

    private static String head(OpenApiDocument.Operation operation, int length) {
        // Members may do what keys may not, and the other way round.
        String credential = operation.pathTemplate().contains("messages")
                        || operation.pathTemplate().endsWith("heartbeat")
                ? key
                : token;
        return operation.method().toUpperCase(Locale.ROOT) + " " + operation.path(ids)
                + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAuthorization: Bearer "
                + credential
                + "\r\nContent-Length: " + length + "\r\n\r\n";
    }

    private static void sendBody(RawHttp call, String body) {
        try {
            call.socket().getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** As many as reach each loop several times; a probe that is not answered in time fails the test. */
    private static List<RawHttp> probes() throws IOException {
        List<RawHttp> probes = new ArrayList<>();
        for (int count = 0; count < 4 * EVENT_LOOPS; count++) {
            RawHttp probe = RawHttp.connect(server.port());
            // Shorter than any wait for the lock.
            probe.socket().setSoTimeout(4_000);
            probes.add(probe);
        }
        return probes;
    }

    private static RecordingStream recorder(Queue<String> waits, CountDownLatch control) {
        RecordingStream recorder = new RecordingStream();
        for (String event : List.of(
                "jdk.ThreadPark",
                "jdk.ThreadSleep",
                "jdk.JavaMonitorWait",
                "jdk.JavaMonitorEnter",
                "jdk.FileRead",
                "jdk.FileWrite",
                "jdk.FileForce",
                "jdk.SocketRead",
                "jdk.SocketWrite")) {
            recorder.enable(event).withThreshold(Duration.ofMillis(2)).withStackTrace();
            recorder.onEvent(event, seen -> note(seen, waits, control));
        }
        return recorder;
    }

    private static void note(RecordedEvent event, Queue<String> waits, CountDownLatch control) {
        String thread = event.getThread() == null
                ? ""
                : String.valueOf(event.getThread().getJavaName());
        if (!thread.startsWith(LOOPS)) {
            return;
        }
        List<String> frames = event.getStackTrace() == null
                ? List.of()
                : event.getStackTrace().getFrames().stream()
                        .map(EventLoopsIT::frame)
                        .toList();
        if (frames.stream().anyMatch(frame -> frame.endsWith("." + CONTROL))) {
            control.countDown();
        } else if (frames.stream().noneMatch(EventLoopsIT::loadsClasses)) {
            waits.add(event.getEventType().getName() + " on " + thread + " in "
                    + String.join(" < ", frames.subList(0, Math.min(12, frames.size()))));
        }
    }

    private static String frame(RecordedFrame frame) {
        return frame.getMethod().getType().getName() + "." + frame.getMethod().getName();
    }

    /** A class is read from its jar once. */
    private static boolean loadsClasses(String frame) {
        return Stream.of("java.lang.ClassLoader.loadClass", "java.lang.invoke.MethodHandleNatives")
                .anyMatch(frame::startsWith);
    }

    /** What the recorder must see: it shows that the recorder sees loops at all, and that all before has come. */
    private static void parkAsAControl() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
}
