package io.heliograph.gateway;

import io.heliograph.eventlog.Subscription;
import io.heliograph.eventlog.WorkspaceId;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Revocations that a test makes. Safe from any thread. */
final class ManualWatch implements CredentialWatch {
    private final List<Consumer<Revocation>> listeners = new CopyOnWriteArrayList<>();

    @Override
    public Subscription listen(Consumer<Revocation> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    void revoke(String workspace, String grant) {
        revoke(Revocation.now(new WorkspaceId(workspace), grant));
    }

    void revoke(Revocation revocation) {
        listeners.forEach(listener -> listener.accept(revocation));
    }
}
