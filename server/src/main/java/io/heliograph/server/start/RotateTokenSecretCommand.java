package io.heliograph.server.start;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Makes the configured token secret the one that all nodes of the database must have. */
@Command(
        name = "rotate-token-secret",
        description = "Run once with a new heliograph.token-secret, while no node runs: nodes with another secret are"
                + " refused from then on, and so are the tokens that it signed.",
        mixinStandardHelpOptions = true)
final class RotateTokenSecretCommand implements Callable<Integer> {
    @Mixin
    private Overrides overrides = new Overrides();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        try (AdminContext context = AdminContext.open(overrides.toSettings())) {
            context.acceptTokenSecret();
            spec.commandLine().getOut().println("Every node must have this token secret from now on.");
            return 0;
        }
    }
}
