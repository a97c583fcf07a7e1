package io.heliograph.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslVerifyMode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisAddressTest {

    private static RedisURI server(String text) {
        List<RedisURI> servers = RedisAddress.parse(text).orElseThrow().servers();
        assertThat(servers).hasSize(1);
        return servers.getFirst();
    }

    private static RedisCredentials credentials(RedisURI server) {
        return server.getCredentialsProvider()
                .resolveCredentials()
                .blockOptional()
                .orElseThrow();
    }

    @Test
    void whatIsNotSaidIsTheDefault() {
        RedisURI server = server("redis://cache");
        assertThat(server.getHost()).isEqualTo("cache");
        assertThat(server.getPort()).isEqualTo(6_379);
        assertThat(server.getDatabase()).isZero();
        assertThat(server.isSsl()).isFalse();
        assertThat(credentials(server).hasPassword()).isFalse();

        RedisURI other = server("redis://[::1]:7000/3");
        assertThat(other.getHost()).isIn("::1", "[::1]");
        assertThat(other.getPort()).isEqualTo(7_000);
        assertThat(other.getDatabase()).isEqualTo(3);
    }

    @Test
    void aPasswordMayStandWithOrWithoutAUserAndBeEncoded() {
        assertThat(credentials(server("redis://:p%40s+s@cache/1")).getPassword())
                .containsExactly("p@s+s".toCharArray());
        assertThat(credentials(server("redis://secret@cache")).getPassword()).containsExactly("secret".toCharArray());
        RedisCredentials ada = credentials(server("redis://ada:secret@cache"));
        assertThat(ada.getUsername()).isEqualTo("ada");
        assertThat(ada.getPassword()).containsExactly("secret".toCharArray());
    }

    @Test
    void tlsVerifiesTheHostNameUnlessItIsToldNotTo() {
        assertThat(server("rediss://cache").isSsl()).isTrue();
        assertThat(server("rediss://cache").getVerifyMode()).isEqualTo(SslVerifyMode.FULL);
        assertThat(server("rediss://cache:6380/1?verifyPeer=CA").getVerifyMode())
                .isEqualTo(SslVerifyMode.CA);
        assertThat(server("rediss://cache?verifyPeer=NONE").getVerifyMode()).isEqualTo(SslVerifyMode.NONE);
    }

    @Test
    void severalHostsAreServersOfACluster() {
        RedisAddress address =
                RedisAddress.parse("rediss://ada:secret@one:7000,two:7001").orElseThrow();

        assertThat(address.kind()).isEqualTo(RedisAddress.Kind.CLUSTER);
        assertThat(address.servers()).extracting(RedisURI::getHost).containsExactly("one", "two");
        assertThat(address.servers()).extracting(RedisURI::getPort).containsExactly(7_000, 7_001);
        assertThat(address.servers()).allMatch(RedisURI::isSsl);
        assertThat(credentials(address.servers().getLast()).getUsername()).isEqualTo("ada");
    }

    @Test
    void sentinelsNameTheMaster() {
        RedisURI server = server("redis-sentinel://:secret@one:26380,two/2#main");

        assertThat(server.getSentinels()).extracting(RedisURI::getHost).containsExactly("one", "two");
        assertThat(server.getSentinels()).extracting(RedisURI::getPort).containsExactly(26_380, 26_379);
        assertThat(server.getSentinelMasterId()).isEqualTo("main");
        assertThat(server.getDatabase()).isEqualTo(2);
        assertThat(credentials(server).getPassword()).containsExactly("secret".toCharArray());
    }

    @ParameterizedTest
    @CsvSource({
        "redis://ada:secret@cache:1/2, redis://cache:1/2",
        "redis://:secret@cache, redis://cache",
        "'rediss://secret@one,two:7', 'rediss://one,two:7'",
        "'redis-sentinel://:secret@one,two/2#main', 'redis-sentinel://one,two/2#main'"
    })
    void itsTextHasNoPassword(String text, String shown) {
        assertThat(RedisAddress.parse(text).orElseThrow()).hasToString(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "cache",
                "cache:6379",
                "http://cache",
                "rediss://",
                "redis+tls://cache",
                "redis://cache?verifyPeer=NONE",
                "rediss://cache?verifyPeer=maybe",
                "redis://one,two/1",
                "redis://one,",
                "redis://one,two#main",
                "redis-sentinel://one,two",
                "redis-sentinel://one,two/x#main",
                "redis-sentinel://#main",
                "redis-socket:///tmp/redis",
                "redis://",
                "redis://:6379",
                "redis://a b",
                "redis://cache:0",
                "redis://cache:70000",
                "redis://cache:x",
                "redis://cache/x",
                "redis://cache/1/2",
                "redis://cache?db=1",
                "redis://cache#1",
                "redis://p%4@cache",
                "redis://cache/1234567"
            })
    void anythingElseIsNone(String text) {
        assertThat(RedisAddress.parse(text)).isEmpty();
    }
}
