package io.heliograph.eventlog;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** The lines that the process has logged to standard output and error since the start. They are printed at the end. */
final class CapturedOutput implements AutoCloseable {
    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final ByteArrayOutputStream captured = new ByteArrayOutputStream();

    static CapturedOutput start() {
        CapturedOutput output = new CapturedOutput();
        PrintStream stream = new PrintStream(output.captured, true, StandardCharsets.UTF_8);
        System.setOut(stream);
        System.setErr(stream);
        return output;
    }

    /** How many lines contain the text. */
    long count(String text) {
        return captured.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains(text))
                .count();
    }

    @Override
    public void close() {
        System.setOut(out);
        System.setErr(err);
        out.print(captured.toString(StandardCharsets.UTF_8));
    }
}
