package io.heliograph.server.presence;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.gateway.ClientSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The members of one workspace who are online, as far as this node knows: by their sockets here, and by what other nodes
 * told.
 *
 * <p>Safe from any thread. Each map has at most one entry for a socket here, or {@value #MAX_NODES} nodes with so many
 * members as one node tells.
 */
final class WorkspacePresence {
    /** How long an approval stays looked at after it was set, and a member online without a sign of life. */
    static final Duration TTL = Duration.ofSeconds(30);
    /**
     * How long what another node told is believed. Shorter than {@link #TTL}, so that the members of a node that died are
     * gone within it although they are looked at only now and then.
     */
    static final Duration REMOTE_TTL = Duration.ofSeconds(22);

    private static final int MAX_NODES = 64;

    /** Set while an update is planned. */
    final AtomicBoolean planned = new AtomicBoolean();
    /** Set when another node asked for the members here. */
    final AtomicBoolean asked = new AtomicBoolean();
    /** What the thread that sends updates has sent. */
    final SentPresence sent = new SentPresence();

    private final WorkspaceId workspace;
    private final int maxMembers;
    private final ConcurrentHashMap<ClientSocket, Look> sockets = new ConcurrentHashMap<>();
    private final Queue<ClientSocket> newcomers = new ConcurrentLinkedQueue<>();
    private final ConcurrentHashMap<String, ConcurrentHashMap<String, Told>> nodes = new ConcurrentHashMap<>();

    /**
     * What one socket said.
     *
     * @param since when it named this approval first, in milliseconds since 1970
     * @param saidNanos when it named it last
     */
    private record Look(Optional<String> approvalId, long since, long saidNanos) {
        private static final Look NOTHING = new Look(Optional.empty(), 0, 0);
    }

    /** What another node told of a member, and when that was. */
    private record Told(PresentMember member, long atNanos) {}

    WorkspacePresence(WorkspaceId workspace, int maxMembers) {
        this.workspace = workspace;
        this.maxMembers = maxMembers;
    }

    WorkspaceId workspace() {
        return workspace;
    }

    int sockets() {
        return sockets.size();
    }

    // --- the sockets here --------------------------------------------------------------------------------------------

    void add(ClientSocket socket) {
        sockets.putIfAbsent(socket, Look.NOTHING);
    }

    /** Notes a socket that has to be sent the present state. */
    void greet(ClientSocket socket) {
        newcomers.add(socket);
    }

    /** Returns whether it was here. */
    boolean remove(ClientSocket socket) {
        return sockets.remove(socket) != null;
    }

    /** The socket looks at the approval; repeating the same only keeps it alive. Returns whether it is another one. */
    boolean look(ClientSocket socket, Optional<String> approvalId, long nowMillis, long nowNanos) {
        Look[] before = {Look.NOTHING};
        sockets.computeIfPresent(socket, (_, present) -> {
            before[0] = present;
            boolean same = present.approvalId.equals(approvalId);
            return new Look(approvalId, same ? present.since : approvalId.isEmpty() ? 0 : nowMillis, nowNanos);
        });
        return !before[0].approvalId.equals(approvalId) || isOver(before[0].saidNanos, nowNanos, TTL);
    }

    /** Takes the sockets that have not been sent the state, and are still here. */
    List<ClientSocket> takeNewcomers() {
        List<ClientSocket> taken = new ArrayList<>();
        for (ClientSocket socket = newcomers.poll(); socket != null; socket = newcomers.poll()) {
            if (sockets.containsKey(socket)) {
                taken.add(socket);
            }
        }
        return taken;
    }

    /**
     * The members with sockets here that are alive, by id; at most so many as an update has.
     *
     * @param maxSilence a socket that was silent for longer does not count
     */
    Map<String, PresentMember> here(long nowNanos, Duration maxSilence) {
        Map<String, PresentMember> members = new HashMap<>();
        sockets.forEach((socket, look) -> {
            if (socket.silence().compareTo(maxSilence) <= 0) {
                PresentMember member = member(socket, look, nowNanos);
                members.merge(member.id(), member, PresentMember::or);
            }
        });
        return byId(PresentMember.first(members.values(), maxMembers));
    }

    private static PresentMember member(ClientSocket socket, Look look, long nowNanos) {
        String id = socket.principal().subject().memberId().orElseThrow();
        String name = socket.principal().subject().name();
        return look.approvalId.isPresent() && !isOver(look.saidNanos, nowNanos, TTL)
                ? new PresentMember(id, name, look.approvalId, look.since)
                : new PresentMember(id, name, Optional.empty(), 0);
    }

    private static Map<String, PresentMember> byId(List<PresentMember> members) {
        Map<String, PresentMember> byId = HashMap.newHashMap(members.size());
        members.forEach(member -> byId.put(member.id(), member));
        return byId;
    }

    // --- other nodes -------------------------------------------------------------------------------------------------

    /** Takes over what another node told. Returns whether it is news. */
    boolean told(PresenceMessage message, long nowNanos) {
        if (!nodes.containsKey(message.node()) && nodes.size() >= MAX_NODES) {
            return false;
        }
        ConcurrentHashMap<String, Told> members = nodes.computeIfAbsent(message.node(), _ -> new ConcurrentHashMap<>());
        boolean news = false;
        for (PresenceMessage.Entry entry : message.entries()) {
            news |= told(members, entry, nowNanos);
        }
        return news;
    }

    private boolean told(ConcurrentHashMap<String, Told> members, PresenceMessage.Entry entry, long nowNanos) {
        if (entry.name().isEmpty()) {
            return members.remove(entry.id()) != null;
        }
        if (!members.containsKey(entry.id()) && members.size() >= maxMembers) {
            return false;
        }
        PresentMember member = new PresentMember(entry.id(), entry.name().get(), entry.approvalId(), entry.since());
        Told before = members.put(entry.id(), new Told(member, nowNanos));
        return before == null || !before.member.equals(member);
    }

    /** All members who are online, here and elsewhere. Forgets what is too old. */
    List<PresentMember> everywhere(Map<String, PresentMember> here, long nowNanos) {
        Map<String, PresentMember> members = new HashMap<>(here);
        for (ConcurrentHashMap<String, Told> node : nodes.values()) {
            node.values().removeIf(told -> isOver(told.atNanos, nowNanos, REMOTE_TTL));
            node.values().forEach(told -> members.merge(told.member.id(), told.member, PresentMember::or));
        }
        nodes.values().removeIf(Map::isEmpty);
        return PresentMember.first(members.values(), members.size());
    }

    private static boolean isOver(long sinceNanos, long nowNanos, Duration duration) {
        return nowNanos - sinceNanos > duration.toNanos();
    }
}
