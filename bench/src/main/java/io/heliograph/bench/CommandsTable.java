package io.heliograph.bench;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The results of the part {@code commands}, for {@code docs/PERFORMANCE.md}: the targets, then the values. */
final class CommandsTable {
    /** The values that are shown, by their names in the samples. */
    private static final List<Map.Entry<String, String>> VALUES = List.of(
            Map.entry(CommandCost.CPU, "CPU per request in µs"),
            Map.entry("requestsPerSecond", "requests per second"),
            Map.entry("idleCpuMillisPerSecond", "CPU of the waits alone in ms per second"),
            Map.entry("p50Millis", "p50 in ms"),
            Map.entry("p99Millis", "p99 in ms"),
            Map.entry("serverBusy", "share of the server's core"),
            Map.entry("sendLagMillis", "how late the generator was at worst, in ms"));

    private CommandsTable() {}

    /** Empty when the part did not run. */
    static Optional<String> markdown(Samples samples) {
        List<String> scenarios = samples.scenarios(CommandCost.SCENARIO);
        if (scenarios.isEmpty()) {
            return Optional.empty();
        }
        StringBuilder text = new StringBuilder("| | at most | median (lowest to highest) | |\n|---|---|---|---|\n");
        for (Target target : Target.evaluate(samples)) {
            if (target.line().startsWith(CommandCost.SCENARIO)) {
                text.append("| %s | %s | %s | %s |%n"
                        .formatted(
                                shortened(target.line()),
                                Numbers.of(target.limit()),
                                target.measured().text(),
                                target.met() ? "met" : "**missed**"));
            }
        }
        text.append("\n| medians | | Heliograph | compared with |\n|---|---|---|---|\n");
        scenarios.forEach(scenario -> appendValues(text, samples, scenario));
        return Optional.of(text.toString());
    }

    private static void appendValues(StringBuilder text, Samples samples, String scenario) {
        for (Map.Entry<String, String> value : VALUES) {
            String ours = median(samples, scenario, Peer.OURS, value.getKey());
            if (!ours.isEmpty()) {
                String others = samples.peers(scenario).stream()
                        .filter(peer -> !peer.equals(Peer.OURS) && samples.hasValue(scenario, peer, value.getKey()))
                        .map(peer -> peer + " " + median(samples, scenario, peer, value.getKey()))
                        .collect(Collectors.joining(", "));
                text.append("| %s | %s | %s | %s |%n".formatted(shortened(scenario), value.getValue(), ours, others));
            }
        }
    }

    private static String median(Samples samples, String scenario, String peer, String value) {
        return samples.hasValue(scenario, peer, value)
                ? Numbers.of(samples.spread(scenario, peer, value).median())
                : "";
    }

    private static String shortened(String name) {
        return name.substring(CommandCost.SCENARIO.length());
    }
}
