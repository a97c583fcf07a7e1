package io.heliograph.server.audit;

import io.heliograph.server.events.Ids;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which entries of the trail a list or an export has. Immutable.
 *
 * @param actors ids of members, API keys and agents: entries that one of them caused, or whose agent used one of the
 *     keys; none means all
 * @param actions as {@link AuditEntry#action}; none means all
 * @param subject the id of what the entry is about, whatever its type
 * @param from at this time or later
 * @param to before this time
 */
record AuditFilter(
        List<String> actors,
        List<String> actions,
        Optional<String> subject,
        Optional<Instant> from,
        Optional<Instant> to) {
    /** Values of {@code actor}, and of {@code action}. */
    static final int MAX_VALUES = 20;
    /** Characters of an id and of an action. */
    static final int MAX_LENGTH = 64;

    static final AuditFilter ALL =
            new AuditFilter(List.of(), List.of(), Optional.empty(), Optional.empty(), Optional.empty());

    AuditFilter {
        actors = List.copyOf(actors);
        actions = List.copyOf(actions);
    }

    /** Whether entries in the order of the index have to be compared one by one. */
    boolean scans() {
        return !actors.isEmpty() || !actions.isEmpty();
    }

    /** The first id of an entry at {@link #from}. */
    Optional<String> fromId() {
        return from.map(AuditFilter::firstId);
    }

    /** The first id of an entry at {@link #to}. */
    Optional<String> toId() {
        return to.map(AuditFilter::firstId);
    }

    /** Ids count milliseconds: an entry of a millisecond that has begun before {@code time} is before it. */
    private static String firstId(Instant time) {
        Instant millis = time.truncatedTo(ChronoUnit.MILLIS);
        return Ids.first("aud", millis.equals(time) ? time : millis.plus(Duration.ofMillis(1)));
    }

    /** What names the list of these entries, for its cursors. */
    String[] name(String workspace) {
        return new String[] {
            "audit",
            workspace,
            String.join(",", actors),
            String.join(",", actions),
            subject.orElse(""),
            from.map(Instant::toString).orElse(""),
            to.map(Instant::toString).orElse("")
        };
    }

    /** What is given, for the entry of an export. */
    Map<String, Object> detail() {
        Map<String, Object> detail = new LinkedHashMap<>();
        if (!actors.isEmpty()) {
            detail.put("actor", actors);
        }
        if (!actions.isEmpty()) {
            detail.put("action", actions);
        }
        subject.ifPresent(id -> detail.put("subject", id));
        from.ifPresent(time -> detail.put("from", time));
        to.ifPresent(time -> detail.put("to", time));
        return detail;
    }
}
