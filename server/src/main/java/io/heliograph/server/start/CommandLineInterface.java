package io.heliograph.server.start;

import java.io.PrintWriter;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * What the process can be told to do: {@code serve}, which is also what it does when it is told nothing, and commands on
 * the database of a server. Results go to standard output and nothing else does; what went wrong is one line on standard error,
 * with exit status 1.
 */
@Command(
        name = "heliograph",
        description = "Real-time updates for multi-tenant dashboards.",
        mixinStandardHelpOptions = true,
        subcommands = {
            ServeCommand.class,
            TokenCommand.class,
            KeyCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            RotateEpochsCommand.class,
            RotateTokenSecretCommand.class,
            RecountCommand.class
        })
public final class CommandLineInterface {
    /** The server is running in other threads, and the process is to stay. */
    static final int RUNNING = -1;

    static final int FAILED = 1;

    private CommandLineInterface() {}

    public static int run(String... args) {
        boolean serve = args.length == 0 || (args[0].startsWith("-") && !isHelp(args[0]));
        String[] words = serve ? prepend("serve", args) : args;
        return new CommandLine(new CommandLineInterface())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((failure, _) -> {
                    complain(failure.getCommandLine().getErr(), String.valueOf(failure.getMessage()));
                    return FAILED;
                })
                .setExecutionExceptionHandler((failure, command, _) -> {
                    String line = StartFailures.explain(failure).orElse(null);
                    if (line == null) {
                        failure.printStackTrace(command.getErr());
                    } else {
                        complain(command.getErr(), line);
                    }
                    return FAILED;
                })
                .execute(words);
    }

    private static boolean isHelp(String word) {
        return word.equals("-h") || word.equals("--help") || word.equals("-V") || word.equals("--version");
    }

    private static String[] prepend(String first, String[] rest) {
        String[] words = new String[rest.length + 1];
        words[0] = first;
        System.arraycopy(rest, 0, words, 1, rest.length);
        return words;
    }

    private static void complain(PrintWriter err, String line) {
        err.println("heliograph: " + String.join(" ", Arrays.asList(line.split("\\R\\s*"))));
        err.flush();
    }
}
