package io.heliograph.server.gateway;

import io.heliograph.eventlog.Audience;
import io.heliograph.eventlog.Cursor;
import io.heliograph.eventlog.Event;
import io.heliograph.eventlog.ResetReason;
import io.heliograph.eventlog.Subscriber;
import io.heliograph.eventlog.Subscription;
import io.heliograph.server.web.ErrorCode;
import io.heliograph.server.web.Json;
import io.heliograph.server.workspaces.Caller;
import io.heliograph.server.workspaces.Verification.Verified;
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

    private volatile @Nullable Verified credential;
    private volatile boolean reverify;
    /** When something is due because the credential ends; written under the lock. */
    private volatile long dueMillis = Deadlines.NEVER;
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
        this.countedNanos = gateway.eventPace().start(System.nanoTime());
    }

    Socket socket() {
        return socket;
    }

    /** Empty until the credential has been verified. */
    Optional<Verified> credential() {
        return Optional.ofNullable(credential);
    }

    void verified(Verified now) {
        credential = now;
    }

    /** Something was revoked while the credential was being verified: it is to be looked at again. */
    void verifyAgain() {
        reverify = true;
    }

    boolean takeVerifyAgain() {
        boolean again = reverify;
        reverify = false;
        return again;
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

    /** From now on the client is warned before its credential ends, and the socket is closed then. */
    synchronized void watchExpiry() {
        dueMillis = credential()
                .flatMap(Verified::expiresAt)
                .map(at -> at.minus(gateway.expiryWarning()).toEpochMilli())
                .orElse(Deadlines.NEVER);
    }

    @Override
    public long dueMillis() {
        return dueMillis;
    }

    @Override
    public void runDue(Instant now) {
        Instant end;
        boolean ended;
        synchronized (this) {
            // It may have been renewed since it was looked at.
            if (dueMillis > now.toEpochMilli()) {
                return;
            }
            end = credential().flatMap(Verified::expiresAt).orElseThrow();
            ended = end.toEpochMilli() <= now.toEpochMilli();
            dueMillis = ended ? Deadlines.NEVER : end.toEpochMilli();
        }
        if (ended) {
            close(ErrorCode.TOKEN_EXPIRED.code(), "The token has expired; connect with a new one");
        } else {
            socket.emit("auth:expiring", Map.of("expiresAt", Json.format(end)));
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
        dueMillis = Deadlines.NEVER;
    }

    /** Whether the socket may see an event, and wishes to. */
    boolean sees(Event event) {
        Verified current = credential;
        if (current == null) {
            return false;
        }
        return switch (event.audience()) {
            case Audience.Member(String memberId) ->
                current.caller() instanceof Caller.Member member
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

    /** Tells the client why, and sends it away: it does not come back by itself. */
    void close(String code, String message) {
        socket.emit("closing", Map.of("code", code, "message", message));
        socket.disconnect(true);
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
        return credential().orElseThrow().caller();
    }
}
