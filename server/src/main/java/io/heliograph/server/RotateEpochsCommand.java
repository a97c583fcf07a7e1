package io.heliograph.server;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Tells the logs that the database was restored from a backup. */
@Command(
        name = "restored",
        description = "Run once after the database was restored from a backup, before the first start: "
                + "every client reloads, whatever it has seen since the backup.",
        mixinStandardHelpOptions = true)
final class RestoredCommand implements Callable<Integer> {
    @Mixin
    private Overrides overrides = new Overrides();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        try (Workbench bench = Workbench.open(overrides.toSettings())) {
            bench.newEpochs();
            spec.commandLine().getOut().println("Every log has a new epoch: clients will reload.");
            return 0;
        }
    }
}
