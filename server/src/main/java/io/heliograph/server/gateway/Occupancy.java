package io.heliograph.server.gateway;

import io.heliograph.server.workspaces.Caller;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Counts sockets against their limits. Safe from any thread. */
final class Occupancy {
    private final int perWorkspace;
    private final int perMember;
    private final ConcurrentHashMap<String, Integer> counts = new ConcurrentHashMap<>();

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
        if (!increase(workspace, perWorkspace)) {
            return Optional.of(new Full(
                    Limit.MAX_SOCKETS_PER_WORKSPACE,
                    "the workspace has " + perWorkspace + " sockets on this server already ("
                            + Limit.MAX_SOCKETS_PER_WORKSPACE.setting() + ")"));
        }
        if (!increase(member(caller), perMember)) {
            decrease(workspace);
            return Optional.of(new Full(
                    Limit.MAX_SOCKETS_PER_MEMBER,
                    caller.name() + " has " + perMember + " sockets on this server already ("
                            + Limit.MAX_SOCKETS_PER_MEMBER.setting() + "); close some tabs"));
        }
        return Optional.empty();
    }

    void leave(Caller caller) {
        decrease(member(caller));
        decrease(caller.workspace().value());
    }

    int of(String workspace) {
        return counts.getOrDefault(workspace, 0);
    }

    private static String member(Caller caller) {
        String id = switch (caller) {
            case Caller.Member member -> member.memberId();
            case Caller.Key key -> key.keyId();
        };
        return caller.workspace().value() + ":" + id;
    }

    private boolean increase(String key, int limit) {
        boolean[] entered = new boolean[1];
        counts.compute(key, (_, present) -> {
            int count = present == null ? 0 : present;
            entered[0] = count < limit;
            return entered[0] ? Integer.valueOf(count + 1) : present;
        });
        return entered[0];
    }

    private void decrease(String key) {
        counts.computeIfPresent(key, (_, count) -> count == 1 ? null : Integer.valueOf(count - 1));
    }
}
