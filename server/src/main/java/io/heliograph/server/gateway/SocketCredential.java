package io.heliograph.server.gateway;

import io.heliograph.server.identity.Revocation;
import io.heliograph.server.identity.Verification;
import io.heliograph.server.identity.Verification.Verified;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a socket was admitted with: the credential, what revocations do to it, and when its end is announced and comes.
 *
 * <p>The client is warned once for each credential, some time before its end, but not before half of what is left has
 * passed: a client that renews when it is warned would renew without a pause otherwise.
 *
 * <p>Safe from any thread; only {@link #verify} blocks, as far as what it is given does.
 */
final class SocketCredential {
    private final Duration warning;
    private final Clock clock;

    /** Written under the lock. */
    private volatile @Nullable Verified current;
    /** Milliseconds since 1970; written under the lock. */
    private volatile long dueMillis = Deadlines.NEVER;

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

    /** @param warning how long before the credential's end the client is warned */
    SocketCredential(Duration warning, Clock clock) {
        this.warning = warning;
        this.clock = clock;
    }

    /** Empty until it has been verified. */
    Optional<Verified> current() {
        return Optional.ofNullable(current);
    }

    /**
     * Reads a credential, and again when something was revoked meanwhile: what {@code read} saw may be from before that.
     *
     * @param kept whether a credential that holds becomes the socket's
     */
    Verification verify(Supplier<Verification> read, Predicate<Verified> kept) {
        while (true) {
            long before = revocations();
            Verification verification = read.get();
            synchronized (this) {
                if (revocations == before) {
                    if (verification instanceof Verified verified && kept.test(verified)) {
                        current = verified;
                        plan();
                    }
                    return verification;
                }
            }
        }
    }

    private synchronized long revocations() {
        return revocations;
    }

    /** Takes over a new role, or an earlier end. Returns whether the credential has ended. */
    synchronized boolean revoked(Revocation revocation) {
        Verified held = current;
        if (held == null || held.caller().workspace().equals(revocation.workspace())) {
            revocations++;
        }
        if (held == null) {
            return false;
        }
        if (!held.endedBy(revocation)) {
            held.shortenedBy(revocation).ifPresent(shorter -> {
                current = shorter;
                plan();
            });
            return false;
        }
        if (revocation instanceof Revocation.RoleChanged changed) {
            // What a socket sees does not depend on the role, and what it may do is read from the database each time.
            current = held.withRole(changed.role());
            return false;
        }
        return true;
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
        Verified held = current;
        if (!watched || held == null || held.expiresAt().isEmpty()) {
            dueMillis = Deadlines.NEVER;
            return;
        }
        Instant end = held.expiresAt().get();
        long halfLeft = Duration.between(clock.instant(), end).toMillis() / 2;
        boolean told = held.credentialId().equals(warned);
        dueMillis = told ? end.toEpochMilli() : end.toEpochMilli() - Math.clamp(halfLeft, 0, warning.toMillis());
    }

    /** When to call {@link #due}; {@link Deadlines#NEVER} when it has no end. */
    long dueMillis() {
        return dueMillis;
    }

    /** What is to be done at {@code now}, once; it may have been renewed since the deadline was looked at. */
    synchronized Due due(Instant now) {
        Verified held = current;
        if (held == null || dueMillis > now.toEpochMilli()) {
            return Due.NOTHING;
        }
        long end = held.expiresAt().orElseThrow().toEpochMilli();
        if (end <= now.toEpochMilli()) {
            dueMillis = Deadlines.NEVER;
            return Due.END;
        }
        warned = held.credentialId();
        dueMillis = end;
        return Due.WARN;
    }
}
