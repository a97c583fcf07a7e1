package io.heliograph.gateway;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** Counts sockets against the limits of their workspace and their member. Safe from any thread. */
final class ConnectionQuota {
    private final int perWorkspace;
    private final int perMember;
    /** Sockets by workspace, and by workspace and member; one that has none has no entry. */
    private final ConcurrentHashMap<String, Integer> workspaces = new ConcurrentHashMap<>();

    private final ConcurrentHashMap<String, Integer> members = new ConcurrentHashMap<>();

    ConnectionQuota(int perWorkspace, int perMember) {
        this.perWorkspace = perWorkspace;
        this.perMember = perMember;
    }

    /** @param detail says in words which limit is reached, and names its setting */
    record Full(Limit limit, String detail) {}

    /**
     * Counts one more socket of the principal.
     *
     * @return the limit that is reached; empty when the socket was counted
     */
    Optional<Full> enter(Principal principal) {
        String workspace = principal.workspace().value();
        // The member first: an attempt that is refused must not take the workspace's last place, not for a moment.
        if (!increase(members, member(principal), perMember)) {
            return Optional.of(new Full(
                    Limit.MAX_SOCKETS_PER_MEMBER,
                    principal.subject().name() + " has " + perMember + " sockets on this server already ("
                            + Limit.MAX_SOCKETS_PER_MEMBER.setting() + "); close some tabs"));
        }
        if (!increase(workspaces, workspace, perWorkspace)) {
            decrease(members, member(principal));
            return Optional.of(new Full(
                    Limit.MAX_SOCKETS_PER_WORKSPACE,
                    "the workspace has " + perWorkspace + " sockets on this server already ("
                            + Limit.MAX_SOCKETS_PER_WORKSPACE.setting() + ")"));
        }
        return Optional.empty();
    }

    /** Gives back what {@link #enter} counted. */
    void leave(Principal principal) {
        decrease(members, member(principal));
        decrease(workspaces, principal.workspace().value());
    }

    int of(String workspace) {
        return workspaces.getOrDefault(workspace, 0);
    }

    /** Sockets of one member, or of one API key. */
    int of(String workspace, String id) {
        return members.getOrDefault(member(workspace, id), 0);
    }

    /** Workspaces with at least {@code from} and fewer than {@code to} sockets. */
    long workspacesBetween(int from, int to) {
        return between(from, to).count();
    }

    /** The sockets of those workspaces. */
    long socketsBetween(int from, int to) {
        return between(from, to).sum();
    }

    private IntStream between(int from, int to) {
        return workspaces.values().stream().mapToInt(Integer::intValue).filter(count -> count >= from && count < to);
    }

    /** A key is counted by its own id, so that a key that replaces another has its own quota. */
    private static String member(Principal principal) {
        String id = principal
                .subject()
                .memberId()
                .orElseGet(() -> principal.credential().id());
        return member(principal.workspace().value(), id);
    }

    private static String member(String workspace, String id) {
        return workspace + ":" + id;
    }

    private static boolean increase(ConcurrentHashMap<String, Integer> counts, String key, int limit) {
        boolean[] entered = new boolean[1];
        counts.compute(key, (same, present) -> {
            int count = present == null ? 0 : present;
            entered[0] = count < limit;
            return entered[0] ? Integer.valueOf(count + 1) : present;
        });
        return entered[0];
    }

    private static void decrease(ConcurrentHashMap<String, Integer> counts, String key) {
        counts.computeIfPresent(key, (same, count) -> count == 1 ? null : Integer.valueOf(count - 1));
    }
}
