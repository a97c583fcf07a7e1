package io.heliograph.server;

import io.heliograph.server.web.PublicUrl;
import io.heliograph.server.workspaces.Administration;
import io.heliograph.server.workspaces.Role;
import io.heliograph.server.workspaces.Scope;
import io.heliograph.server.workspaces.Workspace;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** A server that answers requests, until it is closed or the process is told to end. */
final class Server implements AutoCloseable {
    private static final String FIRST_WORKSPACE = "default";

    private final Foundation foundation;
    private final ConfigurableApplicationContext context;

    private Server(Foundation foundation, ConfigurableApplicationContext context) {
        this.foundation = foundation;
        this.context = context;
    }

    /**
     * Starts with {@code overrides} before the environment and files; returns when requests are answered.
     *
     * @throws RuntimeException that {@link StartFailures} can explain, when whoever starts it can mend it
     */
    static Server start(Map<String, String> overrides) {
        SettingsReader settings = SettingsReader.load(overrides);
        settings.bind(LogSettings.class).apply();
        settings.bind(ThreadSettings.class).apply();
        Foundation foundation = Foundation.lay(settings.bind(StorageSettings.class));
        try {
            return new Server(foundation, run(foundation, overrides));
        } catch (RuntimeException failure) {
            foundation.close();
            throw failure;
        }
    }

    private static ConfigurableApplicationContext run(Foundation foundation, Map<String, String> overrides) {
        SpringApplication application = new SpringApplication(HeliographApplication.class);
        application.setDefaultProperties(SettingsReader.FILES);
        application.addInitializers(context -> context.getBeanFactory().registerSingleton("foundation", foundation));
        return application.run(overrides.entrySet().stream()
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new));
    }

    /** A part of the running server. */
    <T> T part(Class<T> type) {
        return context.getBean(type);
    }

    String url() {
        return part(PublicUrl.class).origin();
    }

    /**
     * Prints where to go from here: the dashboard with a sign-in link that works once, the workspace and, when it was
     * made by this very start, its first API key. Then logs how long the start took.
     */
    void announce(PrintStream out) {
        Administration administration = part(Administration.class);
        Optional<String> firstKey = Optional.empty();
        if (!administration.exists(FIRST_WORKSPACE)) {
            Workspace workspace = administration.ensureWorkspace(FIRST_WORKSPACE);
            administration.ensureMember(workspace, "owner", Role.OWNER);
            firstKey =
                    Optional.of(administration.key(workspace, "first", EnumSet.allOf(Scope.class), Optional.empty()));
        }
        Workspace workspace = administration.ensureWorkspace(FIRST_WORKSPACE);
        out.print(block(administration.signInCode(workspace), firstKey));
        out.flush();
        LoggerFactory.getLogger(Server.class)
                .info("ready in {} s at {}", String.format(Locale.ROOT, "%.1f", sinceStart()), url());
    }

    /** An API key of the first workspace that may do everything. */
    String anotherKey() {
        Administration administration = part(Administration.class);
        return administration.key(
                administration.ensureWorkspace(FIRST_WORKSPACE),
                "another",
                EnumSet.allOf(Scope.class),
                Optional.empty());
    }

    private String block(Optional<String> code, Optional<String> key) {
        StringBuilder block = new StringBuilder("\n");
        line(
                block,
                "Dashboard",
                code.map(text -> url() + "/sign-in#code=" + text).orElse(url()));
        line(block, "", code.isPresent() ? "(the link signs you in once; each start prints a new one)" : "");
        line(block, "Workspace", FIRST_WORKSPACE);
        line(
                block,
                "API key",
                key.orElse("shown at the first start; another: ./heliograph key --workspace " + FIRST_WORKSPACE
                        + " --name NAME"));
        block.append("\n  Ask for an approval, as an agent does, and watch it appear:\n\n")
                .append("    curl -s ")
                .append(url())
                .append("/v1/approvals -H \"Authorization: Bearer ")
                .append(key.orElse("$KEY"))
                .append("\" \\\n      -H \"Idempotency-Key: $(uuidgen)\" -H 'Content-Type: application/json' \\\n")
                .append("      -d '{\"title\":\"Refund order 9?\",\"action\":{\"name\":\"refund\",\"args\":"
                        + "{\"orderId\":9,\"amount\":42}},\"risk\":\"high\",\"expiresIn\":600}'\n\n");
        return block.toString();
    }

    private static void line(StringBuilder block, String name, String value) {
        if (!value.isEmpty()) {
            block.append("  %-11s %s%n".formatted(name, value));
        }
    }

    /** Seconds since the launcher began, if a launcher says when, else since the process began. */
    private static double sinceStart() {
        Instant now = Instant.now();
        Instant begun = Optional.ofNullable(System.getenv("HELIOGRAPH_STARTED_AT"))
                .filter(text -> text.matches("[0-9]{1,15}"))
                .map(text -> Instant.ofEpochMilli(Long.parseLong(text)))
                .or(() -> ProcessHandle.current().info().startInstant())
                .orElse(now);
        return Duration.between(begun, now).toMillis() / 1000.0;
    }

    @Override
    public void close() {
        context.close();
        foundation.close();
    }
}
