package io.heliograph.server.agents;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.heliograph.eventlog.EventLog;
import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.errors.Fields;
import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.events.AgentId;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.identity.ConcurrencyLimiter;
import io.heliograph.server.identity.Scope;
import io.heliograph.server.sql.Sql;
import io.heliograph.server.storage.PageRows;
import io.heliograph.server.web.Commands;
import io.heliograph.server.web.IdempotentRequest;
import io.heliograph.server.web.Listing;
import io.heliograph.server.web.Paging;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Agents and their messages over HTTP. */
@RestController
@RequestMapping("/v1/agents")
final class AgentController {
    private final EventLog log;
    private final Commands commands;
    private final Agents agents;
    private final AgentMessages messages;
    private final AgentStore store;
    private final MessageStore messageStore;
    private final StreamingMessages streaming;

    AgentController(
            EventLog log,
            Commands commands,
            Agents agents,
            AgentMessages messages,
            AgentStore store,
            MessageStore messageStore,
            StreamingMessages streaming) {
        this.log = log;
        this.commands = commands;
        this.agents = agents;
        this.messages = messages;
        this.store = store;
        this.messageStore = messageStore;
        this.streaming = streaming;
    }

    /** A page of agents, and how many there are of each status. */
    record AgentListing(@JsonUnwrapped Listing<Agent> page, AgentCounts counts) {}

    @GetMapping
    ResponseEntity<AgentListing> list(
            Caller caller,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor) {
        caller.require(Scope.READ);
        Paging paging = Paging.of(limit, cursor, "agents", caller.workspace().value());
        return log.read(caller.workspace(), snapshot -> {
            PageRows<Agent> rows = store.page(
                    Sql.in(snapshot), caller.workspace(), paging.after().map(AgentId::new), paging.limit());
            Listing<Agent> page = paging.page(rows, agent -> agent.id().value(), snapshot.asOf());
            return Paging.answer(
                    page.asOf(), new AgentListing(page, store.counts(Sql.in(snapshot), caller.workspace())));
        });
    }

    @GetMapping("/{id}")
    Agent get(Caller caller, @PathVariable AgentId id) {
        caller.require(Scope.READ);
        return log.read(caller.workspace(), snapshot -> store.find(Sql.in(snapshot), caller.workspace(), id))
                .map(AgentState::agent)
                .orElseThrow(() -> noSuchAgent(id));
    }

    @PutMapping("/{id}")
    ResponseEntity<byte[]> put(
            Caller caller, IdempotentRequest request, @PathVariable AgentId id, @RequestBody AgentReport report) {
        caller.require(Scope.AGENTS_WRITE);
        return commands.run(request, agents.put(caller, id, report), ResponseEntity::ok);
    }

    /** The key that becomes the agent's owner. */
    record NewOwner(String keyId) {
        NewOwner(@Nullable String keyId) {
            this.keyId = Fields.text("keyId", keyId, 64);
        }
    }

    @PutMapping("/{id}/owner")
    ResponseEntity<byte[]> handOver(
            Caller.Member caller, IdempotentRequest request, @PathVariable AgentId id, @RequestBody NewOwner body) {
        caller.requireAdministrator();
        return commands.run(
                request,
                agents.handOver(caller, id, body.keyId),
                agent -> ResponseEntity.ok(agent.orElseThrow(() -> noSuchAgent(id))));
    }

    @PostMapping("/{id}/heartbeat")
    ResponseEntity<byte[]> heartbeat(Caller caller, IdempotentRequest request, @PathVariable AgentId id) {
        caller.require(Scope.AGENTS_WRITE);
        return commands.run(
                request,
                agents.heartbeat(caller, id),
                agent -> ResponseEntity.ok(agent.orElseThrow(() -> noSuchAgent(id))));
    }

    @DeleteMapping("/{id}/lease")
    ResponseEntity<byte[]> stop(Caller caller, IdempotentRequest request, @PathVariable AgentId id) {
        caller.require(Scope.AGENTS_WRITE);
        return commands.run(request, agents.stop(caller, id), agent -> {
            if (agent.isEmpty()) {
                throw noSuchAgent(id);
            }
            return ResponseEntity.noContent().build();
        });
    }

    @PostMapping("/{id}/messages")
    ResponseEntity<byte[]> write(
            Caller caller, IdempotentRequest request, @PathVariable AgentId id, @RequestBody NewMessage body) {
        caller.require(Scope.MESSAGES_WRITE);
        boolean person = caller instanceof Caller.Member;
        NewMessage message = body.withDefaults(person ? AgentMessage.Role.OPERATOR : AgentMessage.Role.AGENT);
        if (person != (message.role().orElseThrow() == AgentMessage.Role.OPERATOR)) {
            throw new ProblemException(
                    ErrorCode.FORBIDDEN,
                    "Members write messages of role operator, and keys those of role agent, tool or system.");
        }
        return commands.run(
                request, transaction -> messages.write(transaction, caller, id, message), result -> answer(id, result));
    }

