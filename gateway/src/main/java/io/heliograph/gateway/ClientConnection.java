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
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
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
    private final TopicFamilies families;
    private final ClientListener listener;
    private final HeldCredential credential;
    private final EventRate rate;
    private final EventRate clockRate;

    /** Written under the lock. */
    private volatile TopicFilter watched = TopicFilter.ALL;

    // Guarded by this.
    private boolean attached;
    private boolean closed;
    private Subscription subscription = () -> {};
    private Runnable leaveQuota = () -> {};

    ClientConnection(
            Socket socket,
            Authenticator authenticator,
            LogRecovery recovery,
            TopicFamilies families,
            ClientListener listener,
            HeldCredential credential,
            EventRate rate,
            EventRate clockRate) {
        this.socket = socket;
        this.authenticator = authenticator;
        this.recovery = recovery;
        this.families = families;
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
        // Events for one member are delivered regardless of the topic filter.
        return event.topic().isEmpty()
                || isPrivate(event)
                || watched.matches(families, event.topic().get());
    }

    private static boolean isPrivate(Event event) {
        return event.audience() instanceof Audience.Member;
    }

    @Override
    public synchronized TopicFilter watch(UnaryOperator<TopicFilter> change) {
        List<String> before = topicRooms();
        watched = change.apply(watched);
        if (attached) {
            List<String> after = topicRooms();
            socket.join(after.stream().filter(room -> !before.contains(room)).toList());
            before.stream().filter(room -> !after.contains(room)).forEach(socket::leave);
        }
        return watched;
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
        Optional<TopicPatterns> claim = principal().topics();
        if (claim.isEmpty()) {
            rooms.add(Rooms.everyone(workspace()));
        }
        principal().subject().memberId().ifPresent(id -> rooms.addAll(memberRooms(id, claim)));
        socket.join(rooms);
        return first;
    }

    private List<String> memberRooms(String id, Optional<TopicPatterns> claim) {
        if (claim.isEmpty()) {
            return List.of(Rooms.member(workspace(), id));
        }
        List<String> rooms = new ArrayList<>();
        rooms.add(Rooms.limitedMember(workspace(), id));
        claim.get().patterns().forEach(pattern -> rooms.add(Rooms.memberTopic(workspace(), id, pattern)));
        return rooms;
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

    /** The rooms of its topics: each event with a topic is sent to one of them, if the socket is to get it. */
    private List<String> topicRooms() {
        Optional<TopicPatterns> claim = principal().topics();
        TopicFilter filter = watched;
        List<String> rooms = new ArrayList<>();
        filter.narrowed().values().stream()
                .map(topics -> claim.map(topics::and).orElse(topics))
                .flatMap(topics -> topics.patterns().stream())
                .forEach(pattern -> rooms.add(Rooms.topic(workspace(), pattern)));
        if (claim.isPresent()) {
            claim.get().patterns().stream()
                    .filter(pattern -> !filter.narrowed().containsKey(families.of(pattern)))
                    .forEach(pattern -> rooms.add(Rooms.topic(workspace(), pattern)));
        } else {
            Stream.concat(Stream.of(TopicFilter.OTHERS), families.names().stream())
                    .filter(family -> !filter.narrowed().containsKey(family))
                    .forEach(family -> rooms.add(Rooms.allTopics(workspace(), family)));
        }
        return rooms;
    }

    private String workspace() {
        return principal().workspace().value();
    }

    // --- its credential ----------------------------------------------------------------------------------------------

    @Override
    public Principal renew(String token) {
        Principal held = principal();
        Predicate<Principal> ofTheSame = renewed -> renewed.workspace().equals(held.workspace())
                && renewed.subject().id().equals(held.subject().id())
                && renewed.topics().equals(held.topics());
        Supplier<Authentication> read = () -> authenticator.authenticate(token);
        return switch (credential.verify(read, ofTheSame)) {
            case Rejected(String code, String detail) -> throw new CommandRejectedException(code, detail);
            case Accepted(Principal renewed) when ofTheSame.test(renewed) -> renewed;
            case Accepted other ->
                throw new CommandRejectedException(
                        GatewayError.FORBIDDEN.code(),
                        "The token is of another member, workspace or set of topics; open a new connection with it");
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
