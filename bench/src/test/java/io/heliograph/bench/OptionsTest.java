package io.heliograph.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void runsEverythingByDefault() {
        Options options = Options.parse(new String[0]);

        assertThat(options.quick()).isFalse();
        assertThat(Options.PARTS).allMatch(options::runs);
    }

    @Test
    void partsAndPeersCanBeChosen() {
        Options options = Options.parse(new String[] {"--only", "idle,connect", "--quick", "--peers", "node"});

        assertThat(options.only()).containsExactly("connect", "idle");
        assertThat(options.peers()).containsExactly("node");
        assertThat(options.quick()).isTrue();
    }

    @Test
    void whatIsUnknownIsNamed() {
        assertThatThrownBy(() -> Options.parse(new String[] {"--only", "idel"}))
                .hasMessage(
                        "'idel' names something that is not among [commands, connect, fanout, idle, latency, log, paced, storm]");
        assertThatThrownBy(() -> Options.parse(new String[] {"--fast", "1"})).hasMessage("unknown option --fast");
        assertThatThrownBy(() -> Options.parse(new String[] {"--only"})).hasMessageContaining("--only");
    }
}
