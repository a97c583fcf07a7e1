package io.heliograph.server.gateway;

import io.heliograph.engineio.BoundedAdmission;
import io.heliograph.engineio.ConnectionAdmission;
import io.heliograph.engineio.HandshakeGate.Busy;
import io.heliograph.engineio.HandshakeGate.Verdict;
import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.identity.Caller;
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
 * refused with a reason that it can show, and {@code retryAfterMs}; after that one a stock client stays away until its
 * page calls {@code connect()}. So what passes by itself (too many at once, a full node) is settled at the handshake. Only a
 * session that connects again is asked for another admission.
 *
 * <p>Safe from any thread.
 */
final class Entrance implements ConnectionAdmission {
    private static final Duration LATER = Duration.ofSeconds(5);

    private final GatewaySettings settings;
    private final GatewayMetrics metrics;
    private final BoundedAdmission admission;
    private final Occupancy occupancy;
    private final IntSupplier sessions;
    /** Fair: first come, first served. */
    private final Semaphore verifications;

    /**
     * @param sessions how many there are on this node
     * @param timer on which clients that wait are admitted
     */
    Entrance(GatewaySettings settings, GatewayMetrics metrics, IntSupplier sessions, BoundedAdmission.Timer timer) {
        this.settings = settings;
        this.metrics = metrics;
        this.sessions = sessions;
        this.verifications = new Semaphore(settings.connectsAtOnce(), true);
        String busy = "this server takes " + settings.maxConnectsPerSecond() + " connects a second ("
                + Limit.MAX_CONNECTS_PER_SECOND.setting() + "), and many are waiting";
        this.admission = new BoundedAdmission(
                settings.maxConnectsPerSecond(), settings.connectPatience(), busy, timer, System::nanoTime);
        this.occupancy = new Occupancy(settings.maxSocketsPerWorkspace(), settings.maxSocketsPerMember());
        metrics.watch(occupancy);
        metrics.watch(admission);
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
        metrics.refused(ErrorCode.TOO_MANY_CONNECTIONS);
        metrics.met(limit);
        return new Busy(ErrorCode.TOO_MANY_CONNECTIONS.code() + ": " + detail, retryAfter);
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

    /** Gives the socket a place, which it keeps until it is gone, or says why there is none. */
    Optional<ConnectError> occupy(Attachment attachment, Caller caller) {
        return attachment.occupy(occupancy, caller).map(full -> tooMany(full.limit(), full.detail(), later()));
    }

    /** A refusal that holds until something else changes. */
    ConnectError refused(ErrorCode code, String detail) {
        metrics.refused(code);
        return ConnectError.of(detail, Map.of("code", code.code(), "retryable", code.retryable()));
    }

    private ConnectError tooMany(Limit limit, String detail, Duration retryAfter) {
        ErrorCode code = ErrorCode.TOO_MANY_CONNECTIONS;
        metrics.refused(code);
        metrics.met(limit);
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("code", code.code());
        data.put("retryable", code.retryable());
        data.put("retryAfterMs", Math.max(1, retryAfter.toMillis()));
        data.put("limit", limit.setting());
        return ConnectError.of("Too many connections: " + detail, data);
    }

    /** Not all at the same time. */
    private static Duration later() {
        return LATER.plusMillis(ThreadLocalRandom.current().nextLong(LATER.toMillis()));
    }
}
