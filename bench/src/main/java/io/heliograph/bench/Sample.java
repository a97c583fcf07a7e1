package io.heliograph.bench;

import java.util.Map;

/**
 * One measurement of one server.
 *
 * <p>Shape: {@code pair} numbers the turns; samples of different servers with the same scenario and pair were taken one
 * right after the other, so that their ratio is meaningful on a noisy machine. The unit of a value is in its name.
 */
record Sample(String scenario, String peer, int pair, Map<String, Double> values) {
    Sample {
        values = Map.copyOf(values);
    }

    double value(String name) {
        Double value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException(scenario + " has no " + name);
        }
        return value;
    }
}
