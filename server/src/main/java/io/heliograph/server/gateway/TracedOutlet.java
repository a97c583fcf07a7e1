package io.heliograph.server.gateway;

import io.heliograph.eventlog.LiveSink;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.events.Traces;
import java.util.List;

/** Tells the traces which events of theirs have been handed to the sockets of this node: each once. */
record TracedOutlet(LiveSink<Outgoing> outlet, Traces traces) implements LiveSink<Outgoing> {

    @Override
    public void deliver(WorkspaceId workspace, List<Outgoing> batch) {
        outlet.deliver(workspace, batch);
        for (Outgoing outgoing : batch) {
            outgoing.traceId().ifPresent(id -> traces.delivered(id, outgoing.type(), outgoing.at()));
        }
    }
}
