package io.heliograph.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.engineio.ListeningServer;
import io.heliograph.eventlog.LocalBus;
import io.heliograph.gateway.Authentication.Accepted;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Clients that leave while their credential is read, or waits to be read, on another thread. One credential is read at a
 * time, in the order in which the clients came, so a client that is connected shows that those before it are done.
 */
class ConnectRacesIT {
    private final LocalBus bus = new LocalBus();
    private final CredentialGuard guard = new CredentialGuard(new ManualWatch(), Clock.systemUTC());
    private final List<String> readings = new CopyOnWriteArrayList<>();
    private final CountDownLatch slowRead = new CountDownLatch(1);
    private final EventsGateway gateway = EventsGateway.builder(
                    new MemoryLog(bus), bus, this::authenticate, guard, settings())
            .build();
    private final ListeningServer server = gateway.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

    @AfterEach
    void close() {
        slowRead.countDown();
        gateway.closeSockets(Duration.ZERO).toCompletableFuture().join();
        gateway.close();
        server.close();
        guard.close();
        bus.close();
    }

    @Test
    void aClientThatLeftWhileItsCredentialWasReadTakesNoPlace() {
        try (TestClient slow = reading("slow");
                TestClient other = TestClient.open(server)) {
            slow.lose();
            other.until(() -> guard.size() == 0);

            slowRead.countDown();
            other.send("40{\"token\":\"other\"}");
            other.awaitConnected();

            assertThat(gateway.socketsBetween(1, 10)).isEqualTo(1);
            assertThat(guard.size()).isEqualTo(1);
        }
    }

    @Test
    void theCredentialOfAClientThatLeftBeforeItsTurnIsNotRead() {
        try (TestClient slow = reading("slow");
                TestClient left = TestClient.open(server);
                TestClient other = TestClient.open(server)) {
            left.send("40{\"token\":\"left\"}");
            other.until(() -> guard.size() == 2);
            left.lose();
            other.until(() -> guard.size() == 1);

            slowRead.countDown();
            slow.awaitConnected();
            other.send("40{\"token\":\"other\"}");
            other.awaitConnected();

            assertThat(readings).containsExactly("slow", "other");
        }
    }

    /** A client whose credential is being read. */
    private TestClient reading(String token) {
        TestClient client = TestClient.open(server);
        client.send("40{\"token\":\"" + token + "\"}");
        client.until(() -> readings.contains(token));
        return client;
    }

    private Authentication authenticate(String credential) {
        readings.add(credential);
        if (credential.equals("slow")) {
            try {
                slowRead.await();
            } catch (InterruptedException failure) {
                Thread.currentThread().interrupt();
                throw new AssertionError(failure);
            }
        }
        return new Accepted(Principals.member("acme", credential));
    }

    private static GatewaySettings settings() {
        return new GatewaySettings(
                100, 10, 2, 1_000, Duration.ofSeconds(5), 1, 50, Duration.ZERO, 100, Duration.ofSeconds(15));
    }
}
