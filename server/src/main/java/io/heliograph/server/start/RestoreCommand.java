package io.heliograph.server.start;

import io.heliograph.server.storage.SqliteBackup;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Replaces the embedded database by a backup, while no server runs on it. */
@Command(
        name = "restore",
        description = "Replaces the embedded database by a backup, keeps the present one aside, and makes every client"
                + " reload; no server may be running.",
        mixinStandardHelpOptions = true)
final class RestoreCommand implements Callable<Integer> {
    @Mixin
    private Overrides overrides = new Overrides();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "FILE", description = "the backup, as the command backup writes it")
    private Path file = Path.of("");

    @Override
    public Integer call() {
        SqliteBackup.in(overrides.toSettings())
                .restore(file.toAbsolutePath())
                .ifPresent(to -> spec.commandLine().getOut().println("The former database was moved to " + to + "."));
        spec.commandLine().getOut().println(file + " was restored: clients will reload.");
        return 0;
    }
}
