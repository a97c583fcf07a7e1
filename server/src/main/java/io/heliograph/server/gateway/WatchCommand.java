package io.heliograph.server.gateway;

import io.heliograph.gateway.ClientSocket;
import io.heliograph.gateway.CommandRejectedException;
import io.heliograph.gateway.GatewayError;
import io.heliograph.gateway.GatewayObserver;
import io.heliograph.gateway.InvalidMessageException;
import io.heliograph.gateway.Limit;
import io.heliograph.gateway.SocketCommand;
import io.heliograph.server.errors.Fields;
import io.heliograph.server.errors.InvalidFieldException;
import io.heliograph.server.json.JsonFault;
import io.heliograph.server.json.RequestJson;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * {@code topics:watch {agents}}: limits a socket to the messages of some agents, or removes the limit. Immutable.
 *
 * @param maxWatched topics of one socket
 */
record WatchCommand(int maxWatched, GatewayObserver observer) implements SocketCommand {
    static final String NAME = "topics:watch";
    private static final int MAX_ID = 64;

    /** {@code agents} is a list of ids, or the text "all". */
    record Watch(JsonNode agents) {
        Watch(@Nullable JsonNode agents) {
            this.agents = Fields.required("agents", agents);
            Fields.check(everything() || this.agents.isArray(), "agents", "must be a list of ids, or the text \"all\"");
            for (int index = 0; index < this.agents.size(); index++) {
                String field = "agents[" + index + "]";
                Fields.check(this.agents.get(index).isString(), field, "must be a text");
                Fields.text(field, this.agents.get(index).asString(), MAX_ID);
            }
        }

        boolean everything() {
            return agents.isString() && agents.asString().equals("all");
        }

        Set<String> topics() {
            Set<String> topics = new LinkedHashSet<>();
            agents.valueStream().forEach(id -> topics.add(id.asString()));
            return topics;
        }
    }

    @Override
    public Map<String, Object> run(ClientSocket socket, JsonNode argument) {
        Watch request = read(argument);
        if (request.everything()) {
            socket.watch(Optional.empty());
            return Map.of("ok", true, "watching", 0, "all", true);
        }
        int count = request.agents().size();
        if (count > maxWatched) {
            observer.limitMet(Limit.MAX_WATCHED_TOPICS);
            throw new CommandRejectedException(
                    GatewayError.INVALID_REQUEST.code(),
                    "A socket watches at most " + maxWatched + " agents (" + Limit.MAX_WATCHED_TOPICS.setting()
                            + "), not " + count);
        }
        Set<String> topics = request.topics();
        socket.watch(Optional.of(topics));
        return Map.of("ok", true, "watching", topics.size());
    }

    private static Watch read(JsonNode argument) {
        try {
            return RequestJson.read(argument, Watch.class);
        } catch (InvalidFieldException invalid) {
            throw invalid(JsonFault.of(invalid));
        } catch (JacksonException failure) {
            throw invalid(JsonFault.of(failure));
        }
    }

    private static InvalidMessageException invalid(JsonFault fault) {
        return new InvalidMessageException(fault.field(), fault.detail());
    }
}
