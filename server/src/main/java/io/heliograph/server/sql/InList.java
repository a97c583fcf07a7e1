package io.heliograph.server.sql;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Values for {@code in (…)}: the last one is repeated until there are a power of two, so that there are few different
 * statements, and those that connections keep prepared are not displaced. Stateless.
 */
public final class InList {
    private InList() {}

    /**
     * The values, and some of them again.
     *
     * @throws IllegalArgumentException when there is no value
     */
    public static <T> List<T> of(Collection<T> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("in () needs a value");
        }
        List<T> padded = new ArrayList<>(values);
        while (Integer.bitCount(padded.size()) != 1) {
            padded.add(padded.getLast());
        }
        return padded;
    }
}
