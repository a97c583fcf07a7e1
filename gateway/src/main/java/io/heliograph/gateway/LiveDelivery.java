package io.heliograph.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heliograph.eventlog.Audience;
import io.heliograph.eventlog.Cursor;
import io.heliograph.eventlog.Event;
import io.heliograph.eventlog.EventEncoder;
import io.heliograph.eventlog.LiveSink;
import io.heliograph.eventlog.ResetReason;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.socketio.Namespace;
import io.heliograph.socketio.PreparedEvent;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** Encodes each event once, and sends what is new to the rooms of its readers. Safe from any thread; nothing blocks. */
final class LiveDelivery implements LiveSink<OutgoingEvent>, EventEncoder<OutgoingEvent> {
    private final Namespace namespace;
    private final GatewayObserver observer;
    private final Consumer<Event> beforeDelivery;
    private final TopicFamilies families;

    LiveDelivery(
            Namespace namespace, GatewayObserver observer, Consumer<Event> beforeDelivery, TopicFamilies families) {
        this.namespace = namespace;
        this.observer = observer;
        this.beforeDelivery = beforeDelivery;
        this.families = families;
    }

    TopicFamilies families() {
        return families;
    }

    /** An event for one member, who may have no socket here, is not even composed then. */
    @Override
    public boolean wants(Event event) {
        return switch (event.audience()) {
            case Audience.Member member -> rooms(event).stream().anyMatch(namespace::hasMembers);
            case Audience.Everyone everyone -> true;
        };
    }

    @Override
    public OutgoingEvent encode(Event event) {
        beforeDelivery.accept(event);
        PreparedEvent prepared = namespace.prepare(
                event.type(), event.payload().bytes(), event.cursor().toString());
        return new OutgoingEvent(rooms(event), event.position().at(), prepared, event.type(), observer.traceId(event));
    }

    private List<String> rooms(Event event) {
        return Rooms.of(event.workspace().value(), event.audience(), event.topic(), families);
    }

    @Override
    public int bytes(OutgoingEvent outgoing) {
        return outgoing.prepared().bytes();
    }

    @Override
    public void release(OutgoingEvent outgoing) {
        // Buffers are on the heap; nothing to release.
    }

    /** Consecutive events for the same rooms are sent together, in one write. */
    @Override
    public void deliver(WorkspaceId workspace, List<OutgoingEvent> batch) {
        int from = 0;
        while (from < batch.size()) {
            List<String> rooms = batch.get(from).rooms();
            int to = from + 1;
            while (to < batch.size() && batch.get(to).rooms().equals(rooms)) {
                to++;
            }
            namespace.to(rooms).send(prepared(batch.subList(from, to)));
            from = to;
        }
        observer.delivered(batch);
    }

    static List<PreparedEvent> prepared(List<OutgoingEvent> events) {
        return events.stream().map(OutgoingEvent::prepared).toList();
    }

    /** Sends something that is in no log to the sockets that may see it and can take it now. */
    void sendVolatile(VolatileMessage message) {
        PreparedEvent prepared = namespace.prepare(message.type(), message.argument());
        List<String> rooms = Rooms.of(message.workspace().value(), message.audience(), message.topic(), families);
        namespace.to(rooms).asVolatile().send(prepared);
    }

    /** Sends something that is in no log to the sockets of a group that can take it now. */
    void sendVolatileToGroup(WorkspaceId workspace, String group, String type, JsonNode argument) {
        PreparedEvent prepared = namespace.prepare(type, argument);
        namespace.to(Rooms.group(workspace.value(), group)).asVolatile().send(prepared);
    }

    /** The {@code reset} event: the client's cursor cannot be served by the present log. */
    PreparedEvent reset(ResetReason reason, Cursor head) {
        return reset(reason.code(), head);
    }

    PreparedEvent reset(String reason, Cursor head) {
        return namespace.prepare("reset", ("{\"reason\":\"" + reason + "\"}").getBytes(UTF_8), head.toString());
    }
}
