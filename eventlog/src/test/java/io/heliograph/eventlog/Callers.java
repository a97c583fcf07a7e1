package io.heliograph.eventlog;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Virtual threads of a test that call the log at the same time; closing it waits for all of them. */
final class Callers implements AutoCloseable {
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    <T> Future<T> submit(Callable<T> call) {
        return executor.submit(call);
    }

    /** A call whose outcome does not matter. */
    void start(Callable<?> call) {
        var _ = executor.submit(call);
    }

    @Override
    public void close() {
        executor.close();
    }
}
