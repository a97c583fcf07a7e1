package io.heliograph.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads what JMH has written with {@code -rf json -prof gc}: one sample for each benchmark. */
final class JmhResults {
    static final String BROADCAST = "jmh BroadcastBenchmark.";

    private JmhResults() {}

    static List<Sample> read(Path file) {
        List<Sample> samples = new ArrayList<>();
        for (JsonNode result : JsonMapper.builder().build().readTree(file)) {
            String name = result.get("benchmark").asString();
            samples.add(new Sample(
                    "jmh " + name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1),
                    Peer.OURS,
                    0,
                    Map.of(
                            "nanos", result.get("primaryMetric").get("score").asDouble(),
                            "allocatedBytes", allocated(result))));
        }
        return samples;
    }

    /** The median of all iterations: a late compilation or collection shows in one of them. */
    private static double allocated(JsonNode result) {
        DoubleStream.Builder iterations = DoubleStream.builder();
        for (JsonNode fork :
                result.get("secondaryMetrics").get("gc.alloc.rate.norm").get("rawData")) {
            fork.forEach(iteration -> iterations.add(iteration.asDouble()));
        }
        return Spread.of(iterations.build().toArray()).median();
    }
}
