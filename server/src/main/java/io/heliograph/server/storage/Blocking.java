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

/** Takes blocking work, such as SQL, off the event loops: each call gets a virtual thread of its own. */
public final class Blocking {
    private static final Scheduler VIRTUAL_THREADS = Schedulers.fromExecutorService(Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("blocking-", 0).factory()));

    private static final int MAX_AHEAD = 4;

    private Blocking() {}

    /** Runs {@code work} on a virtual thread once it is subscribed to; what follows goes on there. */
    public static <T> Mono<T> call(Callable<T> work) {
        return Mono.fromCallable(work).subscribeOn(VIRTUAL_THREADS);
    }

    /** Makes and subscribes to {@code work} on a virtual thread. What follows stays there until {@code work} leaves it. */
    public static <T> Mono<T> defer(Supplier<Mono<T>> work) {
        return Mono.defer(work).subscribeOn(VIRTUAL_THREADS);
    }

    /**
     * Has each buffer of a body, and its end, arrive on a virtual thread, as a copy on the heap. The network's buffers are
     * released where they come, on the event loop, so that none is lost when the client or the reader leaves while one is
     * on its way between the threads. No more than {@value #MAX_AHEAD} buffers are ahead of the reader, which bounds what
     * it reads in all.
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
