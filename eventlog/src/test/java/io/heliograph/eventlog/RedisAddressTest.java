package io.heliograph.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisAddressTest {

    @Test
    void whatIsNotSaidIsTheDefault() {
        assertThat(RedisAddress.parse("redis://cache"))
                .contains(new RedisAddress("cache", 6_379, 0, Optional.empty(), Optional.empty()));
        assertThat(RedisAddress.parse("redis://[::1]:7000/3"))
                .contains(new RedisAddress("::1", 7_000, 3, Optional.empty(), Optional.empty()));
    }

    @Test
    void aPasswordMayStandWithOrWithoutAUserAndBeEncoded() {
        assertThat(RedisAddress.parse("redis://:p%40s+s@cache/1"))
                .contains(new RedisAddress("cache", 6_379, 1, Optional.empty(), Optional.of("p@s+s")));
        assertThat(RedisAddress.parse("redis://secret@cache").orElseThrow().password())
                .contains("secret");
        assertThat(RedisAddress.parse("redis://ada:secret@cache").orElseThrow().user())
                .contains("ada");
    }

    @Test
    void itsTextHasNoPassword() {
        assertThat(RedisAddress.parse("redis://ada:secret@cache:1/2").orElseThrow())
                .hasToString("redis://cache:1/2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "cache",
                "cache:6379",
                "http://cache",
                "rediss://cache",
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
