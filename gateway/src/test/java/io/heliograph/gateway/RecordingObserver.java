package io.heliograph.gateway;

import io.heliograph.eventlog.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Remembers what it was told. For one thread. */
final class RecordingObserver implements GatewayObserver {
    final List<String> recoveries = new ArrayList<>();
    final List<String> refusals = new ArrayList<>();
    final List<Limit> limits = new ArrayList<>();
    final List<Throwable> failures = new ArrayList<>();
    final List<String> delivered = new ArrayList<>();

    /** Is asked for the trace of each event that is encoded. */
    final List<String> encoded = new ArrayList<>();

    @Override
    public void recovery(String outcome) {
        recoveries.add(outcome);
    }

    @Override
    public void refused(String code) {
        refusals.add(code);
    }

    @Override
    public void limitMet(Limit limit) {
        limits.add(limit);
    }

    @Override
    public void callbackFailed(String namespace, String callback, Throwable failure) {
        failures.add(failure);
    }

    @Override
    public Optional<String> traceId(Event event) {
        encoded.add(event.type());
        return Optional.empty();
    }

    @Override
    public void delivered(List<OutgoingEvent> batch) {
        batch.forEach(event -> delivered.add(event.type()));
    }
}
