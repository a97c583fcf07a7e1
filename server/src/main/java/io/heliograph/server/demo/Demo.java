package io.heliograph.server.demo;

import io.heliograph.server.identity.ActAs;
import io.heliograph.server.identity.Administration;
import io.heliograph.server.identity.Scope;
import io.heliograph.server.web.PublicUrl;
import io.heliograph.server.workspaces.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs the demonstration agents while the server runs. They stop before the server does, so that they can still report
 * it.
 *
 * <p>Started and stopped by one thread.
 */
final class Demo implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Demo.class);
    private static final Duration KEY_LIFE = Duration.ofDays(1);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    private static final Duration STOPPING = Duration.ofSeconds(10);

    private final DemoSettings settings;
    private final Administration administration;
    private final PublicUrl publicUrl;
    private final JsonMapper json;
    // Guarded by this.
    private final List<DemoAgent> agents = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private @Nullable Thread opening;

    Demo(DemoSettings settings, Administration administration, PublicUrl publicUrl, JsonMapper json) {
        this.settings = settings;
        this.administration = administration;
        this.publicUrl = publicUrl;
        this.json = json;
    }

    /** After the web server in starting, and before it in stopping. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }

    @Override
    public synchronized void start() {
        opening = Thread.ofVirtual().name("demo").start(this::open);
    }

    @Override
    public synchronized boolean isRunning() {
        return opening != null;
    }

    @Override
    public void stop() {
        List<Thread> running;
        synchronized (this) {
            agents.forEach(DemoAgent::stop);
            agents.clear();
            running = new ArrayList<>(threads);
            threads.clear();
            if (opening != null) {
                opening.interrupt();
                running.add(opening);
            }
            opening = null;
        }
        Instant deadline = Instant.now().plus(STOPPING);
        try {
            for (Thread thread : running) {
                Duration left = Duration.between(Instant.now(), deadline);
                if (left.isNegative() || !thread.join(left)) {
                    LOG.warn(
                            "The demonstration agent {} did not stop within {} s; it shows as working until its lease ends",
                            thread.getName(),
                            STOPPING.toSeconds());
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** A first start creates the workspace and its owner last, so the demo waits for them. */
    private void open() {
        try {
            while (!administration.exists(settings.demoWorkspace())) {
                Thread.sleep(LOOK_AGAIN);
            }
        } catch (InterruptedException _) {
            return;
        }
        Workspace workspace = administration.ensureWorkspace(settings.demoWorkspace());
        Random random = new Random();
        HttpClient http = HttpClient.newHttpClient();
        String url = "http://127.0.0.1:" + publicUrl.port();
        synchronized (this) {
            if (opening == null) {
                return;
            }
            for (Script script : cast().agents()) {
                Api api = new Api(http, url, () -> key(workspace, script), json);
                DemoAgent agent = new DemoAgent(script, api, settings.demoPace(), new Random(random.nextLong()), json);
                agents.add(agent);
                threads.add(Thread.ofVirtual().name(script.id()).start(agent));
            }
        }
        LOG.info("{} demonstration agents work in workspace {}", threads.size(), settings.demoWorkspace());
    }

    /** A new key for each start. It continues with the agent of an earlier start, whatever key that had. */
    private String key(Workspace workspace, Script script) {
        Set<Scope> scopes = Scope.defaults();
        scopes.add(Scope.AGENTS_ACT_AS);
        return administration.nextKey(
                workspace,
                script.name(),
                scopes,
                new ActAs(List.of(script.id())),
                Optional.of(Instant.now().plus(KEY_LIFE)));
    }

    private Script.Cast cast() {
        try (InputStream file = Demo.class.getResourceAsStream("/demo/agents.json")) {
            if (file == null) {
                throw new IllegalStateException("demo/agents.json is not on the class path");
            }
            return json.readValue(file, Script.Cast.class);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
