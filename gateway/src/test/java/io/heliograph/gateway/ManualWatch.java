package io.heliograph.gateway;

import io.heliograph.eventlog.Subscription;
import io.heliograph.eventlog.WorkspaceId;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Revocations that a test makes. Safe from any thread. */
final class ManualWatch implements CredentialWatch {
    private final List<Consumer<Revocation>> listeners = new CopyOnWriteArrayList<>();
    private final AtomicInteger revocations = new AtomicInteger();

    @Override
    public Subscription listen(Consumer<Revocation> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** How many there were. */
    int revocations() {
        return revocations.get();
    }

    int listeners() {
        return listeners.size();
    }

    void revoke(String workspace, String grant) {
        revoke(Revocation.now(new WorkspaceId(workspace), grant));
    }

    void revoke(Revocation revocation) {
        revocations.incrementAndGet();
        listeners.forEach(listener -> listener.accept(revocation));
    }
}
