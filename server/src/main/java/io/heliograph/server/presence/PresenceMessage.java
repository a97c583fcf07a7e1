package io.heliograph.server.presence;

import io.heliograph.eventlog.Signal;
import io.heliograph.eventlog.WorkspaceId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a node tells the others of its members of one workspace, as a signal of the bus. Without members it is a
 * question: the other nodes answer with all of theirs.
 *
 * <pre>body = node *("\n" entry); entry = {"id", "name", "approvalId"?, "since"} or {"id", "since"}: it is gone</pre>
 *
 * <p>Immutable.
 */
record PresenceMessage(String node, List<Entry> entries) {
    private static final String KIND = "presence";
    private static final int MAX_NODE = 64;
    /** Characters of one signal. Short ones are read and dropped one by one, and fit into one notification of PostgreSQL. */
    private static final int MAX_BODY = 4_096;

    PresenceMessage {
        entries = List.copyOf(entries);
    }

    /** A member who is online, or without a name one who is no longer online on that node. */
    record Entry(String id, Optional<String> name, Optional<String> approvalId, long since) {
        static Entry of(PresentMember member) {
            return new Entry(member.id(), Optional.of(member.name()), member.approvalId(), member.since());
        }

        static Entry gone(String id) {
            return new Entry(id, Optional.empty(), Optional.empty(), 0);
        }
    }

    boolean isQuestion() {
        return entries.isEmpty();
    }

    static Signal question(WorkspaceId workspace, String node) {
        return new Signal(workspace, KIND, node);
    }

    /** As many signals as their size asks for; none when there is nothing to tell. */
    static List<Signal> signals(
            JsonMapper json,
            WorkspaceId workspace,
            String node,
            Collection<PresentMember> members,
            Collection<String> gone) {
        List<Signal> signals = new ArrayList<>();
        StringBuilder body = new StringBuilder(node);
        for (Entry entry : Stream.concat(
                        members.stream().map(Entry::of), gone.stream().map(Entry::gone))
                .toList()) {
            String line = json.writeValueAsString(entry);
            if (body.length() > node.length() && body.length() + 1 + line.length() > MAX_BODY) {
                signals.add(new Signal(workspace, KIND, body.toString()));
                body.setLength(node.length());
            }
            body.append('\n').append(line);
        }
        if (body.length() > node.length()) {
            signals.add(new Signal(workspace, KIND, body.toString()));
        }
        return signals;
    }

    /**
     * Empty when the signal is about something else.
     *
     * @throws JacksonException when it is not one of this version
     */
    static Optional<PresenceMessage> of(JsonMapper json, Signal signal) {
        if (!signal.kind().equals(KIND)) {
            return Optional.empty();
        }
        List<String> lines = signal.body().lines().toList();
        if (lines.isEmpty() || lines.getFirst().length() > MAX_NODE) {
            return Optional.empty();
        }
        List<Entry> entries = lines.stream()
                .skip(1)
                .map(line -> json.readValue(line, Entry.class))
                .toList();
        return Optional.of(new PresenceMessage(lines.getFirst(), entries));
    }
}
