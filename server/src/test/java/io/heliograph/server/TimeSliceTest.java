package io.heliograph.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

final class TimeSliceTest {
    private static final Duration SLICE = Duration.ofNanos(300_000);

    @Test
    void aThreadTakesItFromTheOneThatStartsIt() throws Exception {
        Optional<Duration> before = TimeSlice.current();

        Slices slices = inThread(() -> new Slices(TimeSlice.set(SLICE), inThread(TimeSlice::current)));

        assertThat(slices.set()).isEqualTo(settable() ? Optional.of(SLICE) : Optional.empty());
        assertThat(slices.inherited()).isEqualTo(slices.set());
        assertThat(TimeSlice.current()).isEqualTo(before);
    }

    private record Slices(Optional<Duration> set, Optional<Duration> inherited) {}

    private static <T> T inThread(Callable<T> work) throws InterruptedException, ExecutionException {
        FutureTask<T> result = new FutureTask<>(work);
        Thread.ofPlatform().start(result);
        return result.get();
    }

    /** As sched_setattr(2) says; tests run on the two architectures that it knows of. */
    private static boolean settable() {
        String[] version = System.getProperty("os.version").split("\\D", 3);
        int major = Integer.parseInt(version[0]);
        return System.getProperty("os.name").equals("Linux")
                && (major > 6 || (major == 6 && Integer.parseInt(version[1]) >= 12));
    }
}
