package io.heliograph.socketio;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The messages between the nodes of a cluster, over an {@link Adapter}.
 *
 * <pre>
 *   {op: emit | ask | fetch | join | leave | disconnect, nsp, rooms, except, …}    for the sockets of a selection
 *   {op: server, nsp, event, data}                                                 for the servers themselves
 *   {op: answer, to, request, …}                                                   to the node that asked
 * </pre>
 *
 * A command that wants answers has {@code from} (the asking node) and {@code request}; each other node answers once.
 *
 * <p>Threading: safe from any thread.
 */
final class Cluster {

    private static final int MAX_DEPTH = 1000;

    private final SocketIoServer server;
    private final Adapter adapter;
    private final Duration timeout;
    private final JsonBinding json;
    private final ObjectMapper mapper;
    private final String node;
    private final Map<String, PendingRequest> pendingRequests = new ConcurrentHashMap<>();

    Cluster(SocketIoServer server, Adapter adapter, Duration timeout) {
        this.server = server;
        this.adapter = adapter;
        this.timeout = timeout;
        this.json = server.parser().json();
        this.mapper = json.mapper();
        this.node = server.newId();
    }

    void start() {
        adapter.start(this::receive);
    }

    /** Requests that still wait for answers. */
    int pendingRequests() {
        return pendingRequests.size();
    }

    void emit(Namespace namespace, Selection selection, Flags flags, String event, List<?> arguments) {
        ObjectNode command = command("emit", namespace, selection);
        command.put("event", event).put("lossy", flags.isVolatile()).put("compress", flags.compress());
        command.set("data", tree(arguments));
        publish(command);
    }

    /** Asks the sockets of all other nodes; completes with their answers, or fails when one of them fails. */
    CompletionStage<List<Arguments>> ask(
            Namespace namespace, Selection selection, Flags flags, String event, List<?> arguments) {
        Duration awaited = flags.timeout().orElse(timeout);
        ObjectNode command = command("ask", namespace, selection);
        command.put("event", event).put("millis", awaited.toMillis());
        command.set("data", tree(arguments));
        return request(command, awaited.plus(timeout))
                .thenApply(answers -> answers.stream()
                        .flatMap(answer -> {
                            if (!answer.path("data").isArray()) {
                                throw AckException.timedOut();
                            }
                            return answer.path("data").valueStream();
                        })
                        .map(this::arguments)
                        .toList());
    }

    CompletionStage<List<RemoteSocket>> fetch(Namespace namespace, Selection selection) {
        return request(command("fetch", namespace, selection), timeout)
                .thenApply(answers -> answers.stream()
                        .flatMap(answer -> answer.path("data").valueStream())
                        .map(socket -> remote(namespace, socket))
                        .toList());
    }

    void change(String op, Namespace namespace, Selection selection, List<String> names, boolean close) {
        ObjectNode command = command(op, namespace, selection);
        command.set("names", tree(names));
        publish(command.put("close", close));
    }

    void serverSideEmit(Namespace namespace, String event, List<?> arguments) {
        publish(serverSide(namespace, event, arguments));
    }

    CompletionStage<List<Arguments>> serverSideEmitWithAck(Namespace namespace, String event, List<?> arguments) {
        return request(serverSide(namespace, event, arguments), timeout)
                .thenApply(answers -> answers.stream()
                        .map(answer -> arguments(answer.path("data")))
                        .toList());
    }

    /** A request, and the answers that have come so far. */
    private static final class PendingRequest extends CompletableFuture<List<JsonNode>> {
        private final int expected;
        // Guarded by this.
        private final List<JsonNode> answers = new ArrayList<>();

        PendingRequest(int expected) {
            this.expected = expected;
        }

        void add(JsonNode answer) {
            boolean all;
            synchronized (this) {
                answers.add(answer);
                all = answers.size() >= expected;
            }
            if (all) {
                complete(List.copyOf(answers));
            }
        }
    }

    private CompletionStage<List<JsonNode>> request(ObjectNode command, Duration awaited) {
        int expected = adapter.otherNodes();
        if (expected == 0) {
            return CompletableFuture.completedFuture(List.of());
        }
        String request = server.newId();
        PendingRequest pending = new PendingRequest(expected);
        pendingRequests.put(request, pending);
        publish(command.put("from", node).put("request", request));
        return pending.orTimeout(awaited.toMillis(), TimeUnit.MILLISECONDS).handle((answers, failure) -> {
            pendingRequests.remove(request);
            if (answers == null) {
                throw AckException.timedOut();
            }
            return answers;
        });
    }

    private void receive(byte[] message) {
        try {
            JsonNode command = MessagePack.read(message, MAX_DEPTH, JsonNodeFactory.instance);
            if (command.path("op").asString("").equals("answer")) {
                if (command.path("to").asString("").equals(node)) {
                    Optional.ofNullable(
                                    pendingRequests.get(command.path("request").asString("")))
                            .ifPresent(pending -> pending.add(command));
                }
            } else {
                Optional<Namespace> namespace =
                        server.namespaceTable().find(command.path("nsp").asString(""));
                namespace.ifPresentOrElse(
                        found -> handleCommand(command, found), () -> answer(command, mapper.createArrayNode()));
            }
        } catch (MessagePack.MalformedException | RuntimeException | Error e) {
            server.observer().callbackFailed("/", "an adapter's message", e);
        }
    }

