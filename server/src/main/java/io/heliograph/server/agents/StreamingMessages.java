package io.heliograph.server.agents;

import io.heliograph.eventlog.EventLog;
import io.heliograph.server.web.ProblemException;
import io.heliograph.server.workspaces.Caller;
import java.util.Optional;

/** Takes the pieces of messages that stream from whoever writes them. Safe from any thread; blocks on the database. */
final class StreamingMessages {
    private final EventLog log;
    private final MessageStore store;
    private final MessageDeltas deltas;

    StreamingMessages(EventLog log, MessageStore store, MessageDeltas deltas) {
        this.log = log;
        this.store = store;
        this.deltas = deltas;
    }

    /** How the writing of a piece ended. */
    sealed interface Result {
        /** Those who can take it are told; or it was dropped, because too much waited. */
        record Taken() implements Result {}

        record Finished() implements Result {}

        record NoSuchMessage() implements Result {}

        /** Members write messages of role operator, and keys the others. */
        record NotTheWriter() implements Result {}

        /** {@code most} messages stream already. */
        record TooMany(int most) implements Result {}
    }

    /**
     * Adds a piece to a message; looks for the message in the database only for its first piece on this node, and for the
     * agent's owner each time: an agent may be handed over while it writes.
     *
     * @throws ProblemException {@code agent_of_another_key} when a key may not speak for the agent
     */
    Result append(Caller caller, MessageDeltas.Key key, String text) {
        log.read(key.workspace(), snapshot -> {
            AgentOwners.require(snapshot.jdbc(), caller, key.agentId());
            return key;
        });
        boolean person = caller instanceof Caller.Member;
        if (deltas.append(key, person, text) == MessageDeltas.Outcome.TAKEN) {
            return new Result.Taken();
        }
        Optional<AgentMessage> found = log.read(
                key.workspace(),
                snapshot -> store.find(snapshot.jdbc(), key.workspace(), key.agentId(), key.messageId()));
        if (found.isEmpty()) {
            return new Result.NoSuchMessage();
        }
        if (person != (found.get().role() == AgentMessage.Role.OPERATOR)) {
            return new Result.NotTheWriter();
        }
        if (found.get().state() == AgentMessage.State.FINAL) {
            return new Result.Finished();
        }
        if (!deltas.open(key, person)) {
            return new Result.TooMany(deltas.most());
        }
        // It may be closed by now: then the final message is being written, and has what is not told here.
        deltas.append(key, person, text);
        return new Result.Taken();
    }
}
