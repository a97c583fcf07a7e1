package io.heliograph.bench;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;

/** All samples of a run, with queries. */
record Samples(List<Sample> all) {
    Samples {
        all = List.copyOf(all);
    }

    boolean has(String scenario, String peer) {
        return all.stream().anyMatch(sample -> is(sample, scenario, peer));
    }

    boolean hasValue(String scenario, String peer, String value) {
        return all.stream()
                .anyMatch(
                        sample -> is(sample, scenario, peer) && sample.values().containsKey(value));
    }

    /** Who was measured in a scenario. */
    List<String> peers(String scenario) {
        return all.stream()
                .filter(sample -> sample.scenario().equals(scenario))
                .map(Sample::peer)
                .distinct()
                .toList();
    }

    /** The scenarios whose names begin with {@code prefix}. */
    List<String> scenarios(String prefix) {
        return all.stream()
                .map(Sample::scenario)
                .filter(scenario -> scenario.startsWith(prefix))
                .distinct()
                .toList();
    }

    Spread spread(String scenario, String peer, String value) {
        return Spread.of(all.stream()
                .filter(sample -> is(sample, scenario, peer))
                .mapToDouble(sample -> sample.value(value))
                .toArray());
    }

    /** Peer's value over the other's, pair by pair. */
    Spread ratio(String scenario, String peer, String other, String value) {
        return pairs(scenario, peer, other, value, (own, others) -> own / others);
    }

    /** Peer's value without the other's, pair by pair. */
    Spread difference(String scenario, String peer, String other, String value) {
        return pairs(scenario, peer, other, value, (own, others) -> own - others);
    }

    private Spread pairs(String scenario, String peer, String other, String value, DoubleBinaryOperator compared) {
        return Spread.of(all.stream()
                .filter(sample -> is(sample, scenario, peer))
                .map(sample -> partner(sample, other)
                        .map(partner -> compared.applyAsDouble(sample.value(value), partner.value(value))))
                .flatMap(Optional::stream)
                .mapToDouble(Double::doubleValue)
                .toArray());
    }

    /** One value over another of the same sample. */
    Spread slope(String scenario, String peer, String value, String base) {
        return Spread.of(all.stream()
                .filter(sample -> is(sample, scenario, peer))
                .mapToDouble(sample -> sample.value(value) / sample.value(base))
                .toArray());
    }

    private Optional<Sample> partner(Sample sample, String other) {
        return all.stream()
                .filter(candidate -> is(candidate, sample.scenario(), other))
                .filter(candidate -> candidate.pair() == sample.pair())
                .findFirst();
    }

    private static boolean is(Sample sample, String scenario, String peer) {
        return Objects.equals(sample.scenario(), scenario) && Objects.equals(sample.peer(), peer);
    }
}
