package io.heliograph.server.gateway;

import io.heliograph.server.identity.Caller;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** Counts sockets against their limits. Safe from any thread. */
final class Occupancy {
    private final int perWorkspace;
    private final int perMember;
    /** Sockets by workspace, and by workspace and member; who has none has no entry. */
    private final ConcurrentHashMap<String, Integer> workspaces = new ConcurrentHashMap<>();

    private final ConcurrentHashMap<String, Integer> members = new ConcurrentHashMap<>();

    Occupancy(int perWorkspace, int perMember) {
        this.perWorkspace = perWorkspace;
        this.perMember = perMember;
    }

    /** @param detail says in words which limit is reached, and names its setting */
    record Full(Limit limit, String detail) {}

    /**
     * Counts one more socket of the caller.
     *
     * @return the limit that is reached; empty when the socket was counted
     */
    Optional<Full> enter(Caller caller) {
        String workspace = caller.workspace().value();
        if (!increase(workspaces, workspace, perWorkspace)) {
            return Optional.of(new Full(
                    Limit.MAX_SOCKETS_PER_WORKSPACE,
                    "the workspace has " + perWorkspace + " sockets on this server already ("
                            + Limit.MAX_SOCKETS_PER_WORKSPACE.setting() + ")"));
        }
        if (!increase(members, member(caller), perMember)) {
            decrease(workspaces, workspace);
            return Optional.of(new Full(
                    Limit.MAX_SOCKETS_PER_MEMBER,
                    caller.name() + " has " + perMember + " sockets on this server already ("
                            + Limit.MAX_SOCKETS_PER_MEMBER.setting() + "); close some tabs"));
        }
        return Optional.empty();
    }

    void leave(Caller caller) {
        decrease(members, member(caller));
        decrease(workspaces, caller.workspace().value());
    }

    int of(String workspace) {
        return workspaces.getOrDefault(workspace, 0);
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

    private static String member(Caller caller) {
        String id = switch (caller) {
            case Caller.Member member -> member.memberId();
            case Caller.Key key -> key.keyId();
        };
        return caller.workspace().value() + ":" + id;
    }

    private static boolean increase(ConcurrentHashMap<String, Integer> counts, String key, int limit) {
        boolean[] entered = new boolean[1];
        counts.compute(key, (_, present) -> {
            int count = present == null ? 0 : present;
            entered[0] = count < limit;
            return entered[0] ? Integer.valueOf(count + 1) : present;
        });
        return entered[0];
    }

    private static void decrease(ConcurrentHashMap<String, Integer> counts, String key) {
        counts.computeIfPresent(key, (_, count) -> count == 1 ? null : Integer.valueOf(count - 1));
    }
}
