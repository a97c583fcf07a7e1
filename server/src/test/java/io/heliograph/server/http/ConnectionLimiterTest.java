package io.heliograph.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.server.web.ClientAddresses;
import io.heliograph.server.web.PeerSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ConnectionLimiterTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ConnectionLimiter limiter = new ConnectionLimiter(
            6, 2, new ClientAddresses(new PeerSettings(List.of("10.0.0.1"), List.of())), registry);
    private final EmbeddedChannel port = new EmbeddedChannel(limiter);

    @Test
    void oneAddressHasItsShareAndGetsItBackWhenItCloses() {
        Connection first = accept("192.0.2.1");
        accept("192.0.2.1");

        assertThat(accept("192.0.2.1").isOpen()).isFalse();
        assertThat(accept("192.0.2.2").isOpen()).isTrue();
        first.close().syncUninterruptibly();
        assertThat(accept("192.0.2.1").isOpen()).isTrue();
        assertThat(rejected("heliograph.http.max-connections-per-address")).isEqualTo(1);
        assertThat(limiter.open()).isEqualTo(3);
    }

    @Test
    void anIpv6NetworkCountsAsOneAddress() {
        accept("2001:db8::1");
        accept("2001:db8::2");

        assertThat(accept("2001:db8::3").isOpen()).isFalse();
        assertThat(accept("2001:db8:0:1::1").isOpen()).isTrue();
    }

    @Test
    void loopbackAndTrustedProxiesHaveNoShare() {
        List<Connection> connections = IntStream.range(0, 3)
                .boxed()
                .flatMap(_ -> List.of(accept("127.0.0.1"), accept("10.0.0.1")).stream())
                .toList();

        assertThat(connections).allMatch(EmbeddedChannel::isOpen);
    }

    @Test
    void beyondTheBoundOfAllOnlyLoopbackHasAReserve() {
        IntStream.range(0, 6).forEach(host -> accept("192.0.2." + host));

        assertThat(accept("192.0.2.99").isOpen()).isFalse();
        assertThat(accept("10.0.0.1").isOpen()).isFalse();
        assertThat(accept("127.0.0.1").isOpen()).isTrue();
        assertThat(rejected("heliograph.http.max-connections")).isEqualTo(2);
    }

    private Connection accept(String address) {
        Connection connection = new Connection(new InetSocketAddress(address, 4711));
        port.writeInbound(connection);
        return connection;
    }

    private double rejected(String setting) {
        return registry.get("heliograph.http.connections.rejected")
                .tag("setting", setting)
                .counter()
                .count();
    }

    private static final class Connection extends EmbeddedChannel {
        private final SocketAddress remote;

        Connection(SocketAddress remote) {
            this.remote = remote;
        }

        @Override
        protected SocketAddress remoteAddress0() {
            return remote;
        }
    }
}
