package io.heliograph.server.gateway;

import io.heliograph.eventlog.Audience;
import io.heliograph.eventlog.Cursor;
import io.heliograph.eventlog.Event;
import io.heliograph.eventlog.ResetReason;
import io.heliograph.eventlog.Subscriber;
import io.heliograph.eventlog.Subscription;
import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.identity.Revocation;
import io.heliograph.server.identity.Verification.Verified;
import io.heliograph.server.json.Json;
import io.heliograph.socketio.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One socket as a reader of its workspace's log: what its credential lets it see, and what it wishes to.
 *
 * <p>Until it is attached the feed hands it pages; in the step in which it has everything it joins its rooms, and what
 * is new comes to it with everybody else's.
 *
 * <p>Safe from any thread: the fields are volatile or guarded by this object's lock, under which nothing blocks.
 */
final class Attachment implements Subscriber<Outgoing>, Deadlines.Holder {
    private final Socket socket;
    private final EventsGateway gateway;

    private final SocketCredential credential;
    /** Topics that the socket has narrowed to; null while it wants all. Replaced, never changed. */
    private volatile @Nullable Set<String> watched;

    // Owned by the socket's callbacks, which run one at a time.
    private long countedNanos;
    private int refusedEvents;

    // Guarded by this.
    private boolean attached;
    private boolean left;
    private Subscription reader = () -> {};
    private Runnable vacate = () -> {};

    Attachment(Socket socket, EventsGateway gateway) {
        this.socket = socket;
        this.gateway = gateway;
        this.credential = gateway.newCredential();
        this.countedNanos = gateway.eventPace().start(System.nanoTime());
    }

    Socket socket() {
        return socket;
    }

    SocketCredential credential() {
        return credential;
    }

    /** Something was revoked: the socket is closed when its credential ends by it. */
    void revoked(Revocation revocation) {
        if (credential.revoked(revocation)) {
            close(ErrorCode.TOKEN_INVALID.code(), "The credential was revoked; sign in again");
        }
    }

    /** Takes a place until the socket is gone; answers what {@link Occupancy#enter} answers. */
    synchronized Optional<Occupancy.Full> occupy(Occupancy occupancy, Caller caller) {
        Optional<Occupancy.Full> full = occupancy.enter(caller);
        if (full.isEmpty()) {
            vacate = () -> occupancy.leave(caller);
            if (left) {
                vacate.run();
            }
        }
        return full;
    }

    /**
     * Counts an event that the client sent, in one of the socket's callbacks.
     *
     * @return how long it is too early; zero when it is not
     */
    Duration count() {
        long now = System.nanoTime();
        long next = gateway.eventPace().next(countedNanos, now);
        if (next > now) {
            refusedEvents++;
            return Duration.ofNanos(next - now);
        }
        countedNanos = next;
        refusedEvents = 0;
        return Duration.ZERO;
    }

    /** Events in a row that came too early. */
    int refusedEvents() {
        return refusedEvents;
    }

    synchronized boolean left() {
        return left;
    }

    @Override
    public long dueMillis() {
        return credential.dueMillis();
    }

    @Override
    public void runDue(Instant now) {
        Optional<Instant> end = credential.current().flatMap(Verified::expiresAt);
        switch (credential.due(now)) {
            case NOTHING -> {}
            case WARN -> socket.emit("auth:expiring", Map.of("expiresAt", Json.format(end.orElseThrow())));
            case END -> close(ErrorCode.TOKEN_EXPIRED.code(), "The token has expired; connect with a new one");
        }
    }

    synchronized void reading(Subscription subscription) {
        reader = subscription;
        if (left) {
            reader.close();
        }
    }

    /** Ends everything that goes on for this socket. */
    synchronized void leave() {
        if (left) {
            return;
        }
        left = true;
        vacate.run();
        reader.close();
        credential.unwatch();
    }

    /** Whether the socket may see an event, and wishes to. */
    boolean sees(Event event) {
        Optional<Verified> current = credential.current();
        if (current.isEmpty()) {
            return false;
        }
        return switch (event.audience()) {
            case Audience.Member(String memberId) ->
                current.get().caller() instanceof Caller.Member member
                        && member.memberId().equals(memberId);
            case Audience.Everyone() -> {
                Set<String> topics = watched;
                yield topics == null
                        || event.topic().isEmpty()
                        || topics.contains(event.topic().get());
            }
        };
    }

    /** Narrows the socket to some topics, or to none; empty: all again. */
    synchronized void watch(Optional<Set<String>> topics) {
        List<String> before = topicRooms();
        watched = topics.map(Set::copyOf).orElse(null);
        if (attached) {
            List<String> after = topicRooms();
            socket.join(after.stream().filter(room -> !before.contains(room)).toList());
            before.stream().filter(room -> !after.contains(room)).forEach(socket::leave);
        }
    }

    @Override
    public CompletionStage<?> page(List<Outgoing> page) {
        socket.send(page.stream().map(Outgoing::event).toList());
        return socket.drained();
    }

    @Override
    public synchronized void attached(Cursor cursor) {
        attached = true;
        List<String> rooms = new ArrayList<>(topicRooms());
        rooms.add(Rooms.everyone(workspace()));
        if (caller() instanceof Caller.Member member) {
            rooms.add(Rooms.member(workspace(), member.memberId()));
        }
        socket.join(rooms);
    }

    @Override
    public void reset(ResetReason reason, Cursor head) {
        gateway.sendReset(socket, reason, head);
    }

    /** The feed gave this reader up; the client comes back with its cursor. */
    @Override
    public void dropped() {
        socket.closeConnection();
    }

    /**
     * Tells the client why, and ends the socket: the client does not come back by itself. One that is not connected yet
     * cannot be told; its connection is closed, and when it comes back its credential is refused with the reason. Whatever
     * fails here, the connection is closed.
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

    /** Tells the client to come back after {@code delayMillis}. One that is not connected yet comes back by itself. */
    void drain(long delayMillis) {
        if (socket.connected()) {
            socket.emit("drain", Map.of("delayMs", delayMillis));
        }
    }

    private List<String> topicRooms() {
        Set<String> topics = watched;
        return topics == null
                ? List.of(Rooms.allTopics(workspace()))
                : topics.stream().map(topic -> Rooms.topic(workspace(), topic)).toList();
    }

    private String workspace() {
        return caller().workspace().value();
    }

    private Caller caller() {
        return credential.current().orElseThrow().caller();
    }
}
