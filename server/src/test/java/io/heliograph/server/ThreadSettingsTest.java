package io.heliograph.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** On the Linux that runs it, of whatever age. */
final class ThreadSettingsTest {
    private static final Duration SLICE = Duration.ofNanos(300_000);

    @Test
    void aThreadTakesTheSliceFromTheOneThatStartsIt() throws Exception {
        Scheduling before = own();

        Slices slices = inThread(() -> {
            new ThreadSettings(SLICE).apply();
            return new Slices(own().slice(), inThread(() -> own().slice()));
        });

        assertThat(slices).isEqualTo(new Slices(expected(), expected()));
        assertThat(own()).isEqualTo(before);
    }

    @Test
    void whatTheJvmDoesBesideTheServerIsNicer() throws Exception {
        int nice = own().nice();

        inThread(() -> {
            new ThreadSettings(SLICE).apply();
            // Again, as a second server of the same process does.
            new ThreadSettings(SLICE).apply();
            return nice;
        });

        assertThat(jvmThreads("C2 Compiler")).isNotEmpty().allMatch(thread -> thread.nice() == nice + 10);
        assertThat(jvmThreads("VM Thread")).containsExactly(own().withSlice(expected()));
    }

    @Test
    void withZeroAllStaysAsItIs() throws Exception {
        Scheduling before = own();

        Scheduling after = inThread(() -> {
            new ThreadSettings(Duration.ZERO).apply();
            return own();
        });

        assertThat(after).isEqualTo(before);
    }

    @Test
    void aThreadThatIsNotThereHasNoScheduling() {
        assertThat(Scheduling.of(Integer.MAX_VALUE)).isEmpty();
        assertThat(own().giveTo(Integer.MAX_VALUE)).isFalse();
    }

    private record Slices(Duration set, Duration inherited) {}

    private static Scheduling own() {
        return Scheduling.of(Scheduling.THIS_THREAD).orElseThrow();
    }

    /** As sched_setattr(2) says. */
    private static Duration expected() {
        String[] version = System.getProperty("os.version").split("\\D", 3);
        int major = Integer.parseInt(version[0]);
        boolean settable = major > 6 || (major == 6 && Integer.parseInt(version[1]) >= 12);
        return settable ? SLICE : own().slice();
    }

    private static List<Scheduling> jvmThreads(String name) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            return threads.filter(thread -> name(thread).startsWith(name))
                    .map(thread ->
                            Scheduling.of(Integer.parseInt(thread.getFileName().toString())))
                    .flatMap(Optional::stream)
                    .toList();
        }
    }

    private static String name(Path thread) {
        try {
            return Files.readString(thread.resolve("comm"));
        } catch (IOException _) {
            return ""; // it has ended meanwhile
        }
    }

    private static <T> T inThread(Callable<T> work) throws InterruptedException, ExecutionException {
        FutureTask<T> result = new FutureTask<>(work);
        Thread.ofPlatform().start(result);
        return result.get();
    }
}
