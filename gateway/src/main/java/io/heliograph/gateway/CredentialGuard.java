package io.heliograph.gateway;

import io.heliograph.eventlog.Subscription;
import io.heliograph.gateway.Authentication.Rejected;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes sockets, streams and long polls when their credentials expire or are revoked.
 *
 * <p>A holder is registered before its credential is read, and the credential is read again if a revocation arrived in
 * between. So a revocation is either seen by the read or reported to the holder.
 *
 * <p>Safe from any thread. {@link #runDue} is to be called several times a second.
 */
public final class CredentialGuard implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CredentialGuard.class);

    private final Clock clock;
    private final Executor blocking;
    private final Map<HeldCredential, Held> held = new ConcurrentHashMap<>();
    private final CredentialExpiry expiry;
    private final Subscription subscription;

    /** What a credential holds open. Called on any thread; must not block. */
    interface Holder {
        /** The credential ends soon. */
        void expiring(Instant end);

        /** It has ended; what it holds open must end too. */
        void ended(CredentialEnd reason);
    }

    private record Held(HeldCredential credential, Holder holder) implements CredentialExpiry.Entry {
        @Override
        public long dueMillis() {
            return credential.dueMillis();
        }

        @Override
        public void runDue(Instant now) {
            switch (credential.due(now)) {
                case NOTHING -> {}
                case WARN ->
                    holder.expiring(
                            credential.current().flatMap(Principal::expiresAt).orElseThrow());
                case END -> holder.ended(CredentialEnd.EXPIRED);
            }
        }

        void revoked(Revocation revocation) {
            if (credential.revoked(revocation)) {
                holder.ended(CredentialEnd.REVOKED);
            }
        }
    }

    /** One that reads credentials on virtual threads. */
    public CredentialGuard(CredentialWatch watch, Clock clock) {
        this(
                watch,
                clock,
                command -> Thread.ofVirtual().name("credential-check").start(command));
    }

    /** @param blocking where {@link #hold} reads credentials */
    CredentialGuard(CredentialWatch watch, Clock clock, Executor blocking) {
        this.clock = clock;
        this.blocking = blocking;
        this.expiry = new CredentialExpiry(clock, held.values());
        this.subscription = watch.listen(this::revoked);
    }

    /** The server's clock. */
    Clock clock() {
        return clock;
    }

    /** A credential that is still to be verified; {@link #register} it first. */
    HeldCredential newCredential(Duration warning) {
        return new HeldCredential(warning, clock, expiry::planned);
    }

    /** From now on {@code holder} is notified of warnings and the end of the credential. */
    void register(HeldCredential credential, Holder holder) {
        held.put(credential, new Held(credential, holder));
    }

    /** The holder is closed. */
    void release(HeldCredential credential) {
        held.remove(credential);
        credential.unwatch();
    }

    /** How many credentials hold something open now. */
    int size() {
        return held.size();
    }

    /**
     * Watches the credential of a request that was verified before and stays open. It listens first and then has the
     * credential read again, so nothing is missed between the request's check and this one.
     *
     * @param check reads the credential as it is stored now; may block
     * @return to be closed with the request
     */
    public HeldRequest hold(Supplier<Authentication> check) {
        HeldCredential credential = newCredential(Duration.ZERO);
        CompletableFuture<CredentialEnd> end = new CompletableFuture<>();
        register(credential, new RequestHolder(end));
        credential.watchExpiry();
        blocking.execute(() -> check(credential, check, end));
        return new HeldRequest(end, () -> release(credential));
    }

    private static void check(
            HeldCredential credential, Supplier<Authentication> check, CompletableFuture<CredentialEnd> end) {
        try {
            if (credential.verify(check, principal -> true) instanceof Rejected(String code, String detail)) {
                end.complete(code.equals(CredentialEnd.EXPIRED.code()) ? CredentialEnd.EXPIRED : CredentialEnd.REVOKED);
            }
        } catch (RuntimeException | Error failure) {
            end.completeExceptionally(failure);
        }
    }

    /** Ends what has expired, and warns of what expires soon. */
    public void runDue() {
        expiry.runDue();
    }

    private void revoked(Revocation revocation) {
        for (Held each : held.values()) {
            try {
                each.revoked(revocation);
            } catch (RuntimeException | Error failure) {
                LOG.error("a socket or request of a revoked credential could not be closed", failure);
            }
        }
    }

    /** Stops listening to revocations. */
    @Override
    public void close() {
        subscription.close();
    }

    private record RequestHolder(CompletableFuture<CredentialEnd> end) implements Holder {
        @Override
        public void expiring(Instant at) {
            // A request cannot renew its credential.
        }

        @Override
        public void ended(CredentialEnd reason) {
            end.complete(reason);
        }
    }

    /**
     * A request that stays open as long as its credential holds. Safe from any thread.
     *
     * @param end completes when the credential holds no more; fails when it could not be read
     * @param release to be run when the request has ended
     */
    public record HeldRequest(CompletableFuture<CredentialEnd> end, Runnable release) implements AutoCloseable {
        /** A copy: cancelling it does not end the request. */
        @Override
        public CompletableFuture<CredentialEnd> end() {
            return end.copy();
        }

        @Override
        public void close() {
            release.run();
        }
    }
}
