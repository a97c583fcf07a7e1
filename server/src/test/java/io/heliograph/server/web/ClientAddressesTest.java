package io.heliograph.server.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ClientAddressesTest {

    @Test
    void aPeerThatIsNoTrustedProxyIsTheClientWhateverItSays() throws Exception {
        assertThat(client("203.0.113.9", List.of("1.2.3.4"), List.of("for=1.2.3.4"), "10.0.0.0/8"))
                .isEqualTo("203.0.113.9");
        assertThat(client("127.0.0.1", List.of("1.2.3.4"), List.of(), "10.0.0.0/8"))
                .isEqualTo("127.0.0.1");
    }

    @Test
    void theLastAddressThatNoTrustedProxyHasIsTheClient() throws Exception {
        assertThat(client("10.0.0.1", List.of("6.6.6.6, 203.0.113.9, 10.0.0.2"), List.of(), "10.0.0.0/8"))
                .isEqualTo("203.0.113.9");
        assertThat(client("10.0.0.1", List.of("6.6.6.6", "203.0.113.9:4711"), List.of(), "10.0.0.1"))
                .isEqualTo("203.0.113.9");
        assertThat(client("10.0.0.1", List.of("[2001:db8::1]:4711"), List.of(), "10.0.0.1"))
                .isEqualTo("2001:db8:0:0:0:0:0:1");
    }

    @Test
    void forwardedIsReadWhereThereIsNoXForwardedFor() throws Exception {
        List<String> forwarded = List.of("for=6.6.6.6, For=\"[2001:db8::7]:99\";proto=https");

        assertThat(client("10.0.0.1", List.of(), forwarded, "10.0.0.1")).isEqualTo("2001:db8:0:0:0:0:0:7");
        assertThat(client("10.0.0.1", List.of("203.0.113.9"), forwarded, "10.0.0.1"))
                .isEqualTo("203.0.113.9");
    }

    @Test
    void whatIsNoAddressEndsTheSearchAndIsNeverLookedUp() throws Exception {
        assertThat(client("10.0.0.1", List.of("203.0.113.9, localhost"), List.of(), "10.0.0.0/8"))
                .isEqualTo("10.0.0.1");
        assertThat(client("10.0.0.1", List.of(), List.of("for=_hidden"), "10.0.0.0/8"))
                .isEqualTo("10.0.0.1");
        assertThat(client("10.0.0.1", List.of(""), List.of(), "10.0.0.0/8")).isEqualTo("10.0.0.1");
    }

    @Test
    void loopbackAndTrustedProxiesAreExemptFromBoundsPerAddress() throws Exception {
        ClientAddresses addresses = new ClientAddresses(new PeerSettings(List.of("10.0.0.0/8", "fd00::/8"), List.of()));

        assertThat(addresses.isExempt(InetAddress.getByName("127.0.0.9"))).isTrue();
        assertThat(addresses.isExempt(InetAddress.ofLiteral("::1"))).isTrue();
        assertThat(addresses.isExempt(InetAddress.getByName("10.9.9.9"))).isTrue();
        assertThat(addresses.isExempt(InetAddress.getByName("fd00::1"))).isTrue();
        assertThat(addresses.isExempt(InetAddress.getByName("192.0.2.1"))).isFalse();
    }

    @Test
    void aSettingThatIsNoAddressStopsTheStart() {
        for (String wrong : List.of("localhost", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0", "")) {
            assertThatThrownBy(() -> new PeerSettings(List.of(wrong), List.of()))
                    .hasMessageContaining("heliograph.trusted-proxies");
        }
        assertThatThrownBy(() -> new PeerSettings(List.of(), List.of("a.example:80")))
                .hasMessageContaining("heliograph.allowed-hosts");
    }

    private static String client(String peer, List<String> xForwardedFor, List<String> forwarded, String... trusted)
            throws UnknownHostException {
        return new ClientAddresses(new PeerSettings(List.of(trusted), List.of()))
                .of(InetAddress.getByName(peer), xForwardedFor, forwarded)
                .orElseThrow()
                .getHostAddress();
    }
}
