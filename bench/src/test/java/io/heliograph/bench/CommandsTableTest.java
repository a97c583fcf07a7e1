package io.heliograph.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CommandsTableTest {
    @Test
    void targetsComeBeforeTheValuesOfBoth() {
        Samples samples = new Samples(List.of(
                sample(CommandCost.create(1), Peer.OURS, Map.of(CommandCost.CPU, 900.0, "requestsPerSecond", 700.0)),
                sample(CommandCost.create(1), Peer.NODE, Map.of(CommandCost.CPU, 450.0, "requestsPerSecond", 650.0)),
                sample(StartTime.SCENARIO, Peer.OURS, Map.of("secondsUntilReady", 1.5, "residentMegabytes", 210.0))));

        assertThat(CommandsTable.markdown(samples)).contains("""
                | | at most | median (lowest to highest) | |
                |---|---|---|---|
                | create writers=1: CPU per request, × Node's | 1.00 | 2.00 | **missed** |
                | up: seconds until ready, second start | 2.00 | 1.50 | met |
                | up: resident memory at idle in MB | 250 | 210 | met |

                | medians | | Heliograph | compared with |
                |---|---|---|---|
                | create writers=1 | CPU per request in µs | 900 | node 450 |
                | create writers=1 | requests per second | 700 | node 650 |
                """);
    }

    @Test
    void aValueThatOnlyOneHasIsShown() {
        Samples samples = new Samples(List.of(
                sample(WaitCost.SCENARIO, Peer.OURS, Map.of(CommandCost.CPU, 500.0, "idleCpuMillisPerSecond", 40.0)),
                sample(WaitCost.SCENARIO, WaitCost.ALONE, Map.of(CommandCost.CPU, 480.0))));

        assertThat(CommandsTable.markdown(samples).orElseThrow()).contains("""
                | create beside waits | CPU per request in µs | 500 | no waits 480 |
                | create beside waits | CPU of the waits alone in ms per second | 40.0 |  |
                """);
        assertThat(new Report(Map.of(), samples, List.of()).markdown())
                .contains("| idleCpuMillisPerSecond | 40.0 | - |");
    }

    @Test
    void withoutCommandsThereIsNoTable() {
        assertThat(CommandsTable.markdown(new Samples(List.of()))).isEmpty();
    }

    private static Sample sample(String scenario, String peer, Map<String, Double> values) {
        return new Sample(scenario, peer, 0, values);
    }
}