    private static ResponseEntity<?> answer(AgentId agentId, AgentMessages.Result result) {
        return switch (result) {
            case AgentMessages.Result.Written(AgentMessage written) ->
                ResponseEntity.status(HttpStatus.CREATED).body(written);
            case AgentMessages.Result.Unchanged(AgentMessage message) -> ResponseEntity.ok(message);
            case AgentMessages.Result.Finished(AgentMessage finished) ->
                throw new ProblemException(
                        ErrorCode.CONFLICT, "Message " + finished.id() + " is final; write a new one instead.");
            case AgentMessages.Result.NoSuchAgent _ -> throw noSuchAgent(agentId);
            case AgentMessages.Result.NoSuchMessage _ ->
                throw new ProblemException(
                        ErrorCode.NOT_FOUND,
                        "There is no such message of this agent; leave id out to write a new one.");
        };
    }

    /** {@code append} continues the text of the message. */
    record MessageDelta(String append) {
        private static final int MOST = 4_000;

        MessageDelta(@Nullable String append) {
            this.append = Fields.required("append", append);
            Fields.check(!this.append.isEmpty(), "append", "must have 1 to " + MOST + " characters");
            Fields.optionalText("append", Optional.of(this.append), MOST);
        }
    }

    /**
     * Sends the delta to the sockets that are connected now; it is not stored. The final message carries the whole
     * text.
     */
    @PostMapping("/{id}/messages/{messageId}/deltas")
    ResponseEntity<Void> delta(
            Caller caller,
            IdempotentRequest request,
            @PathVariable AgentId id,
            @PathVariable String messageId,
            @RequestBody MessageDelta body) {
        caller.require(Scope.MESSAGES_WRITE);
        MessageDeltas.Key key = new MessageDeltas.Key(caller.workspace(), id, messageId);
        return switch (streaming.append(caller, key, request.key(), body.append)) {
            case StreamingMessages.Result.Taken _ -> ResponseEntity.accepted().build();
            case StreamingMessages.Result.Repeated _ ->
                ResponseEntity.accepted().header("Idempotency-Replayed", "true").build();
            case StreamingMessages.Result.Finished _ ->
                throw new ProblemException(
                        ErrorCode.CONFLICT, "Message " + messageId + " is final; write a new one instead.");
            case StreamingMessages.Result.NoSuchMessage _ ->
                throw new ProblemException(
                        ErrorCode.NOT_FOUND,
                        "There is no such message of this agent; write one with state streaming first.");
            case StreamingMessages.Result.NotTheWriter _ ->
                throw new ProblemException(
                        ErrorCode.FORBIDDEN,
                        "Members write messages of role operator, and keys those of role agent, tool or system.");
            case StreamingMessages.Result.TooMany(ConcurrencyLimiter.Limit limit) ->
                throw new ProblemException(
                        ErrorCode.TOO_MANY_REQUESTS,
                        limit + " messages that stream at the same time; end some, or write the whole message",
                        Map.of(ProblemException.RETRY_AFTER_SECONDS, 5));
        };
    }

    @GetMapping("/{id}/messages")
    ResponseEntity<Listing<AgentMessage>> messages(
            Caller caller,
            @PathVariable AgentId id,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor) {
        caller.require(Scope.READ);
        Paging paging = Paging.of(limit, cursor, "messages", caller.workspace().value(), id.value());
        OptionalLong before = seq(paging.after());
        return log.read(caller.workspace(), snapshot -> {
            if (store.find(Sql.in(snapshot), caller.workspace(), id).isEmpty()) {
                throw noSuchAgent(id);
            }
            return paging.respond(
                    messageStore.page(Sql.in(snapshot), caller.workspace(), id, before, paging.limit()),
                    message -> String.valueOf(message.seq()),
                    snapshot.asOf());
        });
    }

    private static OptionalLong seq(Optional<String> after) {
        try {
            return after.isPresent() ? OptionalLong.of(Long.parseLong(after.get())) : OptionalLong.empty();
        } catch (NumberFormatException _) {
            throw new ProblemException(ErrorCode.CURSOR_INVALID, "The cursor is not one of this list.");
        }
    }

    private static ProblemException noSuchAgent(AgentId id) {
        return new ProblemException(ErrorCode.NOT_FOUND, "There is no agent " + id + " in this workspace.");
    }
}
