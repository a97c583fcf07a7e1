package io.heliograph.server.start;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heliograph.server.errors.StartException;
import io.heliograph.server.storage.DataDirectory;
import io.heliograph.server.storage.OwnerOnly;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * The output of a start. A terminal shows the sign-in link and the first API key. Other output, such as the log of a
 * service manager, names a file in the data folder instead, which only its owner can read.
 */
final class FirstRun {
    private static final String KEY_LINE = "API key";

    private final Optional<Path> file;

    private FirstRun(Optional<Path> file) {
        this.file = file;
    }

    /** To standard output when that is a terminal, otherwise to a file in the folder. */
    @SuppressWarnings("SystemConsoleNull") // since JDK 25 it is null again where there is no terminal
    static FirstRun of(DataDirectory folder) {
        Console console = System.console();
        return console != null && console.isTerminal() ? onTerminal() : into(folder);
    }

    static FirstRun onTerminal() {
        return new FirstRun(Optional.empty());
    }

    static FirstRun into(DataDirectory folder) {
        return new FirstRun(Optional.of(folder.firstRun()));
    }

    /** The text to print. Secrets that it does not contain are in the file when it returns. */
    String shown(String url, String workspace, Optional<String> link, Optional<String> key) {
        StringBuilder block = new StringBuilder("\n");
        if (file.isPresent()) {
            write(file.get(), link, key);
            line(block, "Dashboard", url);
            line(block, "Workspace", workspace);
            line(block, "Secrets", file.get() + " has the sign-in link" + (key.isPresent() ? " and the API key" : ""));
        } else {
            line(block, "Dashboard", link.orElse(url));
            line(block, "", link.isPresent() ? "(the link signs you in once; each start prints a new one)" : "");
            line(block, "Workspace", workspace);
        }
        if (key.isEmpty()) {
            line(
                    block,
                    KEY_LINE,
                    "shown at the first start; another: ./heliograph key --workspace " + workspace + " --name NAME");
        } else if (file.isEmpty()) {
            line(block, KEY_LINE, key.get());
        }
        block.append("\n  Ask for an approval, as an agent does, and watch it appear:\n\n")
                .append("    curl -s ")
                .append(url)
                .append("/v1/approvals -H \"Authorization: Bearer ")
                .append(key.filter(_ -> file.isEmpty()).orElse("$KEY"))
                .append("\" \\\n      -H \"Idempotency-Key: $(date +%s%N)\" -H 'Content-Type: application/json' \\\n")
                .append("      -d '{\"title\":\"Refund order 9?\",\"action\":{\"name\":\"refund\",\"args\":"
                        + "{\"orderId\":9,\"amount\":42}},\"risk\":\"high\",\"expiresIn\":600}'\n\n");
        return block.toString();
    }

    /** Replaces the file and keeps the key of an earlier start. */
    private static void write(Path file, Optional<String> link, Optional<String> key) {
        try {
            StringBuilder text = new StringBuilder();
            link.ifPresent(url -> line(text, "Sign in", url));
            if (key.isPresent()) {
                line(text, KEY_LINE, key.get());
            } else if (Files.exists(file)) {
                Files.readString(file, UTF_8)
                        .lines()
                        .filter(line -> line.strip().startsWith(KEY_LINE))
                        .forEach(line -> text.append(line).append('\n'));
            }
            Path draft = file.resolveSibling(file.getFileName() + ".tmp");
            Files.deleteIfExists(draft);
            OwnerOnly.create(draft);
            Files.writeString(draft, text, UTF_8);
            Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            throw new StartException(
                    "the sign-in link cannot be written to " + file + ": " + failure.getMessage(), failure);
        }
    }

    private static void line(StringBuilder block, String name, String value) {
        if (!value.isEmpty()) {
            block.append("  %-11s %s%n".formatted(name, value));
        }
    }
}
