package io.heliograph.server.approvals;

import io.heliograph.eventlog.Bus;
import io.heliograph.eventlog.Event;
import io.heliograph.eventlog.Hint;
import io.heliograph.eventlog.Signal;
import tools.jackson.databind.json.JsonMapper;

/**
 * Wakes waiters when another node has changed their approval. The bus may lose hints; {@link
 * LostHints} makes up for these.
 */
final class ApprovalHints implements Bus.Listener {
    private final ApprovalWaits waits;
    private final JsonMapper json;

    ApprovalHints(ApprovalWaits waits, JsonMapper json) {
        this.waits = waits;
        this.json = json;
    }

    @Override
    public void hint(Hint hint) {
        if (waits.waiters() == 0) {
            return;
        }
        for (Event event : hint.events()) {
            if (event.type().startsWith("approval:")) {
                String id =
                        json.readTree(event.payload().bytes()).at("/subject/id").asString("");
                if (!id.isEmpty()) {
                    waits.changed(event.workspace(), new ApprovalId(id));
                }
            }
        }
    }

    @Override
    public void signal(Signal signal) {
        // Signals do not concern waiters.
    }

    @Override
    public void reconnected() {
        // LostHints wakes the waiters whose hints were missed.
    }
}
