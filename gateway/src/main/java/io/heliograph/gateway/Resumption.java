package io.heliograph.gateway;

import io.heliograph.eventlog.Cursor;
import io.heliograph.eventlog.StartPosition;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * The position that a connecting client claims. It is not trusted: the cursor is checked against the log of the
 * credential's workspace.
 *
 * <p>A stock client presents the {@code pid} that it was given when it connected, and as {@code offset} the last string
 * argument that it received: a cursor. One that has received no event yet has no offset; so the pid itself holds the
 * cursor at which the connection began, behind a random part. Immutable.
 *
 * <pre>pid = 16 random letters "." cursor</pre>
 *
 * @param pid to answer with when the client is recovered; empty when it does not ask to be
 * @param cursor empty when the client presents none
 * @param malformed the client presented a cursor that cannot be parsed
 */
record Resumption(Optional<String> pid, Optional<Cursor> cursor, boolean malformed) {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int RANDOM_LETTERS = 16;
    private static final int MAX_LENGTH = 128;

    /** @param cursor what {@code auth.cursor} holds, for clients that know their position from a list */
    static Resumption of(Optional<String> pid, Optional<String> offset, Optional<String> cursor) {
        if (pid.isEmpty()) {
            return cursor.map(text -> presented(Optional.empty(), text))
                    .orElseGet(() -> new Resumption(Optional.empty(), Optional.empty(), false));
        }
        Optional<Cursor> begun = begun(pid.get());
        if (begun.isEmpty()) {
            return new Resumption(Optional.empty(), Optional.empty(), true);
        }
        if (offset.isEmpty()) {
            return new Resumption(pid, begun, false);
        }
        Resumption resumption = presented(pid, offset.get());
        // A client keeps its last offset even when it was told that it is not recovered: then the newer pid counts.
        return resumption.cursor.filter(last -> isBefore(last, begun.get())).isPresent()
                ? new Resumption(pid, begun, false)
                : resumption;
    }

    /** A pid for a connection that begins at {@code cursor}. */
    static String newPid(Cursor cursor) {
        StringBuilder pid = new StringBuilder(RANDOM_LETTERS + 32);
        for (int letter = 0; letter < RANDOM_LETTERS; letter++) {
            pid.append((char) ('a' + RANDOM.nextInt(26)));
        }
        return pid.append('.').append(cursor).toString();
    }

    /** Where to read on from. */
    StartPosition start() {
        return cursor.map(StartPosition::after).orElseGet(StartPosition::now);
    }

    private static Resumption presented(Optional<String> pid, String text) {
        Optional<Cursor> cursor = text.length() > MAX_LENGTH ? Optional.empty() : Cursor.parse(text);
        return cursor.isPresent()
                ? new Resumption(pid, cursor, false)
                : new Resumption(Optional.empty(), Optional.empty(), true);
    }

    private static Optional<Cursor> begun(String pid) {
        int dot = pid.indexOf('.');
        return dot != RANDOM_LETTERS || pid.length() > MAX_LENGTH
                ? Optional.empty()
                : Cursor.parse(pid.substring(dot + 1));
    }

    private static boolean isBefore(Cursor last, Cursor begun) {
        return !last.epoch().equals(begun.epoch()) || last.offset() < begun.offset();
    }
}
