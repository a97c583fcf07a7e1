package io.heliograph.server.start;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts the server and returns when it answers requests; the process stays. */
@Command(name = "serve", description = "Starts the server.", mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
    @Mixin
    private Overrides overrides = new Overrides();

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "the port to listen on; 8080 unless heliograph.port says otherwise")
    private @Nullable String port;

    @Option(names = "--demo", description = "start demonstration agents")
    private boolean demo;

    @Override
    public Integer call() throws IOException {
        Map<String, String> settings = overrides.toSettings();
        if (port != null) {
            settings.put("heliograph.port", port);
        }
        if (demo) {
            settings.put("heliograph.demo", "true");
        }
        Server server = Server.start(settings);
        server.announce(System.out, FirstRun.of(server.folder()));
        return CommandLineInterface.RUNNING;
    }
}
