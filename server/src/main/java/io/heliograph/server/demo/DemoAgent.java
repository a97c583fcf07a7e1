package io.heliograph.server.demo;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One demonstration agent: it works through a job, reports and writes messages, requests approval for risky actions,
 * and follows the decision. {@link #stop} ends it after the response to its last request, and releases its lease.
 *
 * <p>{@code run} belongs to one thread; {@code stop} may be called by any.
 */
final class DemoAgent implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(DemoAgent.class);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);
    private static final int WAIT_SECONDS = 50;

    private final Script script;
    private final Api api;
    private final Duration pace;
    private final RandomGenerator random;
    private final JsonMapper json;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();

    DemoAgent(Script script, Api api, Duration pace, RandomGenerator random, JsonMapper json) {
        this.script = script;
        this.api = api;
        this.pace = pace;
        this.random = random;
        this.json = json;
    }

    @Override
    public void run() {
        try {
            while (true) {
                workOn();
            }
        } catch (CancellationException _) {
            LOG.debug("{} stops", script.name());
        }
        leave();
    }

    /** Asks the agent to stop; {@link #run} returns soon after. */
    void stop() {
        stopped.complete(null);
    }

    private void workOn() {
        try {
            report(Map.of("name", script.name(), "kind", script.kind(), "lease", Map.of("seconds", 60)));
            pause(2);
            while (true) {
                Script.Job job =
                        script.jobs().get(random.nextInt(script.jobs().size())).cast(random, json);
                working(job);
                act(job, job.steps());
                report(Map.of("status", "idle", "statusText", "Waiting for work"));
                pause(4);
            }
        } catch (Api.Failed failure) {
            // The agent continues, because its server may have been restarted.
            LOG.debug("{} tries again later", script.name(), failure);
            pause(AFTER_FAILURE);
        }
    }

    private void act(Script.Job job, List<Script.Step> steps) throws Api.Failed {
        for (Script.Step step : steps) {
            act(job, step);
            pause(1);
        }
    }

    private void act(Script.Job job, Script.Step step) throws Api.Failed {
        if (step.say().isPresent()) {
            write("agent", "text", step.say().get());
        }
        if (step.call().isPresent()) {
            write("agent", "tool_call", step.call().get());
        }
        if (step.result().isPresent()) {
            write("tool", "tool_result", step.result().get());
        }
        if (step.log().isPresent()) {
            write("system", "log", step.log().get());
        }
        if (step.stream().isPresent()) {
            stream(step.stream().get());
        }
        if (step.fail().isPresent()) {
            write("agent", "error", step.fail().get());
            report(Map.of("status", "error", "error", step.fail().get(), "currentTask", job.task()));
            pause(5);
            working(job);
        }
        if (step.ask().isPresent()) {
            boolean allowed = ask(step.ask().get());
            act(job, step.after(allowed));
        }
    }

    /** Requests an approval, waits for the decision and reports it. Returns whether the agent may proceed. */
    private boolean ask(Script.Ask ask) throws Api.Failed {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("agentId", script.id());
        json.valueToTree(ask).forEachEntry(body::put);
        JsonNode approval = api.send(
                "POST",
                "/v1/approvals",
                body,
                "Idempotency-Key",
                UUID.randomUUID().toString());
        String path = "/v1/approvals/" + approval.path("id").asString("") + "?wait=" + WAIT_SECONDS;
        while (approval.path("status").asString("").equals("pending")) {
            approval = api.read(stopped, path);
        }
        JsonNode resolution = approval.path("resolution");
        String by = resolution.path("by").path("name").asString("nobody");
        return switch (approval.path("status").asString("")) {
            case "approved" -> {
                boolean edited = resolution.path("argsEdited").asBoolean(false);
                write("agent", "text", by + " approved it" + (edited ? ", with changes. I use theirs." : "."));
                yield true;
            }
            case "rejected" -> {
                String reason = resolution
                        .path("reason")
                        .asString(resolution.path("response").asString(""));
                write("agent", "text", by + " said no" + (reason.isEmpty() ? "." : ": " + reason));
                yield false;
            }
            default -> {
                write("agent", "text", "The deadline passed without a decision, so I skip it.");
                yield false;
            }
        };
    }

    /** A message that grows as it is written; its last state carries the whole text. */
    private void stream(String text) throws Api.Failed {
        JsonNode message = api.send("POST", messages(), Map.of("text", "", "state", "streaming"));
        pause(2);
        api.send("POST", messages(), Map.of("id", message.path("id").asString(""), "text", text));
    }

    private void write(String role, String kind, String text) throws Api.Failed {
        api.send("POST", messages(), Map.of("role", role, "kind", kind, "text", text));
    }

    private void working(Script.Job job) throws Api.Failed {
        report(Map.of("status", "working", "currentTask", job.task()));
    }

    private void report(Map<String, Object> report) throws Api.Failed {
        api.send("PUT", "/v1/agents/" + script.id(), report);
    }

    private void leave() {
        try {
            api.send("DELETE", "/v1/agents/" + script.id() + "/lease", Map.of());
        } catch (Api.Failed failure) {
            LOG.debug("{} could not give its lease back; it will run out", script.name(), failure);
        }
    }

    private String messages() {
        return "/v1/agents/" + script.id() + "/messages";
    }

    /** Sleeps for about this many paces, with a random deviation. */
    private void pause(int paces) {
        pause(Duration.ofMillis((long) (pace.toMillis() * paces * random.nextDouble(0.6, 1.4))));
    }

    /** Throws {@link CancellationException} once the agent is to stop. */
    private void pause(Duration duration) {
        try {
            stopped.get(duration.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            return;
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException("a demonstration agent is never interrupted", failure);
        }
        throw new CancellationException();
    }
}
