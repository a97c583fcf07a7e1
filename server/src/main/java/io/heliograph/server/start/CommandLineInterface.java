package io.heliograph.server.start;

import java.io.PrintWriter;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The command line: {@code serve}, which is the default, and commands on the database of a server. Only results go to
 * standard output; a failure is one line on standard error, with exit status 1.
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
    /** The server runs in other threads, so the process must not exit. */
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
