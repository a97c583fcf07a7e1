package io.heliograph.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes {@code report.md} and {@code report.json}: the targets first, then every value of every server; and for the
 * documentation the table {@code commands.md} and the picture {@code commands.svg}.
 */
final class Report {
    private final Map<String, String> machine;
    private final Samples samples;
    private final List<Target> targets;
    private final List<String> failures;

    Report(Map<String, String> machine, Samples samples, List<String> failures) {
        this.machine = Map.copyOf(machine);
        this.samples = samples;
        this.targets = Target.evaluate(samples);
        this.failures = List.copyOf(failures);
    }

    void write(Path directory) throws IOException {
        Files.writeString(directory.resolve("report.md"), markdown());
        Files.writeString(directory.resolve("report.json"), json());
        write(directory.resolve("commands.svg"), GrowthCurve.svg(samples));
        write(directory.resolve("commands.md"), CommandsTable.markdown(samples));
    }

    private static void write(Path file, Optional<String> text) throws IOException {
        if (text.isPresent()) {
            Files.writeString(file, text.get());
        }
    }

    boolean passed() {
        return failures.isEmpty() && targets.stream().allMatch(Target::met);
    }

    String markdown() {
        StringBuilder text = new StringBuilder("# Benchmark report\n\n");
        machine.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(fact -> text.append("- ")
                        .append(fact.getKey())
                        .append(": ")
                        .append(fact.getValue())
                        .append('\n'));
        text.append("\n| target | at most | median | min to max | runs | |\n|---|---|---|---|---|---|\n");
        for (Target target : targets) {
            Spread measured = target.measured();
            text.append("| %s | %s | %s | %s to %s | %d | %s |%n"
                    .formatted(
                            target.line(),
                            Numbers.of(target.limit()),
                            Numbers.of(measured.median()),
                            Numbers.of(measured.min()),
                            Numbers.of(measured.max()),
                            measured.count(),
                            target.met() ? "pass" : "**MISS**"));
        }
        failures.forEach(
                failure -> text.append("\n**Failed:** ").append(failure).append('\n'));
        scenarios().forEach(scenario -> appendScenario(text, scenario));
        return text.toString();
    }

    private String json() {
        return JsonMapper.builder()
                .build()
                .writerWithDefaultPrettyPrinter()
                .writeValueAsString(
                        Map.of("machine", machine, "targets", targets, "failures", failures, "samples", samples.all()));
    }

    private void appendScenario(StringBuilder text, String scenario) {
        List<String> peers = samples.peers(scenario);
        text.append("\n## ").append(scenario).append("\n\nMedian (min to max).\n\n| value |");
        peers.forEach(peer -> text.append(' ').append(peer).append(" |"));
        text.append("\n|---|").append("---|".repeat(peers.size())).append('\n');
        for (String value : of(scenario)
                .flatMap(sample -> sample.values().keySet().stream())
                .distinct()
                .sorted()
                .toList()) {
            text.append("| ").append(value).append(" |");
            peers.forEach(
                    peer -> text.append(' ').append(cell(scenario, peer, value)).append(" |"));
            text.append('\n');
        }
    }

    private String cell(String scenario, String peer, String value) {
        return samples.hasValue(scenario, peer, value)
                ? samples.spread(scenario, peer, value).text()
                : "-";
    }

    private List<String> scenarios() {
        return distinct(samples.all().stream().map(Sample::scenario));
    }

    private Stream<Sample> of(String scenario) {
        return samples.all().stream().filter(sample -> sample.scenario().equals(scenario));
    }

    private static List<String> distinct(Stream<String> names) {
        return names.distinct().toList();
    }
}
