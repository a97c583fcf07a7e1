package io.heliograph.server;

import io.heliograph.server.web.InvalidSettingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the threads of the process share the cores, where Linux lets them.
 *
 * <p>A command passes four or five threads, and each of them would wait until the slice of the one that has the core ends:
 * some milliseconds, when thousands of clients keep an event loop busy, or when the JVM compiles. So slices are
 * short, and those of the JVM's own threads that have much to do and can wait have a smaller share.
 *
 * @param timeSlice for which a thread of the server goes on while another one waits for its core; 0: everything as the
 *     system and the JVM give it
 */
@ConfigurationProperties("heliograph")
record ThreadSettings(@DefaultValue("200us") Duration timeSlice) {
    private static final Logger LOG = LoggerFactory.getLogger(ThreadSettings.class);

    private static final Duration SHORTEST = Duration.ofNanos(100_000);
    private static final Duration LONGEST = Duration.ofMillis(100);

    private static final Path THREADS = Path.of("/proc/self/task");

    /** These keep all others waiting: all stand still, or interpret what is soon compiled. */
    private static final List<String> URGENT = List.of("VM Thread", "GC Thread", "C1 Compiler");
    /** These collect garbage beside the others. */
    private static final List<String> COLLECTORS = List.of("G1 Conc", "G1 Main", "G1 Refine", "G1 Service");

    /** These compile again, and better, what runs often. */
    private static final List<String> OPTIMIZERS = List.of("C2 Compiler");

    private static final int COLLECTORS_NICER = 5;
    private static final int OPTIMIZERS_NICER = 10;
    private static final int NICEST = 19;

    ThreadSettings {
        InvalidSettingException.check(
                timeSlice.isZero() || (timeSlice.compareTo(SHORTEST) >= 0 && timeSlice.compareTo(LONGEST) <= 0),
                "heliograph.time-slice",
                timeSlice,
                "a duration from 100us to 100ms, or 0 for what the system gives");
    }

    /** For this thread, those that it will start, and those of the JVM. Where it cannot be, they only wait longer. */
    void apply() {
        if (timeSlice.isZero() || !Files.isDirectory(THREADS)) {
            return;
        }
        Scheduling.of(Scheduling.THIS_THREAD).ifPresent(own -> {
            own.withSlice(timeSlice).giveTo(Scheduling.THIS_THREAD);
            try (Stream<Path> threads = Files.list(THREADS)) {
                threads.forEach(thread -> apply(thread, own.nice()));
            } catch (IOException | UncheckedIOException e) {
                LOG.debug("the threads of the JVM stay as they are", e);
            }
        });
    }

    private void apply(Path thread, int nice) {
        String name = name(thread);
        int id = Integer.parseInt(thread.getFileName().toString());
        Scheduling.of(id).ifPresent(scheduling -> {
            if (startsWith(name, URGENT)) {
                scheduling.withSlice(timeSlice).giveTo(id);
            } else if (startsWith(name, COLLECTORS)) {
                scheduling.withNice(Math.min(nice + COLLECTORS_NICER, NICEST)).giveTo(id);
            } else if (startsWith(name, OPTIMIZERS)) {
                scheduling.withNice(Math.min(nice + OPTIMIZERS_NICER, NICEST)).giveTo(id);
            }
        });
    }

    private static boolean startsWith(String name, List<String> beginnings) {
        return beginnings.stream().anyMatch(name::startsWith);
    }

    /** Linux keeps the first 15 characters. */
    private static String name(Path thread) {
        try {
            return Files.readString(thread.resolve("comm"));
        } catch (IOException _) {
            return ""; // it has ended meanwhile
        }
    }
}
