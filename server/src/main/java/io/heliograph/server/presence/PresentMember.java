package io.heliograph.server.presence;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A member who is online. Immutable.
 *
 * @param approvalId what the member looks at, as a client set it
 * @param since when that was set, in milliseconds since 1970 by the clock of the node; 0 without an approval
 */
record PresentMember(String id, String name, Optional<String> approvalId, long since) {
    private static final Comparator<PresentMember> LOOKING_FIRST = Comparator.comparing(
                    (PresentMember member) -> member.approvalId().isEmpty())
            .thenComparing(PresentMember::id);

    /** The same member, seen by two sockets or nodes: with the approval that was set last. */
    PresentMember or(PresentMember other) {
        return other.since > since ? other : this;
    }

    /** At most {@code max} of them, those who look at an approval first, then by id. */
    static List<PresentMember> first(Collection<PresentMember> members, int max) {
        return members.stream().sorted(LOOKING_FIRST).limit(max).toList();
    }
}
