package io.heliograph.socketio;

import java.util.Random;
import java.util.stream.Stream;
import org.instancio.Instancio;

/**
 * Randomness for property tests. In a class with {@code InstancioExtension} all samples follow from one seed, which is
 * printed when the test fails; {@code @Seed} on the test repeats that run. {@code -Dtest.jvm.args=-Dsamples=20000} makes
 * a long run.
 */
final class Randoms {
    private static final int[] EDGES = {
        0, 0x1E, '"', '\\', 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFEFF, 0xFFFD, 0xFFFF, 0x10000, 0x10FFFF
    };

    private Randoms() {}

    /** A source of randomness for each sample: {@code usual} of them, or as many as the property {@code samples} says. */
    static Stream<Random> samples(int usual) {
        return Stream.generate(Instancio.gen().longs().range(Long.MIN_VALUE, Long.MAX_VALUE))
                .limit(Integer.getInteger("samples", usual))
                .map(Random::new);
    }

    /** Any text that UTF-8 can hold, of at most {@code max} code points; often empty, often with characters at the edges. */
    static String text(Random random, int max) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(max + 1); length > 0; length--) {
            text.appendCodePoint(codePoint(random));
        }
        return text.toString();
    }

    private static int codePoint(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> EDGES[random.nextInt(EDGES.length)];
            case 1, 2, 3 -> random.nextInt(' ', 0x7F);
            case 4 -> random.nextInt(0x80, 0x800);
            case 5, 6 -> random.nextBoolean() ? random.nextInt(0x800, 0xD800) : random.nextInt(0xE000, 0x10000);
            default -> random.nextInt(0x10000, 0x110000);
        };
    }

    static byte[] bytes(Random random, int max) {
        byte[] bytes = new byte[random.nextInt(max + 1)];
        random.nextBytes(bytes);
        return bytes;
    }
}
