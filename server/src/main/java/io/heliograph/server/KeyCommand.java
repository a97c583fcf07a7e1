package io.heliograph.server;

import io.heliograph.server.workspaces.Administration;
import io.heliograph.server.workspaces.Scope;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints a new API key, on the database of a server that may be running. */
@Command(
        name = "key",
        description = "Prints a new API key; the workspace is made when it does not exist.",
        mixinStandardHelpOptions = true)
final class KeyCommand implements Callable<Integer> {
    @Mixin
    private Overrides overrides = new Overrides();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--workspace", required = true, paramLabel = "W", description = "the workspace's slug")
    private String workspace = "";

    @Option(
            names = "--name",
            required = true,
            paramLabel = "N",
            description = "the key's name, and that of the agent that uses it")
    private String name = "";

    @Option(
            names = "--scopes",
            split = "[, ]",
            paramLabel = "S",
            description = "of approvals:create, agents:write, messages:write, read; all unless given")
    private List<String> scopes = List.of();

    @Override
    public Integer call() {
        Set<Scope> granted = scopes.isEmpty()
                ? EnumSet.allOf(Scope.class)
                : scopes.stream().map(KeyCommand::parse).collect(Collectors.toSet());
        try (Workbench bench = Workbench.open(overrides.toSettings())) {
            Administration administration = bench.administration();
            spec.commandLine()
                    .getOut()
                    .println(administration.key(bench.workspace(workspace), name, granted, Optional.empty()));
            return 0;
        }
    }

    private static Scope parse(String name) {
        return Scope.parse(name)
                .orElseThrow(() -> new StartException("there is no scope \"" + name + "\"; there are: "
                        + Arrays.stream(Scope.values()).map(Scope::wireName).collect(Collectors.joining(", "))));
    }
}
