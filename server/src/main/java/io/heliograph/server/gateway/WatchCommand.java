package io.heliograph.server.gateway;

import io.heliograph.gateway.ClientSocket;
import io.heliograph.gateway.CommandRejectedException;
import io.heliograph.gateway.GatewayError;
import io.heliograph.gateway.GatewayObserver;
import io.heliograph.gateway.InvalidMessageException;
import io.heliograph.gateway.Limit;
import io.heliograph.gateway.SocketCommand;
import io.heliograph.gateway.TopicFilter;
import io.heliograph.gateway.TopicPatterns;
import io.heliograph.server.errors.Fields;
import io.heliograph.server.errors.InvalidFieldException;
import io.heliograph.server.events.AgentId;
import io.heliograph.server.json.JsonFault;
import io.heliograph.server.json.RequestJson;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * {@code topics:watch {topics?, agents?}}: limits a socket to some topics, or removes the limit. {@code topics} replaces
 * all that it watches; {@code agents} replaces only its topics {@code agents/…}. Immutable.
 *
 * @param maxWatched topics and patterns of one socket
 */
record WatchCommand(int maxWatched, GatewayObserver observer) implements SocketCommand {
    static final String NAME = "topics:watch";
    private static final int MAX_ID = 64;

    /** {@code topics} is a list of topics and patterns, {@code agents} a list of ids; either may be the text "all". */
    record Watch(Optional<JsonNode> topics, Optional<JsonNode> agents) {
        Watch {
            Fields.check(
                    topics.isPresent() || agents.isPresent(),
                    "topics",
                    "is required: a list of topics and patterns, or the text \"all\"");
            topics.ifPresent(list -> check("topics", list, "topics and patterns", Watch::checkPattern));
            agents.ifPresent(list -> check("agents", list, "ids", (field, id) -> Fields.text(field, id, MAX_ID)));
        }

        private static void check(String name, JsonNode list, String items, BiConsumer<String, String> item) {
            Fields.check(isAll(list) || list.isArray(), name, "must be a list of " + items + ", or the text \"all\"");
            for (int index = 0; index < list.size(); index++) {
                String field = name + "[" + index + "]";
                Fields.check(list.get(index).isString(), field, "must be a text");
                item.accept(field, list.get(index).asString());
            }
        }

        private static void checkPattern(String field, String pattern) {
            Fields.check(TopicPatterns.isPattern(pattern), field, TopicPatterns.PATTERN_SHAPE);
        }

        static boolean isAll(JsonNode list) {
            return list.isString() && list.asString().equals("all");
        }

        TopicFilter applyTo(TopicFilter before) {
            TopicFilter filter = before;
            if (topics.isPresent()) {
                filter = filter.with(TopicFilter.OTHERS, patterns(topics.get(), pattern -> !ofAgents(pattern)))
                        .with(AgentId.TOPIC_FAMILY, patterns(topics.get(), Watch::ofAgents));
            }
            return agents.isPresent() ? filter.with(AgentId.TOPIC_FAMILY, agentTopics(agents.get())) : filter;
        }

        private static Optional<TopicPatterns> patterns(JsonNode list, Predicate<String> chosen) {
            return isAll(list)
                    ? Optional.empty()
                    : Optional.of(TopicPatterns.of(list.valueStream()
                            .map(JsonNode::asString)
                            .filter(chosen)
                            .toList()));
        }

        /** An id that no agent can have names no topic. */
        private static Optional<TopicPatterns> agentTopics(JsonNode list) {
            return isAll(list)
                    ? Optional.empty()
                    : Optional.of(TopicPatterns.of(list.valueStream()
                            .map(JsonNode::asString)
                            .filter(AgentId::hasShape)
                            .map(AgentId::topic)
                            .toList()));
        }

        private static boolean ofAgents(String pattern) {
            return pattern.startsWith(AgentId.TOPIC_FAMILY + "/");
        }
    }

    @Override
    public Map<String, Object> run(ClientSocket socket, JsonNode argument) {
        Watch request = read(argument);
        TopicFilter filter = socket.watch(before -> within(request.applyTo(before)));
        return filter.equals(TopicFilter.ALL)
                ? Map.of("ok", true, "watching", 0, "all", true)
                : Map.of("ok", true, "watching", filter.size());
    }

    private TopicFilter within(TopicFilter filter) {
        if (filter.size() > maxWatched) {
            observer.limitMet(Limit.MAX_WATCHED_TOPICS);
            throw new CommandRejectedException(
                    GatewayError.INVALID_REQUEST.code(),
                    "A socket watches at most " + maxWatched + " topics (" + Limit.MAX_WATCHED_TOPICS.setting()
                            + "), not " + filter.size());
        }
        return filter;
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
