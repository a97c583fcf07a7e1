package io.heliograph.server.start;

import io.heliograph.server.errors.InvalidFieldException;
import io.heliograph.server.errors.StartException;
import io.heliograph.server.identity.ActAs;
import io.heliograph.server.identity.Administration;
import io.heliograph.server.identity.Scope;
import java.util.Arrays;
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
        description = "Prints a new API key; the workspace is created when it does not exist.",
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
            description = "of approvals:create, agents:write, messages:write, read, and agents:act-as; all but the last"
                    + " unless given")
    private List<String> scopes = List.of();

    @Option(
            names = "--act-as",
            split = "[, ]",
            paramLabel = "A",
            description = "with the scope agents:act-as: ids of agents of other keys, or *, that it may act for")
    private List<String> actAs = List.of();

    @Override
    public Integer call() {
        Set<Scope> granted = scopes.isEmpty()
                ? Scope.defaults()
                : scopes.stream().map(KeyCommand::parse).collect(Collectors.toSet());
        ActAs agents;
        try {
            agents = new ActAs(actAs);
            agents.requireToFit(granted);
        } catch (InvalidFieldException invalid) {
            throw new StartException("--act-as " + invalid.expected(), invalid);
        }
        try (AdminContext context = AdminContext.open(overrides.toSettings())) {
            Administration administration = context.administration();
            spec.commandLine()
                    .getOut()
                    .println(administration.key(context.workspace(workspace), name, granted, agents, Optional.empty()));
            return 0;
        }
    }

    private static Scope parse(String name) {
        return Scope.parse(name)
                .orElseThrow(() -> new StartException("there is no scope \"" + name + "\"; there are: "
                        + Arrays.stream(Scope.values()).map(Scope::wireName).collect(Collectors.joining(", "))));
    }
}
