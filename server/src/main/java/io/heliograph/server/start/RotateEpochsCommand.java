package io.heliograph.server.start;

import io.heliograph.server.storage.SqliteBackup;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Gives every log a new epoch, after the database was restored by other means than {@code restore}. */
@Command(
        name = "rotate-epochs",
        aliases = "restored",
        description = "Run once after the database was restored from a backup by other means than restore, before the"
                + " first start: every client reloads, whatever it has seen since the backup.",
        mixinStandardHelpOptions = true)
final class RotateEpochsCommand implements Callable<Integer> {
    @Mixin
    private Overrides overrides = new Overrides();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--discard-wal",
            description = "move SQLite's write-ahead log away, which holds changes of the database that was replaced")
    private boolean discardWal;

    @Override
    public Integer call() {
        Map<String, String> settings = overrides.toSettings();
        if (discardWal) {
            SqliteBackup.in(settings)
                    .discardWal()
                    .ifPresent(
                            to -> spec.commandLine().getOut().println("The write-ahead log was moved to " + to + "."));
        }
        try (AdminContext context = AdminContext.open(settings)) {
            context.newEpochs();
            spec.commandLine().getOut().println("Every log has a new epoch: clients will reload.");
            return 0;
        }
    }
}
