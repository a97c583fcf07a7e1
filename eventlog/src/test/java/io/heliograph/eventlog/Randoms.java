package io.heliograph.eventlog;

import java.util.Random;
import java.util.stream.Stream;
import org.instancio.Instancio;

/**
 * Randomness for property tests. In a class with {@code InstancioExtension} all samples follow from one seed, which is
 * printed when the test fails; {@code @Seed} on the test repeats that run. {@code -Dtest.jvm.args=-Dsamples=20000} makes
 * a long run.
 */
final class Randoms {
    private Randoms() {}

    /** A source of randomness for each sample: {@code usual} of them, or as many as the property {@code samples} says. */
    static Stream<Random> samples(int usual) {
        return Stream.generate(Instancio.gen().longs().range(Long.MIN_VALUE, Long.MAX_VALUE))
                .limit(Integer.getInteger("samples", usual))
                .map(Random::new);
    }
}
