package io.heliograph.engineio;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The sessions of a server by their ids: the only state that its loops share.
 *
 * <p>Bound: {@link EngineIoSettings#maxSessions}.
 *
 * <p>Threading: safe from any thread.
 */
final class SessionTable {

    private static final int ID_BYTES = 15;

    private final EngineIoSettings settings;
    private final SessionContext context;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, EngineSession> sessions = new ConcurrentHashMap<>();
    // The map's own size would have to be summed up at each handshake.
    private final AtomicInteger count = new AtomicInteger();
    private final CompletableFuture<Void> emptied = new CompletableFuture<>();
    private volatile boolean closed;

    SessionTable(EngineIoSettings settings, EngineObserver observer) {
        this.settings = settings;
        this.context = new SessionContext(settings, observer, this::forget);
    }

    /** Sessions that are open, or whose peers may still fetch their last packets. */
    int count() {
        return count.get();
    }

    Optional<EngineSession> find(String id) {
        return Optional.ofNullable(sessions.get(id));
    }

    /** A new session, not started yet; empty when the server is full or closed, see {@link #refusal}. */
    Optional<EngineSession> open(SessionLoop loop, Handshake handshake, Transport transport) {
        if (closed) {
            return Optional.empty();
        }
        if (count.incrementAndGet() > settings.maxSessions()) {
            count.decrementAndGet();
            return Optional.empty();
        }
        EngineSession session = new EngineSession(context, loop, newId(), handshake, transport);
        sessions.put(session.id(), session);
        if (closed) {
            session.close(CloseReason.SERVER_SHUTTING_DOWN);
        }
        return Optional.of(session);
    }

    /** Why no session could be opened. */
    ProtocolError refusal() {
        return closed ? ProtocolError.SHUTTING_DOWN : ProtocolError.OVERLOADED;
    }

    /**
     * Opens no more and closes every session after what was sent to it; those that are still there at the deadline are cut.
     *
     * @return completes when the last session has gone; never fails
     */
    CompletionStage<Void> close(Duration deadline) {
        closed = true;
        sessions.values().forEach(session -> session.close(CloseReason.SERVER_SHUTTING_DOWN));
        completeWhenEmpty();
        return emptied.copy()
                .orTimeout(deadline.toNanos(), TimeUnit.NANOSECONDS)
                .exceptionally(late -> {
                    sessions.values().forEach(session -> session.loop().execute(session::cut));
                    return null;
                });
    }

    private void forget(String id) {
        if (sessions.remove(id) != null) {
            count.decrementAndGet();
            if (closed) {
                completeWhenEmpty();
            }
        }
    }

    private void completeWhenEmpty() {
        if (sessions.isEmpty()) {
            emptied.complete(null);
        }
    }

    /** 120 random bits: guessing one of a million sessions at a million tries a second takes longer than 10^16 years. */
    private String newId() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return settings.sessionIdPrefix() + Base64.getUrlEncoder().encodeToString(bytes);
    }
}
