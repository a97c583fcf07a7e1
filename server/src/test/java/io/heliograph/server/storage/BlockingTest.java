package io.heliograph.server.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

class BlockingTest {
    private static final int BUFFERS = 200;

    private final NettyDataBufferFactory network = new NettyDataBufferFactory(UnpooledByteBufAllocator.DEFAULT);
    private final List<ByteBuf> arrived = new ArrayList<>();

    /** A body that comes buffer by buffer as it is asked for, on the thread that asks. */
    private Flux<DataBuffer> body() {
        return Flux.generate(() -> 0, (number, sink) -> {
            ByteBuf buffer = UnpooledByteBufAllocator.DEFAULT.buffer().writeBytes((number + ",").getBytes(UTF_8));
            arrived.add(buffer);
            sink.next(network.wrap(buffer));
            if (number == BUFFERS - 1) {
                sink.complete();
            }
            return number + 1;
        });
    }

    @Test
    void aBodyArrivesWholeOnAVirtualThread() {
        AtomicBoolean virtual = new AtomicBoolean(true);

        byte[] read = DataBufferUtils.join(Blocking.continued(body())
                        .doOnNext(_ -> virtual.compareAndSet(
                                true, Thread.currentThread().isVirtual())))
                .map(buffer -> buffer.toString(UTF_8).getBytes(UTF_8))
                .block();

        assertThat(read).asString(UTF_8).startsWith("0,1,2,").endsWith((BUFFERS - 1) + ",");
        assertThat(virtual).isTrue();
        assertThat(arrived).hasSize(BUFFERS).allMatch(buffer -> buffer.refCnt() == 0);
    }

    @Test
    void aReaderThatAsksForNothingKeepsNoBufferOfTheNetwork() {
        BaseSubscriber<DataBuffer> reader = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                // Asks for nothing.
            }
        };

        Blocking.continued(body()).subscribe(reader);

        // They wait for the reader, bounded, and are not the network's any more.
        assertThat(arrived).hasSizeBetween(1, 8).allMatch(buffer -> buffer.refCnt() == 0);
        reader.cancel();
        assertThat(arrived).allMatch(buffer -> buffer.refCnt() == 0);
    }

    @Test
    void aBufferThatComesWhileTheReaderLeavesIsReleased() throws InterruptedException {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        List<FluxSink<DataBuffer>> sinks = new ArrayList<>();
        BaseSubscriber<DataBuffer> reader = new BaseSubscriber<>() {
            @Override
            protected void hookOnNext(DataBuffer value) {
                reading.countDown();
                awaitQuietly(left);
            }
        };
        Blocking.continued(Flux.push(sinks::add)).subscribe(reader);

        emit(sinks.getFirst());
        reading.await();
        emit(sinks.getFirst());
        reader.cancel();
        left.countDown();

        assertThat(arrived).hasSize(2).allMatch(buffer -> buffer.refCnt() == 0);
    }

    private void emit(FluxSink<DataBuffer> sink) {
        ByteBuf buffer = UnpooledByteBufAllocator.DEFAULT.buffer().writeBytes("x".getBytes(UTF_8));
        arrived.add(buffer);
        sink.next(network.wrap(buffer));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
