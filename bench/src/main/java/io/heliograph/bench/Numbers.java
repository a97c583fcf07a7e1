package io.heliograph.bench;

import java.util.Locale;

/** Numbers in the format of the tables: three or four significant digits. */
final class Numbers {
    private Numbers() {}

    static String of(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        double size = Math.abs(value);
        String format =
                size >= 1000 ? "%,.0f" : size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
        return String.format(Locale.ROOT, size == 0 ? "%.0f" : format, value);
    }
}
