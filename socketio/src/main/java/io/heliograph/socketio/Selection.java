package io.heliograph.socketio;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Which sockets of a namespace are selected: the members of any of {@code rooms} (everyone, when it is empty) who are in none
 * of {@code except}. A socket's id counts as a room. Immutable.
 */
record Selection(Set<String> rooms, Set<String> except) {

    static final Selection EVERYONE = new Selection(Set.of(), Set.of());

    Selection {
        rooms = Set.copyOf(rooms);
        except = Set.copyOf(except);
    }

    Selection to(Collection<String> names) {
        return new Selection(plus(rooms, names), except);
    }

    Selection without(Collection<String> names) {
        return new Selection(rooms, plus(except, names));
    }

    private static Set<String> plus(Set<String> present, Collection<String> added) {
        Set<String> all = new LinkedHashSet<>(present);
        all.addAll(added);
        return all;
    }
}
