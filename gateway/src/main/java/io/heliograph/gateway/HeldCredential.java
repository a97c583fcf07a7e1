package io.heliograph.gateway;

import io.heliograph.gateway.Authentication.Accepted;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The credential of an open socket, stream or poll: applies revocations, and knows when to warn and when to end.
 *
 * <p>The holder is warned once for each credential, some time before its end, but not before half of what is left has
 * passed: a client that renews when it is warned would renew without a pause otherwise.
 *
 * <p>Safe from any thread; only {@link #verify} blocks, as far as what it is given does.
 */
final class HeldCredential {
    private final Duration warning;
    private final Clock clock;
    private final LongConsumer planned;

    /** Written under the lock. */
    private volatile @Nullable Principal current;
    /** Milliseconds since 1970; written under the lock. */
    private volatile long dueMillis = CredentialExpiry.NEVER;

    // Guarded by this.
    private long revocations;
    private boolean watched;
    private String warned = "";

    /** What a deadline asks for. */
    enum Due {
        NOTHING,
        WARN,
        END
    }

    /**
     * @param warning how long before the credential's end its holder is warned
     * @param planned is told of each new deadline; must not block
     */
    HeldCredential(Duration warning, Clock clock, LongConsumer planned) {
        this.warning = warning;
        this.clock = clock;
        this.planned = planned;
    }

    /** Empty until one has been verified. */
    Optional<Principal> current() {
        return Optional.ofNullable(current);
    }

    /**
     * Reads a credential, and reads it again if a revocation arrived in between, because {@code read} may have seen the
     * state before it.
     *
     * @param kept whether a credential that holds becomes this one
     */
    Authentication verify(Supplier<Authentication> read, Predicate<Principal> kept) {
        while (true) {
            long before = revocations();
            Authentication authentication = read.get();
            synchronized (this) {
                if (revocations == before) {
                    if (authentication instanceof Accepted(Principal principal) && kept.test(principal)) {
                        current = principal;
                        plan();
                    }
                    return authentication;
                }
            }
        }
    }

    private synchronized long revocations() {
        return revocations;
    }

    /** Takes over an earlier end. Returns whether the credential has ended. */
    synchronized boolean revoked(Revocation revocation) {
        Principal held = current;
        if (held == null || held.workspace().equals(revocation.workspace())) {
            revocations++;
        }
        if (held == null || !revocation.concerns(held)) {
            return false;
        }
        if (revocation.endsAt().isEmpty()) {
            return true;
        }
        Instant end = revocation.endsAt().get();
        if (held.expiresAt().filter(known -> !end.isBefore(known)).isEmpty()) {
            current = held.endingAt(Optional.of(end));
            plan();
        }
        return false;
    }

    /** From now on there are deadlines. */
    synchronized void watchExpiry() {
        watched = true;
        plan();
    }

    /** From now on there are none. */
    synchronized void unwatch() {
        watched = false;
        plan();
    }

    private void plan() {
        Principal held = current;
        if (!watched || held == null || held.expiresAt().isEmpty()) {
            dueMillis = CredentialExpiry.NEVER;
            return;
        }
        Instant end = held.expiresAt().get();
        long halfLeft = Duration.between(clock.instant(), end).toMillis() / 2;
        boolean alreadyWarned = held.credential().id().equals(warned);
        dueMillis =
                alreadyWarned ? end.toEpochMilli() : end.toEpochMilli() - Math.clamp(halfLeft, 0, warning.toMillis());
        planned.accept(dueMillis);
    }

    /** When to call {@link #due}; {@link CredentialExpiry#NEVER} when it has no end. */
    long dueMillis() {
        return dueMillis;
    }

    /** What is to be done at {@code now}, once; it may have been renewed since the deadline was looked at. */
    synchronized Due due(Instant now) {
        Principal held = current;
        if (held == null || dueMillis > now.toEpochMilli()) {
            return Due.NOTHING;
        }
        long end = held.expiresAt().orElseThrow().toEpochMilli();
        if (end <= now.toEpochMilli()) {
            dueMillis = CredentialExpiry.NEVER;
            return Due.END;
        }
        warned = held.credential().id();
        dueMillis = end;
        return Due.WARN;
    }
}
