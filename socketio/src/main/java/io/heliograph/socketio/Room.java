package io.heliograph.socketio;

import io.heliograph.engineio.SessionLoop;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A set of sockets of one namespace, kept in one part per event loop.
 *
 * <p>Who is a member is decided where {@code join} is called; the loop's part follows by a command, so that it lies in
 * order with what the same thread sends before and after.
 */
final class Room {

    private final String name;
    // The memberships as a linked list. Guarded, with its links, by the room table's lock for this name.
    private @Nullable Membership newest;
    // Grows by one part per loop; read by broadcasting threads.
    private final List<Part> parts = new CopyOnWriteArrayList<>();

    Room(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    List<Part> parts() {
        return parts;
    }

    /** Under the table's lock. */
    Membership add(Socket socket) {
        Membership added = new Membership(socket, this, partOf(socket.loop()));
        Membership older = newest;
        if (older != null) {
            older.newer = added;
            added.older = older;
        }
        newest = added;
        return added;
    }

    /** Under the table's lock; returns whether members remain. */
    boolean remove(Membership removed) {
        Membership newer = removed.newer;
        Membership older = removed.older;
        if (newer == null) {
            newest = older;
        } else {
            newer.older = older;
        }
        if (older != null) {
            older.newer = newer;
        }
        removed.newer = null;
        removed.older = null;
        return newest != null;
    }

    /** Under the table's lock. */
    void addMembersTo(Collection<Socket> sockets) {
        for (Membership member = newest; member != null; member = member.older) {
            sockets.add(member.socket);
        }
    }

    private Part partOf(SessionLoop loop) {
        for (Part part : parts) {
            if (part.loop == loop) {
                return part;
            }
        }
        Part part = new Part(loop);
        parts.add(part);
        return part;
    }

    /** One socket in one room. */
    static final class Membership {
        private final Socket socket;
        private final Room room;
        private final Part part;
        // Neighbours in the room's list. Guarded by the room table's lock.
        private @Nullable Membership newer;
        private @Nullable Membership older;
        // Owned by the loop, as is the position; -1: not in the part.
        private boolean ended;
        private int position = -1;

        Membership(Socket socket, Room room, Part part) {
            this.socket = socket;
            this.room = room;
            this.part = part;
        }

        Room room() {
            return room;
        }

        /** Any thread, once. */
        void begin() {
            part.loop.execute(() -> part.add(this));
        }

        /** Any thread, once. */
        void end() {
            part.loop.execute(() -> part.remove(this));
        }
    }

    /** The members on one loop. Owned by that loop. */
    static final class Part {
        private final SessionLoop loop;
        private Membership[] members = new Membership[2];
        private int size;

        Part(SessionLoop loop) {
            this.loop = loop;
        }

        SessionLoop loop() {
            return loop;
        }

        int size() {
            return size;
        }

        Socket socket(int index) {
            return members[index].socket;
        }

        /** When two threads join and leave, the end may arrive here first; such a membership never begins. */
        private void add(Membership membership) {
            if (membership.ended || membership.position >= 0) {
                return;
            }
            if (size == members.length) {
                members = Arrays.copyOf(members, size * 2);
            }
            members[size] = membership;
            membership.position = size++;
        }

        private void remove(Membership membership) {
            membership.ended = true;
            int position = membership.position;
            if (position < 0) {
                return;
            }
            Membership last = members[--size];
            members[position] = last;
            last.position = position;
            Arrays.fill(members, size, size + 1, null);
            membership.position = -1;
        }
    }
}
