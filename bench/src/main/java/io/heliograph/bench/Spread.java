package io.heliograph.bench;

import java.util.Arrays;

/** The median and range of repeated measurements. */
record Spread(double min, double median, double max, int count) {
    /** The median and, when they differ, the lowest and highest. */
    String text() {
        return min == max
                ? Numbers.of(median)
                : "%s (%s to %s)".formatted(Numbers.of(median), Numbers.of(min), Numbers.of(max));
    }

    static Spread of(double[] values) {
        if (values.length == 0) {
            return new Spread(Double.NaN, Double.NaN, Double.NaN, 0);
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(sorted[0], median, sorted[sorted.length - 1], sorted.length);
    }
}
