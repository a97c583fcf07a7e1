package io.heliograph.socketio;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rooms that one socket has joined. Most sockets are in a few rooms, so an array holds them.
 *
 * <p>Threading: safe from any thread; its lock is never held while anything else is called but the room table.
 */
final class SocketRooms {

    private static final Room.Membership[] NONE = {};

    private final Rooms rooms;
    // Guarded by this; null when the socket has disconnected.
    private Room.Membership @Nullable [] memberships = NONE;

    SocketRooms(Rooms rooms) {
        this.rooms = rooms;
    }

    /** Without effect when the socket is in the room, or has disconnected. */
    void join(String name, Socket socket) {
        Room.Membership joined;
        synchronized (this) {
            Room.Membership[] present = memberships;
            if (present == null || indexOf(present, name) >= 0) {
                return;
            }
            joined = rooms.join(name, socket);
            Room.Membership[] more = Arrays.copyOf(present, present.length + 1);
            more[present.length] = joined;
            memberships = more;
        }
        joined.begin();
    }

    /** Without effect when the socket is not in the room. */
    void leave(String name) {
        Room.Membership left;
        synchronized (this) {
            Room.Membership[] present = memberships;
            int index = present == null ? -1 : indexOf(present, name);
            if (present == null || index < 0) {
                return;
            }
            left = present[index];
            Room.Membership[] fewer = Arrays.copyOf(present, present.length - 1);
            if (index < fewer.length) {
                fewer[index] = present[fewer.length];
            }
            memberships = fewer;
        }
        rooms.leave(left);
    }

    /** Leaves all rooms and returns their names; later joins have no effect. */
    List<String> close() {
        Room.Membership[] left;
        synchronized (this) {
            left = memberships == null ? NONE : memberships;
            memberships = null;
        }
        List<String> names = new ArrayList<>(left.length);
        for (Room.Membership membership : left) {
            names.add(membership.room().name());
            rooms.leave(membership);
        }
        return names;
    }

    Set<String> names() {
        Room.Membership[] present;
        synchronized (this) {
            present = memberships;
        }
        Set<String> names = new LinkedHashSet<>();
        if (present != null) {
            for (Room.Membership membership : present) {
                names.add(membership.room().name());
            }
        }
        return names;
    }

    private static int indexOf(Room.Membership[] memberships, String name) {
        for (int i = 0; i < memberships.length; i++) {
            if (memberships[i].room().name().equals(name)) {
                return i;
            }
        }
        return -1;
    }
}
