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
        try (RoomClients roomClients = new RoomClients(clients.next(), BareServer.start(server), 4)) {
            roomClients.open(50);
            roomClients.openWindow(() -> true);
            roomClients.startClosed(2);
            Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> window(roomClients).delivered() > 20_000);
            roomClients.drain();

            Traffic.Window window = window(roomClients);
            assertThat(window.misordered()).isZero();
            assertThat(window.delivered() % 50).isZero();
            assertThat(window.latencies().getTotalCount()).isEqualTo(window.delivered());
        }
    }

    @Test
    void pacedLoadKeepsItsRate() {
        try (RoomClients roomClients = new RoomClients(clients.next(), BareServer.start(server), 2)) {
            roomClients.open(20);
            long start = roomClients.openWindow(System::nanoTime);
            roomClients.startPaced(500, new Random(1));
            Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> window(roomClients).delivered() > 5_000);
            long nanos = roomClients.closeWindow(System::nanoTime).probe() - start;
            roomClients.drain();

            assertThat(window(roomClients).misordered()).isZero();
            assertThat(window(roomClients).delivered() % 20).isZero();
            assertThat(nanos).isGreaterThan(250_000_000L);
        }
    }

    private static Traffic.Window window(RoomClients roomClients) {
        return roomClients.closeWindow(() -> true).window();
    }
}
