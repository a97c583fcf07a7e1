package io.heliograph.socketio;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The sockets and rooms of one namespace on this node.
 *
 * <p>Threading: safe from any thread, but {@link #add} and {@link #remove} are called on the socket's loop.
 */
final class NamespaceRegistry {

    private final Map<String, Socket> sockets = new ConcurrentHashMap<>();
    private final Rooms rooms = new Rooms();
    // Guards its own memberships, as the room table does for all others.
    private final Room everyone;
    // Clients that are connected or connecting.
    private final AtomicInteger clients = new AtomicInteger();
    private final Runnable whenEmpty;

    NamespaceRegistry(String namespace, Runnable whenEmpty) {
        this.everyone = new Room(namespace);
        this.whenEmpty = whenEmpty;
    }

    Rooms rooms() {
        return rooms;
    }

    Room everyone() {
        return everyone;
    }

    /** The connected sockets by id; a live view. */
    Map<String, Socket> sockets() {
        return Collections.unmodifiableMap(sockets);
    }

    Optional<Socket> find(String id) {
        return Optional.ofNullable(sockets.get(id));
    }

    /** A client wants to connect. Under the lock of the namespace's name. */
    void enter() {
        clients.incrementAndGet();
    }

    /** The client has left, or never came. Once per {@link #enter}. */
    void exit() {
        if (clients.decrementAndGet() == 0) {
            whenEmpty.run();
        }
    }

    boolean empty() {
        return clients.get() == 0;
    }

    /** The socket is found by its id from now on, and is a member of the room of everyone. */
    Room.Membership add(Socket socket) {
        sockets.put(socket.id(), socket);
        Room.Membership joined;
        synchronized (everyone) {
            joined = everyone.add(socket);
        }
        joined.begin();
        return joined;
    }

    void leaveEveryone(Room.Membership membership) {
        synchronized (everyone) {
            everyone.remove(membership);
        }
        membership.end();
    }

    /** The socket has left, or was never connected. Once per {@link #enter}. */
    void remove(Socket socket) {
        sockets.remove(socket.id(), socket);
        exit();
    }

    /** The connected sockets that are meant, as they are now. */
    Collection<Socket> select(Selection selection) {
        Set<Socket> selected = new LinkedHashSet<>();
        if (selection.rooms().isEmpty()) {
            selected.addAll(sockets.values());
        }
        for (String room : selection.rooms()) {
            addMembers(room, selected);
        }
        if (!selection.except().isEmpty()) {
            Set<Socket> except = new LinkedHashSet<>();
            selection.except().forEach(room -> addMembers(room, except));
            selected.removeAll(except);
        }
        selected.removeIf(socket -> !socket.connected());
        return selected;
    }

    private void addMembers(String room, Collection<Socket> members) {
        rooms.addMembers(room, members);
        find(room).ifPresent(members::add);
    }
}
