package io.heliograph.socketio;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Recovery from this process's memory, for a server that stands alone: a client that comes back in time gets its id, its
 * rooms, its data and every event that it has missed. It does not survive a restart.
 *
 * <p>Every event that is emitted without acknowledgement and not {@code volatile} gets an offset as its last argument, as
 * in Node. Events that were prepared by the application are not kept.
 *
 * <p>Bounds: sockets that left and events are kept for {@code window}; of the events at most {@code maxEvents} per namespace,
 * of the sockets at most {@code maxSockets}. A client whose offset is no longer kept starts anew.
 *
 * <p>Threading: safe from any thread; one lock, under which messages are queued but nothing waits. Source: Node's {@code SessionAwareAdapter}.
 */
public final class InMemoryRecovery implements Recovery {

    private final Clock clock;
    private final Duration window;
    private final int maxEvents;
    private final int maxSockets;

    // Guarded by this.
    private final Map<String, Log> logs = new HashMap<>();
    private final Map<String, Left> left = new LinkedHashMap<>();

    /** Node's two minutes, 10,000 events per namespace, 100,000 sockets. */
    public InMemoryRecovery(Clock clock) {
        this(clock, Duration.ofMinutes(2), 10_000, 100_000);
    }

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

    private record Kept(long offset, Instant at, Emission emission) {}

    private record Left(Departure departure, String socketId, Instant at, Optional<Object> data) {}

    /** One namespace's events; offsets count from 1. */
    private static final class Log {
        private final Deque<Kept> events = new ArrayDeque<>();
        private long last;
    }

    @Override
    public CompletionStage<Outcome> recover(Request request) {
        return CompletableFuture.completedFuture(request.claim()
                .flatMap(claim -> restore(request.socket().namespace(), claim))
                .orElseGet(Recovery::fresh));
    }

    @Override
    public synchronized void disconnected(Departure departure) {
        if (departure.reason().recoverable()) {
            expire();
            Socket socket = departure.socket();
            left.put(departure.pid(), new Left(departure, socket.id(), clock.instant(), socket.data(Object.class)));
            if (left.size() > maxSockets) {
                left.remove(left.keySet().iterator().next());
            }
        }
    }

    @Override
    public synchronized void emit(Emission emission, Consumer<Optional<String>> dispatch) {
        expire();
        Log log = logs.computeIfAbsent(emission.namespace().name(), name -> new Log());
        log.last++;
        log.events.add(new Kept(log.last, clock.instant(), emission));
        if (log.events.size() > maxEvents) {
            log.events.remove();
        }
        dispatch.accept(Optional.of(text(log.last)));
    }

    private synchronized Optional<Outcome> restore(Namespace namespace, Claim claim) {
        expire();
        Left former = left.get(claim.pid());
        Log log = logs.get(namespace.name());
        if (former == null
                || log == null
                || !former.departure().socket().namespace().equals(namespace)) {
            return Optional.empty();
        }
        if (missed(log, former, claim.offset()).isEmpty()) {
            return Optional.empty();
        }
        left.remove(claim.pid());
        return Optional.of(new Recovered(
                claim.pid(), Optional.of(former.socketId()), socket -> replay(socket, former, claim.offset())));
    }

    /**
     * Sends what was missed and joins the rooms, while no event can be given an offset: each event has either been kept
     * before, or will find the socket in its rooms. What was kept up to the offset may have gone since recovery was
     * decided, which ends the connection rather than leave a gap.
     */
    private synchronized void replay(Socket socket, Left former, String offset) {
        former.data().ifPresent(socket::data);
        Optional<List<Kept>> missed =
                missed(logs.getOrDefault(socket.namespace().name(), new Log()), former, offset);
        if (missed.isEmpty()) {
            socket.disconnect(true);
            return;
        }
        for (Kept kept : missed.get()) {
            List<@Nullable Object> arguments = new ArrayList<>(kept.emission().arguments());
            arguments.add(text(kept.offset()));
            socket.replay(kept.emission().event(), arguments);
        }
        socket.becomeReachable();
        socket.join(former.departure().rooms());
    }

    /** What the socket would have got behind {@code offset}; empty when that is not kept. */
    private static Optional<List<Kept>> missed(Log log, Left former, String offset) {
        Set<String> rooms = new HashSet<>(former.departure().rooms());
        rooms.add(former.socketId());
        List<Kept> missed = new ArrayList<>();
        boolean found = false;
        for (Kept kept : log.events) {
            if (found && isFor(kept.emission(), rooms)) {
                missed.add(kept);
            }
            found |= text(kept.offset()).equals(offset);
        }
        return found ? Optional.of(missed) : Optional.empty();
    }

    private static boolean isFor(Emission emission, Set<String> rooms) {
        boolean included =
                emission.rooms().isEmpty() || emission.rooms().stream().anyMatch(rooms::contains);
        return included && emission.except().stream().noneMatch(rooms::contains);
    }

    private void expire() {
        Instant oldest = clock.instant().minus(window);
        left.values().removeIf(former -> former.at().isBefore(oldest));
        for (Log log : logs.values()) {
            while (!log.events.isEmpty() && log.events.element().at().isBefore(oldest)) {
                log.events.remove();
            }
        }
    }

    private static String text(long offset) {
        return Long.toString(offset, Character.MAX_RADIX);
    }
}
