package io.heliograph.server.start;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Recomputes the counters of all workspaces. The server may be running. */
@Command(
        name = "recount",
        description =
                "Recomputes the counters of approvals, agents, messages, stored bytes and notifications, and prints each"
                        + " counter that was wrong; a workspace's commands wait while its rows are counted.",
        mixinStandardHelpOptions = true)
final class RecountCommand implements Callable<Integer> {
    @Mixin
    private Overrides overrides = new Overrides();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        try (AdminContext context = AdminContext.open(overrides.toSettings())) {
            PrintWriter out = spec.commandLine().getOut();
            context.recount((workspace, corrections) -> corrections.forEach(correction -> out.println(workspace + " "
                    + correction.counter() + ": was " + correction.before() + ", is " + correction.now())));
            out.println("All counters are correct.");
            return 0;
        }
    }
}
