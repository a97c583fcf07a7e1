package io.heliograph.server.start;

import io.heliograph.server.identity.Administration;
import io.heliograph.server.storage.DataDirectory;
import io.heliograph.server.storage.LockedDataDirectory;
import io.heliograph.server.storage.SettingsReader;
import io.heliograph.server.storage.Storage;
import io.heliograph.server.storage.StorageSettings;
import io.heliograph.server.web.PublicUrl;
import io.heliograph.server.workspaces.Role;
import io.heliograph.server.workspaces.Workspace;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** A running server. It runs until it is closed or the process is terminated. */
public final class Server implements AutoCloseable {
    private static final String FIRST_WORKSPACE = "default";

    private final LockedDataDirectory dataDirectory;
    private final ConfigurableApplicationContext context;

    private Server(LockedDataDirectory dataDirectory, ConfigurableApplicationContext context) {
        this.dataDirectory = dataDirectory;
        this.context = context;
    }

    /**
     * Starts a server; {@code overrides} take precedence over the environment and files. Returns when it answers
     * requests.
     *
     * @throws RuntimeException that {@link StartFailures} explains, when the operator can fix the cause
     */
    public static Server start(Map<String, String> overrides) {
        SettingsReader settings = SettingsReader.load(overrides);
        settings.bind(LogSettings.class).apply();
        LockedDataDirectory dataDirectory = LockedDataDirectory.open(settings.bind(StorageSettings.class));
        try {
            return new Server(dataDirectory, run(dataDirectory, overrides));
        } catch (RuntimeException failure) {
            dataDirectory.close();
            throw failure;
        }
    }

    private static ConfigurableApplicationContext run(
            LockedDataDirectory dataDirectory, Map<String, String> overrides) {
        SpringApplication application = new SpringApplication(HeliographApplication.class);
        application.setDefaultProperties(SettingsReader.FILES);
        application.addInitializers(
                context -> context.getBeanFactory().registerSingleton("dataDirectory", dataDirectory));
        return application.run(overrides.entrySet().stream()
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new));
    }

    /** A bean of the running server. */
    public <T> T part(Class<T> type) {
        return context.getBean(type);
    }

    DataDirectory folder() {
        return part(Storage.class).folder();
    }

    public String url() {
        return part(PublicUrl.class).origin();
    }

    /**
     * Prints the dashboard's URL with a one-time sign-in link, the workspace and, when this start created it, its first
     * API key. Then logs the duration of the start.
     *
     * @param secrets where the link and the key go: a terminal, or a file that only its owner can read
     */
    void announce(PrintStream out, FirstRun secrets) {
        Administration administration = part(Administration.class);
        Optional<String> firstKey = Optional.empty();
        if (!administration.exists(FIRST_WORKSPACE)) {
            Workspace workspace = administration.ensureWorkspace(FIRST_WORKSPACE);
            administration.ensureMember(workspace, "owner", Role.OWNER);
            firstKey = Optional.of(administration.key(workspace, "first"));
        }
        Workspace workspace = administration.ensureWorkspace(FIRST_WORKSPACE);
        Optional<String> link = administration.signInCode(workspace).map(code -> url() + "/sign-in#code=" + code);
        out.print(secrets.shown(url(), FIRST_WORKSPACE, link, firstKey));
        out.flush();
        LoggerFactory.getLogger(Server.class)
                .info("ready in {} s at {}", String.format(Locale.ROOT, "%.1f", sinceStart()), url());
    }

    /** Seconds since the launcher began, if it passed its start time, otherwise since the process began. */
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
        dataDirectory.close();
    }
}
