package io.heliograph.server.storage;

import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Runs blocking work, such as SQL, on virtual threads instead of event loops, one for each call. */
public final class Blocking {
    private static final Scheduler VIRTUAL_THREADS = Schedulers.fromExecutorService(Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("blocking-", 0).factory()));

    private static final int MAX_AHEAD = 4;

    private Blocking() {}

    /** Runs {@code work} on a virtual thread on subscription; downstream operators continue there. */
    public static <T> Mono<T> call(Callable<T> work) {
        return Mono.fromCallable(work).subscribeOn(VIRTUAL_THREADS);
    }

    /**
     * Creates and subscribes to {@code work} on a virtual thread. Downstream operators stay there until {@code work}
     * switches threads.
     */
    public static <T> Mono<T> defer(Supplier<Mono<T>> work) {
        return Mono.defer(work).subscribeOn(VIRTUAL_THREADS);
    }

    /**
     * Delivers each buffer of a body, and its end, on a virtual thread, as a copy on the heap. The network's buffers
     * are released on the event loop, so that none leaks when the client or the reader cancels while a buffer is passed
     * between the threads. At most {@value #MAX_AHEAD} buffers are ahead of the reader.
     */
    public static Flux<DataBuffer> continued(Flux<DataBuffer> body) {
        return body.map(Blocking::copy).publishOn(VIRTUAL_THREADS, MAX_AHEAD);
    }

    private static DataBuffer copy(DataBuffer buffer) {
        try {
            byte[] bytes = new byte[buffer.readableByteCount()];
            buffer.read(bytes);
            return DefaultDataBufferFactory.sharedInstance.wrap(bytes);
        } finally {
            DataBufferUtils.release(buffer);
        }
    }
}
