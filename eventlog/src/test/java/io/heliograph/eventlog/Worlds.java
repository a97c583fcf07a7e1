package io.heliograph.eventlog;

import io.heliograph.eventlog.FeedWorld.Kind;
import io.heliograph.eventlog.FeedWorld.Step;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Random settings, mostly small ones so that every bound is met, and random steps. */
public final class Worlds implements ArbitrarySupplier<Worlds.World> {

    /** The life of one node. */
    public record World(FeedSettings settings, List<Step> steps) {}

    @Override
    public Arbitrary<World> get() {
        return Combinators.combine(settings(), steps()).as(World::new);
    }

    private static Arbitrary<List<Step>> steps() {
        Arbitrary<Kind> kinds = Arbitraries.frequency(
                Tuple.of(12, Kind.APPEND),
                Tuple.of(10, Kind.DELIVER_HINT),
                Tuple.of(3, Kind.LOSE_HINT),
                Tuple.of(3, Kind.REPEAT_HINT),
                Tuple.of(6, Kind.JOIN),
                Tuple.of(2, Kind.FOLLOW),
                Tuple.of(2, Kind.WAIT),
                Tuple.of(2, Kind.LEAVE),
                Tuple.of(5, Kind.READY),
                Tuple.of(14, Kind.RUN),
                Tuple.of(2, Kind.ADVANCE),
                Tuple.of(1, Kind.RECONNECT),
                Tuple.of(2, Kind.DROP),
                Tuple.of(1, Kind.RESET),
                Tuple.of(1, Kind.NEW_EPOCH));
        Arbitrary<Integer> choices = Arbitraries.integers().between(0, 999).withoutEdgeCases();
        return Combinators.combine(kinds, choices, choices)
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(80);
    }

    private static Arbitrary<FeedSettings> settings() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 6),
                        Arbitraries.of(1, 200, 100_000),
                        Arbitraries.of(0, 150, 100_000),
                        Arbitraries.of(0, 3, 100),
                        Arbitraries.of(0, 900, 1_000_000),
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.of(500, 1_000_000))
                .as((pageEvents, pageBytes, pendingBytes, preload, memory, reads, rate) -> new FeedSettings(
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(5),
                        pageEvents,
                        pageBytes,
                        2,
                        pendingBytes,
                        preload,
                        memory,
                        memory * 2L,
                        reads,
                        2,
                        rate,
                        Duration.ofMillis(250)));
    }
}
