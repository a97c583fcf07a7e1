package io.heliograph.gateway;

import io.heliograph.engineio.BoundedAdmission;
import io.heliograph.engineio.ConnectionAdmission;
import io.heliograph.engineio.HandshakeGate.Busy;
import io.heliograph.engineio.HandshakeGate.Verdict;
import io.heliograph.socketio.ConnectError;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Holds connecting clients to the limits of this node, its workspaces and their members.
 *
 * <p>A handshake is refused with 503, which a stock client takes for an outage: it tries again by itself. A CONNECT is
 * refused with a reason that it can show, and {@code retryAfterMs}; after that a stock client stays away until its page
 * calls {@code connect()}. So what passes by itself (too many at once, a full node) is settled at the handshake. Only a
 * session that connects again is asked for another admission.
 *
 * <p>Safe from any thread.
 */
final class ConnectLimits implements ConnectionAdmission {
    private static final Duration LATER = Duration.ofSeconds(5);

    private final GatewaySettings settings;
    private final GatewayObserver observer;
    private final BoundedAdmission admission;
    private final ConnectionQuota quota;
    private final IntSupplier sessions;
    /** Fair: first come, first served. */
    private final Semaphore verifications;

    /**
     * @param admission admits {@link GatewaySettings#maxConnectsPerSecond}
     * @param sessions how many there are on this node
     */
    ConnectLimits(
            GatewaySettings settings, GatewayObserver observer, BoundedAdmission admission, IntSupplier sessions) {
        this.settings = settings;
        this.observer = observer;
        this.admission = admission;
        this.sessions = sessions;
        this.verifications = new Semaphore(settings.maxVerifications(), true);
        this.quota = new ConnectionQuota(settings.maxSocketsPerWorkspace(), settings.maxSocketsPerMember());
    }

    @Override
    public CompletionStage<Verdict> admit() {
        if (sessions.getAsInt() >= settings.maxSockets()) {
            String full = "this server has " + settings.maxSockets() + " sockets already ("
                    + Limit.MAX_SOCKETS.setting() + ")";
            return CompletableFuture.completedFuture(busy(Limit.MAX_SOCKETS, full, later()));
        }
        return admission
                .admit()
                .thenApply(verdict -> verdict instanceof Busy refused
                        ? busy(Limit.MAX_CONNECTS_PER_SECOND, refused.message(), refused.retryAfter())
                        : verdict);
    }

    private Busy busy(Limit limit, String detail, Duration retryAfter) {
        observer.refused(GatewayError.TOO_MANY_CONNECTIONS.code());
        observer.limitMet(limit);
        return new Busy(GatewayError.TOO_MANY_CONNECTIONS.code() + ": " + detail, retryAfter);
    }

    /**
     * Admits a socket of a session that had one before; blocks a virtual thread.
     *
     * @return why it may not connect; empty when it may go on
     */
    Optional<ConnectError> admitAgain() {
        return admission.admit().toCompletableFuture().join() instanceof Busy refused
                ? Optional.of(tooMany(Limit.MAX_CONNECTS_PER_SECOND, refused.message(), refused.retryAfter()))
                : Optional.empty();
    }

    /** Verifies a client's credential, when few others are being verified; blocks a virtual thread. */
    <T> T verify(Supplier<T> credential) {
        verifications.acquireUninterruptibly();
        try {
            return credential.get();
        } finally {
            verifications.release();
        }
    }

    /** Counts the connection until it is closed, or says which limit is reached. */
    Optional<ConnectError> enter(ClientConnection connection, Principal principal) {
        return connection.enter(quota, principal).map(full -> tooMany(full.limit(), full.detail(), later()));
    }

    /** A refusal that holds until something else changes. */
    ConnectError refused(String code, String detail) {
        observer.refused(code);
        return ConnectError.of(detail, Map.of("code", code, "retryable", false));
    }

    ConnectionQuota quota() {
        return quota;
    }

    /** Clients that wait to be admitted now. */
    int waiting() {
        return admission.waiting();
    }

    private ConnectError tooMany(Limit limit, String detail, Duration retryAfter) {
        GatewayError error = GatewayError.TOO_MANY_CONNECTIONS;
        observer.refused(error.code());
        observer.limitMet(limit);
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("code", error.code());
        data.put("retryable", error.retryable());
        data.put("retryAfterMs", Math.max(1, retryAfter.toMillis()));
        data.put("limit", limit.setting());
        return ConnectError.of("Too many connections: " + detail, data);
    }

    /** Not all at the same time. */
    private static Duration later() {
        return LATER.plusMillis(ThreadLocalRandom.current().nextLong(LATER.toMillis()));
    }
}
