package io.heliograph.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The generator and the floor prove one another. */
class BareServerIT {
    private final EventLoopGroup server = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final EventLoopGroup clients = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());

    @AfterEach
    void end() {
        clients.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        server.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void closedLoopDeliversEverythingOnceAndInOrder() {
        try (Swarm swarm = new Swarm(clients.next(), BareServer.start(server), 4)) {
            swarm.open(50);
            swarm.openWindow(() -> true);
            swarm.startClosed(2);
            Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> window(swarm).delivered() > 20_000);
            swarm.drain();

            Traffic.Window window = window(swarm);
            assertThat(window.misordered()).isZero();
            assertThat(window.delivered() % 50).isZero();
            assertThat(window.latencies().getTotalCount()).isEqualTo(window.delivered());
        }
    }

    @Test
    void pacedLoadKeepsItsRate() {
        try (Swarm swarm = new Swarm(clients.next(), BareServer.start(server), 2)) {
            swarm.open(20);
            long start = swarm.openWindow(System::nanoTime);
            swarm.startPaced(500, new Random(1));
            Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> window(swarm).delivered() > 5_000);
            long nanos = swarm.closeWindow(System::nanoTime).probe() - start;
            swarm.drain();

            assertThat(window(swarm).misordered()).isZero();
            assertThat(window(swarm).delivered() % 20).isZero();
            assertThat(nanos).isGreaterThan(250_000_000L);
        }
    }

    private static Traffic.Window window(Swarm swarm) {
        return swarm.closeWindow(() -> true).window();
    }
}
