package io.heliograph.gateway;

import io.heliograph.eventlog.Audience;
import io.heliograph.eventlog.Cursor;
import io.heliograph.eventlog.Event;
import io.heliograph.eventlog.ResetReason;
import io.heliograph.eventlog.Subscriber;
import io.heliograph.eventlog.Subscription;
import io.heliograph.gateway.Authentication.Accepted;
import io.heliograph.gateway.Authentication.Rejected;
import io.heliograph.socketio.Recovery.Outcome;
import io.heliograph.socketio.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * One socket as a subscriber of its workspace's log, with the permissions of its credential and its topic filter.
 *
 * <p>Until it is attached, the feed sends it pages of past events. In the step in which it is up to date it joins its
 * rooms; from then on it receives new events through them.
 *
 * <p>Safe from any thread: the fields are volatile or guarded by this object's lock, under which nothing blocks.
 */
final class ClientConnection implements Subscriber<OutgoingEvent>, CredentialGuard.Holder, ClientSocket {
    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);

    private final Socket socket;
    private final Authenticator authenticator;
    private final LogRecovery recovery;
    private final ClientListener listener;
    private final HeldCredential credential;
    private final EventRate rate;
    private final EventRate clockRate;

    /** The topic filter; null means all topics. The set is replaced, never modified. */
    private volatile @Nullable Set<String> watched;

    // Guarded by this.
    private boolean attached;
    private boolean closed;
    private Subscription subscription = () -> {};
    private Runnable leaveQuota = () -> {};

    ClientConnection(
            Socket socket,
            Authenticator authenticator,
            LogRecovery recovery,
            ClientListener listener,
            HeldCredential credential,
            EventRate rate,
            EventRate clockRate) {
        this.socket = socket;
        this.authenticator = authenticator;
        this.recovery = recovery;
        this.listener = listener;
        this.credential = credential;
        this.rate = rate;
        this.clockRate = clockRate;
    }

    Socket socket() {
        return socket;
    }

    HeldCredential credential() {
        return credential;
    }

    /** Of all events but {@code clock}. */
    EventRate rate() {
        return rate;
    }

    EventRate clockRate() {
        return clockRate;
    }

    /** Available once the credential was accepted. */
    @Override
    public Principal principal() {
        return credential.current().orElseThrow();
    }

    // --- admission ---------------------------------------------------------------------------------------------------

    /** Verifies the credential that the client connects with; blocks. */
    Authentication verify(String token) {
        return credential.verify(() -> authenticator.authenticate(token), accepted -> true);
    }

    /** Counts against the quota until it is closed. Returns the result of {@link ConnectionQuota#enter}. */
    synchronized Optional<ConnectionQuota.Full> enter(ConnectionQuota quota, Principal principal) {
        Optional<ConnectionQuota.Full> full = quota.enter(principal);
        if (full.isEmpty()) {
            leaveQuota = () -> quota.leave(principal);
            if (closed) {
                leaveQuota.run();
            }
        }
        return full;
    }

    CompletionStage<Outcome> recover() {
        return recovery.recover(this);
    }

    synchronized void follow(Subscription opened) {
        subscription = opened;
        if (closed) {
            subscription.close();
        }
    }

    synchronized boolean closed() {
        return closed;
    }

    @Override
    public boolean open() {
        return !closed();
    }

    @Override
    public Duration silence() {
        return socket.silence();
    }

    /** The socket is closed: releases its quota, subscription and credential. */
    void closed(CredentialGuard guard) {
        if (release(guard)) {
            listener.closed(this);
        }
    }

    /** Returns whether the listener knows it, or may. */
    private synchronized boolean release(CredentialGuard guard) {
        if (closed) {
            return false;
        }
        closed = true;
        leaveQuota.run();
        subscription.close();
        guard.release(credential);
        return credential.current().isPresent();
    }

    // --- what it sees ------------------------------------------------------------------------------------------------

    /** Whether the credential permits the event and the topic filter includes it. */
    boolean mayRead(Event event) {
        Optional<Principal> current = credential.current();
        if (current.isEmpty() || !current.get().mayRead(event)) {
            return false;
        }
        Set<String> topics = watched;
        // Events for one member are delivered regardless of the topic filter.
        return topics == null
                || event.topic().isEmpty()
                || isPrivate(event)
                || topics.contains(event.topic().get());
    }

    private static boolean isPrivate(Event event) {
        return event.audience() instanceof Audience.Member;
    }

    @Override
    public synchronized void watch(Optional<Set<String>> topics) {
        List<String> before = topicRooms();
        watched = topics.map(Set::copyOf).orElse(null);
        if (attached) {
            List<String> after = topicRooms();
            socket.join(after.stream().filter(room -> !before.contains(room)).toList());
            before.stream().filter(room -> !after.contains(room)).forEach(socket::leave);
        }
    }

    @Override
    public CompletionStage<?> page(List<OutgoingEvent> page) {
        socket.send(LiveDelivery.prepared(page));
        return socket.drained();
    }

    @Override
    public void attached(Cursor cursor) {
        if (joinRooms()) {
            listener.attached(this);
        }
    }

    /** Returns whether it is attached for the first time and not closed. */
    private synchronized boolean joinRooms() {
        boolean first = !attached && !closed;
        attached = true;
        List<String> rooms = new ArrayList<>(topicRooms());
        rooms.add(Rooms.everyone(workspace()));
        principal().subject().memberId().ifPresent(id -> rooms.add(Rooms.member(workspace(), id)));
        socket.join(rooms);
        return first;
    }

    @Override
    public void join(String group) {
        socket.join(Rooms.group(workspace(), group));
    }

    @Override
    public void sendVolatile(String type, JsonNode argument) {
        socket.asVolatile().emit(type, argument);
    }

    @Override
    public void reset(ResetReason reason, Cursor head) {
        recovery.reset(this, reason, head);
    }

    /** The feed dropped this subscriber; the client reconnects with its cursor. */
    @Override
    public void dropped() {
        socket.closeConnection();
    }

    private List<String> topicRooms() {
        Set<String> topics = watched;
        return topics == null
                ? List.of(Rooms.allTopics(workspace()))
                : topics.stream().map(topic -> Rooms.topic(workspace(), topic)).toList();
    }

    private String workspace() {
        return principal().workspace().value();
    }

    // --- its credential ----------------------------------------------------------------------------------------------

    @Override
    public Principal renew(String token) {
        Principal held = principal();
        Predicate<Principal> ofTheSame = renewed -> renewed.workspace().equals(held.workspace())
                && renewed.subject().id().equals(held.subject().id());
        Supplier<Authentication> read = () -> authenticator.authenticate(token);
        return switch (credential.verify(read, ofTheSame)) {
            case Rejected(String code, String detail) -> throw new CommandRejectedException(code, detail);
            case Accepted(Principal renewed) when ofTheSame.test(renewed) -> renewed;
            case Accepted other ->
                throw new CommandRejectedException(
                        GatewayError.FORBIDDEN.code(),
                        "The token is of another member or workspace; open a new connection with it");
        };
    }

    @Override
    public void expiring(Instant end) {
        socket.emit("auth:expiring", Map.of("expiresAt", ClientMessages.format(end)));
    }

    @Override
    public void ended(CredentialEnd reason) {
        close(
                reason.code(),
                switch (reason) {
                    case EXPIRED -> "The token has expired; connect with a new one";
                    case REVOKED -> "The credential was revoked; sign in again";
                });
    }

    // --- how it ends -------------------------------------------------------------------------------------------------

    /**
     * Sends the reason to the client and disconnects the socket; a stock client does not reconnect after that. A client
     * that is not connected yet cannot receive the reason: its connection is closed, and its next attempt is rejected
     * with the reason. The connection is closed even when the message cannot be sent.
     */
    void close(String code, String message) {
        if (!socket.connected()) {
            socket.closeConnection();
            return;
        }
        try {
            socket.emit("closing", Map.of("code", code, "message", message));
            socket.disconnect(true);
        } catch (RuntimeException | Error failure) {
            socket.closeConnection();
            throw failure;
        }
    }

    /**
     * Closes the connection because of a temporary failure of the server. A stock client reconnects after a lost
     * connection, but not after it was refused.
     */
    void closeForRetry(String what, Throwable failure) {
        LOG.warn("a client could not be {}; its connection is closed so that it reconnects", what, failure);
        socket.closeConnection();
    }

    /**
     * Tells the client to reconnect after {@code delayMillis}. A client that is not connected yet retries by itself.
     */
    void drain(long delayMillis) {
        if (socket.connected()) {
            socket.emit("drain", Map.of("delayMs", delayMillis));
        }
    }
}
