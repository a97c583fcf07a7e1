package io.heliograph.eventlog;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a client holds to say "I have everything up to here". Opaque to clients and never trusted: it is always read
 * against the workspace of the credential that presents it.
 *
 * <p>On the wire {@code epoch:offset:check}, where {@code check} is the tail of the id of the event at that offset, so
 * that a log that was restored from a backup and has moved on since is noticed. At offset 0 the check is empty:
 * {@code k3:0:}. Immutable.
 *
 * @param offset 0 means "before the first"
 */
public record Cursor(String epoch, long offset, String check) {
    /** Of a check, when the event's id ends in as many letters and digits. */
    public static final int CHECK_LENGTH = 6;

    private static final Pattern NOT_IN_CHECK = Pattern.compile("[^A-Za-z0-9]");
    private static final Pattern SHAPE = Pattern.compile("([a-z0-9]{1,16}):(0|[1-9][0-9]{0,17}):([A-Za-z0-9]{0,6})");

    public static Cursor at(String epoch, long offset, String eventId) {
        return new Cursor(epoch, offset, check(eventId));
    }

    public static Cursor beforeFirst(String epoch) {
        return new Cursor(epoch, 0, "");
    }

    /** Empty when {@code text} has not the shape of a cursor. */
    public static Optional<Cursor> parse(String text) {
        Matcher matcher = SHAPE.matcher(text);
        return matcher.matches()
                ? Optional.of(new Cursor(matcher.group(1), Long.parseLong(matcher.group(2)), matcher.group(3)))
                : Optional.empty();
    }

    /** Those of the last characters of {@code eventId} that a cursor may contain. */
    private static String check(String eventId) {
        // Without a regular expression in the usual case: this runs for every event of every page.
        String tail = eventId.substring(Math.max(0, eventId.length() - CHECK_LENGTH));
        for (int i = 0; i < tail.length(); i++) {
            if (!mayStand(tail.charAt(i))) {
                return NOT_IN_CHECK.matcher(tail).replaceAll("");
            }
        }
        return tail;
    }

    private static boolean mayStand(char letter) {
        return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
    }

    @Override
    public String toString() {
        return epoch + ":" + offset + ":" + check;
    }
}