    private void handleCommand(JsonNode command, Namespace namespace) {
        Selection selection = new Selection(
                java.util.Set.copyOf(strings(command.path("rooms"))),
                java.util.Set.copyOf(strings(command.path("except"))));
        String event = command.path("event").asString("");
        List<JsonNode> data = new ArrayList<>(command.path("data").values());
        Flags flags = Flags.NONE.withLocal();
        switch (command.path("op").asString("")) {
            case "emit" -> {
                flags = command.path("lossy").booleanValue(false) ? flags.withVolatile() : flags;
                namespace
                        .broadcast()
                        .emit(
                                selection,
                                flags.withCompress(command.path("compress").booleanValue(true)),
                                event,
                                data);
            }
            case "ask" -> {
                Duration awaited = Duration.ofMillis(command.path("millis").longValue());
                namespace
                        .broadcast()
                        .emitWithAck(selection, flags.withTimeout(awaited), event, data)
                        .whenComplete((answers, failure) ->
                                answer(command, answers == null ? mapper.nullNode() : trees(answers)));
            }
            case "fetch" ->
                namespace
                        .broadcast()
                        .fetch(selection, flags)
                        .thenAccept(sockets -> answer(command, described(sockets)));
            case "join" -> namespace.broadcast().join(selection, flags, strings(command.path("names")));
            case "leave" -> namespace.broadcast().leave(selection, flags, strings(command.path("names")));
            case "disconnect" ->
                namespace
                        .broadcast()
                        .disconnect(selection, flags, command.path("close").booleanValue(false));
            case "server" ->
                namespace.serverSideEvents().receive(event, Arguments.ofNodes(json, data), new ServerAck(command));
            default ->
                throw new IllegalArgumentException(
                        "unknown op in a message of another node; all nodes must run the same version");
        }
    }

    /** Sends an answer if the command is a request. */
    private void answer(JsonNode command, JsonNode data) {
        if (command.has("request")) {
            ObjectNode answer = mapper.createObjectNode();
            answer.put("op", "answer");
            answer.set("to", command.path("from"));
            answer.set("request", command.path("request"));
            answer.set("data", data);
            publish(answer);
        }
    }

    private void publish(ObjectNode message) {
        adapter.publish(MessagePack.write(message));
    }

    private ObjectNode command(String op, Namespace namespace, Selection selection) {
        ObjectNode command = mapper.createObjectNode();
        command.put("op", op).put("nsp", namespace.name());
        command.set("rooms", tree(List.copyOf(selection.rooms())));
        command.set("except", tree(List.copyOf(selection.except())));
        return command;
    }

    private ObjectNode serverSide(Namespace namespace, String event, List<?> arguments) {
        ObjectNode command = command("server", namespace, Selection.EVERYONE);
        command.put("event", event).set("data", tree(arguments));
        return command;
    }

    private ArrayNode tree(List<?> values) {
        ArrayNode tree = mapper.createArrayNode();
        for (Object value : values) {
            tree.add(json.tree(value));
        }
        return tree;
    }

    private ArrayNode trees(List<Arguments> all) {
        ArrayNode trees = mapper.createArrayNode();
        for (Arguments arguments : all) {
            ArrayNode one = trees.addArray();
            for (int i = 0; i < arguments.size(); i++) {
                one.add(arguments.get(i));
            }
        }
        return trees;
    }

    private ArrayNode described(List<RemoteSocket> sockets) {
        ArrayNode described = mapper.createArrayNode();
        for (RemoteSocket socket : sockets) {
            ObjectNode one = described.addObject();
            one.put("id", socket.id());
            one.set("rooms", tree(List.copyOf(socket.rooms())));
            socket.data().ifPresent(data -> one.set("data", json.tree(data)));
        }
        return described;
    }

    private static RemoteSocket remote(Namespace namespace, JsonNode socket) {
        JsonNode data = socket.path("data");
        return new RemoteSocket(
                namespace,
                socket.path("id").asString(""),
                java.util.Set.copyOf(strings(socket.path("rooms"))),
                data.isMissingNode() ? Optional.empty() : Optional.of(data));
    }

    private Arguments arguments(JsonNode array) {
        return Arguments.ofNodes(json, new ArrayList<>(array.values()));
    }

    private static List<String> strings(JsonNode array) {
        try (Stream<JsonNode> values = array.valueStream()) {
            return values.map(value -> value.asString("")).toList();
        }
    }

    /** Answers a server-side event, when the other node waits for that. */
    private final class ServerAck implements Ack {
        private final JsonNode command;
        private final AtomicBoolean sent = new AtomicBoolean();

        ServerAck(JsonNode command) {
            this.command = command;
        }

        @Override
        public boolean requested() {
            return command.has("request");
        }

        @Override
        public void send(Object... arguments) {
            if (requested() && sent.compareAndSet(false, true)) {
                answer(command, tree(java.util.Arrays.asList(arguments)));
            }
        }
    }
}
