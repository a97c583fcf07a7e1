package io.heliograph.server.agents;

import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.Transaction;
import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.identity.ConcurrencyLimiter;
import io.heliograph.server.sql.Sql;
import java.util.Optional;
import java.util.OptionalLong;

/** Accepts the deltas of streaming messages from their authors. Safe from any thread; blocks on the database. */
final class StreamingMessages {
    private final EventLog log;
    private final MessageStore store;
    private final MessageDeltas deltas;

    StreamingMessages(EventLog log, MessageStore store, MessageDeltas deltas) {
        this.log = log;
        this.store = store;
        this.deltas = deltas;
    }

    /** The result of writing a delta. */
    sealed interface Result {
        /** It is numbered and was queued for the sockets, or dropped because too much text was queued. */
        record Taken() implements Result {}

        /** Its Idempotency-Key is that of the message's previous delta: nothing is changed or sent. */
        record Repeated() implements Result {}

        record Finished() implements Result {}

        record NoSuchMessage() implements Result {}

        /** Members write messages of role operator, and keys the others. */
        record NotTheWriter() implements Result {}

        /** Too many messages are streaming. */
        record TooMany(ConcurrencyLimiter.Limit limit) implements Result {}
    }

    /**
     * Adds a delta to a message. On return it is numbered in the message's row.
     *
     * @param idempotencyKey that tells it from the delta before it
     * @throws ProblemException {@code agent_of_another_key} when a key may not speak for the agent
     */
    Result append(Caller caller, MessageDeltas.Key message, Optional<String> idempotencyKey, String text) {
        return switch (deltas.begin(caller, message, text)) {
            case MessageDeltas.Admission.Full(ConcurrencyLimiter.Limit limit) -> new Result.TooMany(limit);
            case MessageDeltas.Admission.Admitted(MessageDeltas.Writing writing) -> {
                try (writing) {
                    Result result = log.write(
                            message.workspace(),
                            transaction -> number(transaction, caller, message, idempotencyKey, writing));
                    if (result instanceof Result.Finished) {
                        // The signal of its end on another node may have been lost.
                        deltas.close(message);
                    }
                    yield result;
                }
            }
        };
    }

    /** Every delta of every node passes here, in its transaction. Permission is checked here. */
    private Result number(
            Transaction transaction,
            Caller caller,
            MessageDeltas.Key message,
            Optional<String> idempotencyKey,
            MessageDeltas.Writing writing) {
        AgentOwners.require(Sql.in(transaction), caller, message.agentId());
        boolean byMember = caller instanceof Caller.Member;
        OptionalLong rev = store.countDelta(
                Sql.in(transaction),
                new MessageStore.DeltaCount(message, byMember, idempotencyKey, writing.joinable(), writing.numbers()));
        if (rev.isEmpty()) {
            return refusal(transaction, message, byMember, idempotencyKey);
        }
        transaction.afterCommit(() -> writing.numbered(rev.getAsLong()));
        return new Result.Taken();
    }

    private Result refusal(
            Transaction transaction, MessageDeltas.Key message, boolean byMember, Optional<String> idempotencyKey) {
        Optional<AgentMessage> found =
                store.find(Sql.in(transaction), message.workspace(), message.agentId(), message.messageId());
        if (found.isEmpty()) {
            return new Result.NoSuchMessage();
        }
        if (byMember != (found.get().role() == AgentMessage.Role.OPERATOR)) {
            return new Result.NotTheWriter();
        }
        boolean repeated =
                idempotencyKey.isPresent() && idempotencyKey.equals(store.lastDeltaKey(Sql.in(transaction), message));
        return repeated ? new Result.Repeated() : new Result.Finished();
    }
}
