package io.heliograph.socketio;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Recovery from this process's memory, for a server that stands alone: a client that reconnects in time gets its id, its
 * rooms, its data and every event that it has missed. It does not survive a restart.
 *
 * <p>Every event that is emitted without acknowledgement and not {@code volatile} gets an offset as its last argument, as
 * in Node. It is kept as the bytes that were sent. Events that were prepared by the application are not kept.
 *
 * <p>Bounds: disconnected sockets and events are kept for {@code window}; of each namespace at most {@code maxEvents} events
 * and {@code maxSockets} sockets. A client whose offset is no longer kept starts anew.
 *
 * <p>Threading: safe from any thread; one lock for each namespace, under which events are encoded and queued but nothing
 * waits. Source: Node's {@code SessionAwareAdapter}.
 */
public final class InMemoryRecovery implements Recovery {

    private final Clock clock;
    private final Duration window;
    private final int maxEvents;
    private final int maxSockets;
    private final Map<String, History> namespaces = new ConcurrentHashMap<>();

    /** Node's two minutes; 10,000 events and 100,000 sockets of each namespace. */
    public InMemoryRecovery(Clock clock) {
        this(clock, Duration.ofMinutes(2), 10_000, 100_000);
    }

    /** Keeps what is younger than {@code window}, and at most so many events and disconnected sockets of each namespace. */
    public InMemoryRecovery(Clock clock, Duration window, int maxEvents, int maxSockets) {
        if (!window.isPositive() || maxEvents < 1 || maxSockets < 1) {
            throw new IllegalArgumentException("window is " + window + ", maxEvents " + maxEvents + ", maxSockets "
                    + maxSockets + ", expected more than zero");
        }
        this.clock = clock;
        this.window = window;
        this.maxEvents = maxEvents;
        this.maxSockets = maxSockets;
    }

    @Override
    public CompletionStage<Outcome> recover(Request request) {
        return CompletableFuture.completedFuture(request.claim()
                .flatMap(claim -> Optional.ofNullable(
                                namespaces.get(request.socket().namespace().name()))
                        .flatMap(kept -> kept.restore(claim)))
                .orElseGet(Recovery::fresh));
    }

    @Override
    public void disconnected(Disconnection disconnection) {
        if (disconnection.reason().recoverable()) {
            of(disconnection.socket().namespace()).left(disconnection);
        }
    }

    @Override
    public void emit(Emission emission, Dispatch dispatch) {
        of(emission.namespace()).emit(emission, dispatch);
    }

    private History of(Namespace namespace) {
        return namespaces.computeIfAbsent(namespace.name(), name -> new History());
    }

    private record StoredEvent(Instant at, PreparedEvent event, List<String> rooms, List<String> except) {
        boolean isFor(Set<String> joined) {
            return (rooms.isEmpty() || rooms.stream().anyMatch(joined::contains))
                    && except.stream().noneMatch(joined::contains);
        }
    }

    private record DisconnectedSocket(String socketId, List<String> rooms, Instant at, Optional<Object> data) {}

    /** What is kept of one namespace. */
    private final class History {
        // Guarded by this. Both are in the order of time, so what is too old is at their beginning.
        private final NavigableMap<Long, StoredEvent> events = new TreeMap<>();
        private final Map<String, DisconnectedSocket> sockets = new LinkedHashMap<>();
        /** Offset of the newest event; the first one has 1. */
        private long last;

        synchronized void emit(Emission emission, Dispatch dispatch) {
            removeExpired();
            PreparedEvent event = dispatch.encode(Optional.of(text(last + 1)));
            last++;
            events.put(last, new StoredEvent(clock.instant(), event, emission.rooms(), emission.except()));
            if (events.size() > maxEvents) {
                events.pollFirstEntry();
            }
            dispatch.send(event);
        }

        synchronized void left(Disconnection disconnection) {
            removeExpired();
            Socket socket = disconnection.socket();
            sockets.remove(disconnection.pid());
            sockets.put(
                    disconnection.pid(),
                    new DisconnectedSocket(
                            socket.id(), disconnection.rooms(), clock.instant(), socket.data(Object.class)));
            if (sockets.size() > maxSockets) {
                sockets.remove(sockets.keySet().iterator().next());
            }
        }

        synchronized Optional<Outcome> restore(Claim claim) {
            removeExpired();
            OptionalLong offset = offset(claim.offset());
            DisconnectedSocket former = sockets.get(claim.pid());
            if (former == null || offset.isEmpty()) {
                return Optional.empty();
            }
            sockets.remove(claim.pid());
            return Optional.of(new Recovered(
                    claim.pid(), Optional.of(former.socketId()), socket -> replay(socket, former, offset.getAsLong())));
        }

        /**
         * Sends what was missed and joins the rooms, while no event can be given an offset: each event has either been kept
         * before, or will find the socket in its rooms. The event at the offset may have been dropped since recovery was
         * decided; then the connection is closed, because the client would miss events, and it starts anew when it reconnects.
         */
        private synchronized void replay(Socket socket, DisconnectedSocket former, long offset) {
            if (!events.containsKey(offset)) {
                socket.closeConnection();
                return;
            }
            former.data().ifPresent(socket::data);
            Set<String> joined = new HashSet<>(former.rooms());
            joined.add(former.socketId());
            events.tailMap(offset, false).values().stream()
                    .filter(kept -> kept.isFor(joined))
                    .forEach(kept -> socket.send(kept.event()));
            socket.lifecycle().becomeReachable();
            socket.join(former.rooms());
        }

        /** Of an event that is kept; empty when the text is not exactly one's. */
        private OptionalLong offset(String text) {
            try {
                long offset = Long.parseLong(text, Character.MAX_RADIX);
                return text(offset).equals(text) && events.containsKey(offset)
                        ? OptionalLong.of(offset)
                        : OptionalLong.empty();
            } catch (NumberFormatException e) {
                return OptionalLong.empty();
            }
        }

        private void removeExpired() {
            Instant oldest = clock.instant().minus(window);
            Iterator<DisconnectedSocket> departures = sockets.values().iterator();
            while (departures.hasNext() && departures.next().at().isBefore(oldest)) {
                departures.remove();
            }
            Iterator<StoredEvent> kept = events.values().iterator();
            while (kept.hasNext() && kept.next().at().isBefore(oldest)) {
                kept.remove();
            }
        }
    }

    private static String text(long offset) {
        return Long.toString(offset, Character.MAX_RADIX);
    }
}
