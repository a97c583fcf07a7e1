package io.heliograph.server.start;

import io.heliograph.server.storage.SqliteBackup;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a copy of the embedded database, also while a server runs on it. */
@Command(
        name = "backup",
        description = "Writes a snapshot of the embedded database to a new file; a server may be running.",
        mixinStandardHelpOptions = true)
final class BackupCommand implements Callable<Integer> {
    @Mixin
    private Overrides overrides = new Overrides();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "FILE", description = "the file to be written, which must not exist")
    private Path file = Path.of("");

    @Override
    public Integer call() {
        SqliteBackup.in(overrides.toSettings()).write(file.toAbsolutePath());
        spec.commandLine().getOut().println("The database was written to " + file + ".");
        return 0;
    }
}
