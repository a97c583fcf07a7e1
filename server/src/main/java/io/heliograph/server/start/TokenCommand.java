package io.heliograph.server.start;

import io.heliograph.gateway.TopicPatterns;
import io.heliograph.server.errors.StartException;
import io.heliograph.server.identity.Administration;
import io.heliograph.server.workspaces.Member;
import io.heliograph.server.workspaces.Role;
import io.heliograph.server.workspaces.Workspace;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints a token for a member, on the database of a server that may be running. */
@Command(
        name = "token",
        description = "Prints a token (JWT) for a member; workspace and member are created when they do not exist.",
        mixinStandardHelpOptions = true)
final class TokenCommand implements Callable<Integer> {
    private static final Duration MAX_LIFETIME = Duration.ofDays(30);
    /** So that the token stays short enough for a header and for its reader. */
    private static final int MAX_TOPICS = 20;

    @Mixin
    private Overrides overrides = new Overrides();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--workspace", required = true, paramLabel = "W", description = "the workspace's slug")
    private String workspace = "";

    @Option(
            names = "--member",
            required = true,
            paramLabel = "M",
            description = "the member's handle, such as an e-mail address")
    private String member = "";

    @Option(
            names = "--role",
            required = true,
            paramLabel = "R",
            description = "owner, admin, operator or viewer; a member that exists gets it")
    private String role = "";

    @Option(names = "--ttl", defaultValue = "10m", description = "how long the token is valid: 30s, 10m, 12h or 7d")
    private String ttl = "10m";

    @Option(
            names = "--topics",
            split = ",",
            paramLabel = "T",
            description = "limits the token to topics and patterns, such as orders/42,bills/*; without it, it sees all")
    private @Nullable List<String> topics;

    @Override
    public Integer call() {
        Role parsedRole = Role.parse(role)
                .orElseThrow(() -> new StartException("there is no role \"" + role + "\"; there are: "
                        + Arrays.stream(Role.values()).map(Role::wireName).collect(Collectors.joining(", "))));
        Duration parsedTtl = parseTtl();
        Optional<TopicPatterns> parsedTopics = parseTopics();
        try (AdminContext context = AdminContext.open(overrides.toSettings())) {
            context.checkTokenSecret();
            Administration administration = context.administration();
            Workspace there = context.workspace(workspace);
            Member target = administration.ensureMember(there, member, parsedRole);
            spec.commandLine().getOut().println(administration.token(there, target, parsedTtl, parsedTopics));
            return 0;
        }
    }

    private Optional<TopicPatterns> parseTopics() {
        if (topics == null) {
            return Optional.empty();
        }
        topics.stream()
                .filter(topic -> !TopicPatterns.isPattern(topic))
                .findFirst()
                .ifPresent(topic -> {
                    throw new StartException("--topics has \"" + topic + "\"; each " + TopicPatterns.PATTERN_SHAPE);
                });
        if (topics.size() > MAX_TOPICS) {
            throw new StartException("--topics has " + topics.size() + " topics; a token has at most " + MAX_TOPICS);
        }
        return Optional.of(TopicPatterns.of(topics));
    }

    private Duration parseTtl() {
        try {
            Duration parsed = DurationStyle.SIMPLE.parse(ttl);
            if (parsed.compareTo(Duration.ofSeconds(1)) >= 0 && parsed.compareTo(MAX_LIFETIME) <= 0) {
                return parsed;
            }
        } catch (IllegalArgumentException _) {
            // Reported below.
        }
        throw new StartException("--ttl is \"" + ttl + "\"; expected a duration from 1s to 30d, such as 10m");
    }
}
