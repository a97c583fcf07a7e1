package io.heliograph.eventlog;

import io.heliograph.eventlog.FeedWorld.Kind;
import io.heliograph.eventlog.FeedWorld.Step;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Random settings, mostly small ones so that every bound is met, and random steps. */
final class Worlds {
    private static final int MOST_STEPS = 80;
    private static final int CHOICES = 1_000;
    private static final List<Integer> PAGE_BYTES = List.of(1, 200, 100_000);
    private static final List<Integer> PENDING_BYTES = List.of(0, 150, 100_000);
    private static final List<Integer> PRELOADS = List.of(0, 3, 100);
    private static final List<Integer> MEMORIES = List.of(0, 900, 1_000_000);
    private static final List<Integer> RATES = List.of(500, 1_000_000);

    /** Each kind of step as often as it is likely. */
    private static final List<Kind> KINDS = Arrays.stream(Kind.values())
            .flatMap(kind -> Collections.nCopies(weight(kind), kind).stream())
            .toList();

    private Worlds() {}

    /** The life of one node. */
    record World(FeedSettings settings, List<Step> steps) {}

    static World random(Random random) {
        List<Step> steps = Stream.generate(
                        () -> new Step(of(KINDS, random), random.nextInt(CHOICES), random.nextInt(CHOICES)))
                .limit(1 + random.nextInt(MOST_STEPS))
                .toList();
        return new World(
                settings(
                        1 + random.nextInt(6),
                        of(PAGE_BYTES, random),
                        of(PENDING_BYTES, random),
                        of(PRELOADS, random),
                        of(MEMORIES, random),
                        1 + random.nextInt(3),
                        of(RATES, random)),
                steps);
    }

    private static int weight(Kind kind) {
        return switch (kind) {
            case RUN -> 14;
            case APPEND -> 12;
            case DELIVER_HINT -> 10;
            case JOIN -> 6;
            case READY -> 5;
            case LOSE_HINT, REPEAT_HINT -> 3;
            case FOLLOW, WAIT, LEAVE, ADVANCE, DROP -> 2;
            case RECONNECT, BREAK, RESET, NEW_EPOCH -> 1;
        };
    }

    private static FeedSettings settings(
            int pageEvents, int pageBytes, int pendingBytes, int preload, int memory, int reads, int rate) {
        return FeedSettings.builder()
                .headCheck(Duration.ofSeconds(2))
                .idleAfter(Duration.ofSeconds(5))
                .pageEvents(pageEvents)
                .pageBytes(pageBytes)
                .batchEvents(2)
                .pendingBytes(pendingBytes)
                .preload(preload)
                .memoryPerWorkspace(memory)
                .memoryPerNode(memory * 2L)
                .readsPerWorkspace(reads)
                .readsPerNode(2)
                .replayBytesPerSecond(rate)
                .retry(Duration.ofMillis(250))
                .build();
    }

    private static <T> T of(List<T> values, Random random) {
        return values.get(random.nextInt(values.size()));
    }
}
