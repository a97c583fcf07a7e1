package io.heliograph.socketio;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The rooms of one namespace that have members. Safe from any thread; one lock per room name.
 */
final class Rooms {

    private final ConcurrentMap<String, Room> rooms = new ConcurrentHashMap<>();

    /** Adds the socket; the caller then begins the membership. */
    Room.Membership join(String name, Socket socket) {
        Room.Membership[] made = new Room.Membership[1];
        rooms.compute(name, (key, present) -> {
            Room room = present == null ? new Room(key) : present;
            made[0] = room.add(socket);
            return room;
        });
        return made[0];
    }

    /** Ends a membership; removes the room when it is empty. */
    void leave(Room.Membership membership) {
        Room left = membership.room();
        rooms.compute(left.name(), (key, present) -> left.remove(membership) || present != left ? present : null);
        membership.end();
    }

    Optional<Room> find(String name) {
        return Optional.ofNullable(rooms.get(name));
    }

    /** Adds the members of a room as they are now. */
    void addMembers(String name, Collection<Socket> sockets) {
        rooms.computeIfPresent(name, (key, room) -> {
            room.addMembersTo(sockets);
            return room;
        });
    }

    Set<String> names() {
        return Set.copyOf(rooms.keySet());
    }
}
