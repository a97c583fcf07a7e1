package io.heliograph.engineio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A bad setting is refused with its name, what was seen and what is allowed. */
class EngineIoSettingsTest {

    private static final Map<String, BiConsumer<EngineIoSettings.Builder, Duration>> DURATIONS = Map.of(
            "pingInterval", EngineIoSettings.Builder::pingInterval,
            "pingTimeout", EngineIoSettings.Builder::pingTimeout,
            "upgradeTimeout", EngineIoSettings.Builder::upgradeTimeout,
            "requestTimeout", EngineIoSettings.Builder::requestTimeout,
            "closeTimeout", EngineIoSettings.Builder::closeTimeout);

    private static final Map<String, BiConsumer<EngineIoSettings.Builder, Integer>> COUNTS = Map.of(
            "maxPayload", EngineIoSettings.Builder::maxPayload,
            "maxOutboundBytes", EngineIoSettings.Builder::maxOutboundBytes,
            "maxSessions", EngineIoSettings.Builder::maxSessions,
            "maxQueuedCommands", EngineIoSettings.Builder::maxQueuedCommands);

    @Test
    void theDefaultsAreThoseOfNodeWhereItHasThem() {
        EngineIoSettings settings = EngineIoSettings.defaults();

        assertThat(settings.pingInterval()).isEqualTo(Duration.ofSeconds(25));
        assertThat(settings.pingTimeout()).isEqualTo(Duration.ofSeconds(20));
        assertThat(settings.upgradeTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.maxPayload()).isEqualTo(1_000_000);
        assertThat(settings.compressionThreshold()).isEqualTo(1024);
        assertThat(settings.transports()).containsExactlyInAnyOrder(Transport.POLLING, Transport.WEBSOCKET);
    }

    @Test
    void durationsAreMoreThanZero() {
        DURATIONS.forEach((name, set) -> {
            assertThatThrownBy(() -> build(builder -> set.accept(builder, Duration.ZERO)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(name + " is PT0S, expected more than zero");
            assertThatThrownBy(() -> build(builder -> set.accept(builder, Duration.ofMillis(-1))))
                    .hasMessageStartingWith(name + " is ");
            assertThatCode(() -> build(builder -> set.accept(builder, Duration.ofNanos(1))))
                    .doesNotThrowAnyException();
        });
    }

    @Test
    void countsAreMoreThanZero() {
        COUNTS.forEach((name, set) -> {
            assertThatThrownBy(() -> build(builder -> set.accept(builder, 0)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(name + " is 0, expected more than zero");
            assertThatThrownBy(() -> build(builder -> set.accept(builder, -1)))
                    .hasMessage(name + " is -1, expected more than zero");
            assertThatCode(() -> build(builder -> set.accept(builder, 1))).doesNotThrowAnyException();
        });
    }

    @Test
    void aThresholdOfZeroCompressesEverything() {
        assertThatCode(() -> build(builder -> builder.compressionThreshold(0))).doesNotThrowAnyException();
        assertThatThrownBy(() -> build(builder -> builder.compressionThreshold(-1)))
                .hasMessage("compressionThreshold is -1, expected zero or more bytes");
    }

    @Test
    void atLeastOneTransportIsOffered() {
        assertThatThrownBy(() -> build(builder -> builder.transports(Set.of())))
                .hasMessageStartingWith("transports is []");
    }

    @ParameterizedTest
    @CsvSource({"live, true", "live/, true", "live, false"})
    void aPathBeginsWithASlash(String path, boolean trailing) {
        assertThatThrownBy(() -> build(builder -> builder.path(path).addTrailingSlash(trailing)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("path is live");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "node1.", "a-b_c.D9"})
    void anIdMayBeginWithWhatAProxyRoutesBy(String prefix) {
        assertThatCode(() -> build(builder -> builder.sessionIdPrefix(prefix))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a/b", "é", "a\n", "a&b"})
    void anIdHasNothingThatAUrlWouldEscape(String prefix) {
        assertThatThrownBy(() -> build(builder -> builder.sessionIdPrefix(prefix)))
                .hasMessageStartingWith("sessionIdPrefix is ");
    }

    /** It becomes a header. */
    @Test
    void aHintIsPrintableAscii() {
        assertThatCode(() -> build(builder -> builder.unknownSessionHint(" ~"))).doesNotThrowAnyException();
        for (String bad : new String[] {"a\r\nb", "a\u001f", "a\u007f", "é"}) {
            assertThatThrownBy(() -> build(builder -> builder.unknownSessionHint(bad)))
                    .hasMessageStartingWith("unknownSessionHint is ");
        }
    }

    private static void build(Consumer<EngineIoSettings.Builder> choice) {
        EngineIoSettings.Builder builder = EngineIoSettings.builder();
        choice.accept(builder);
        builder.build();
    }
}
