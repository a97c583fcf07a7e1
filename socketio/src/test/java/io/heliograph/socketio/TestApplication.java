package io.heliograph.socketio;

import static org.awaitility.Awaitility.await;

import io.heliograph.engineio.EngineIoSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** What the suites in {@code web/peers} expect of a server. */
final class TestApplication {

    private TestApplication() {}

    static EngineIoSettings.Builder settings() {
        return EngineIoSettings.builder()
                .path("/socket.io/")
                .pingInterval(Duration.ofMillis(300))
                .pingTimeout(Duration.ofSeconds(10));
    }

    static SocketIoServer create(Callbacks callbacks) {
        return install(SocketIoServer.builder()
                .engine(settings().build())
                .callbacks(callbacks)
                .recovery(new Log())
                .build());
    }

    static SocketIoServer install(SocketIoServer io) {
        io.of("/").onConnection(socket -> installMain(io, socket));
        io.of("/chat");
        io.of("/guarded").use((socket, next) -> Thread.startVirtualThread(() -> guard(socket, next)));
        io.of(Pattern.compile("/tenant-\\d+"))
                .onConnection(socket -> socket.on(
                        "where", (arguments, ack) -> ack.send(socket.namespace().name())));
        io.of("/durable");
        return io;
    }

    private static void guard(Socket socket, Next next) {
        if (socket.auth().path("token").asString("").equals("right")) {
            next.proceed();
        } else {
            next.reject(ConnectError.of("not allowed", Collections.singletonMap("code", "token_invalid")));
        }
    }

    private static void installMain(SocketIoServer io, Socket socket) {
        List<JsonNode> pushed = Collections.synchronizedList(new ArrayList<>());
        socket.on("echo", (arguments, ack) -> ack.send((Object) all(arguments)));
        socket.on(
                "ask",
                (arguments, ack) -> socket.timeout(Duration.ofSeconds(5))
                        .emitWithAck("question", arguments.get(0), arguments.get(1))
                        .thenAccept(answer -> socket.emit("answered", answer.get(0))));
        socket.on("count", Integer.class, (count, ack) -> {
            for (int i = 0; i < count; i++) {
                socket.emit("number", i);
            }
        });
        socket.on("push", (arguments, ack) -> pushed.add(arguments.get(0)));
        socket.on("pushed", (arguments, ack) -> ack.send(List.copyOf(pushed)));
        socket.on("join", String.class, (room, ack) -> {
            socket.join(room);
            ack.send();
        });
        socket.on(
                "tell",
                (arguments, ack) ->
                        io.of("/").to(arguments.get(0, String.class)).emit("news", arguments.get(1)));
        socket.on("remember", String.class, (value, ack) -> {
            socket.data(value);
            ack.send();
        });
        socket.on(
                "remembered",
                (arguments, ack) -> ack.send(socket.data(String.class).orElse("nothing")));
        socket.on(
                "untilGone",
                String.class,
                (id, ack) -> Thread.startVirtualThread(() -> {
                    await().until(() -> io.of("/").find(id).isEmpty());
                    ack.send();
                }));
        socket.on("tickNow", Integer.class, (n, ack) -> io.of("/").to("ticks").emit("tick", n));
        socket.on("tickTo", (arguments, ack) -> {
            int from = arguments.get(0, Integer.class);
            int to = arguments.get(1, Integer.class);
            Thread.startVirtualThread(() -> {
                for (int n = from; n <= to; n++) {
                    io.of("/").to("ticks").emit("tick", n);
                    LockSupport.parkNanos(50_000);
                }
            });
        });
        socket.on(
                "sayAndClose",
                Integer.class,
                (count, ack) -> Thread.startVirtualThread(() -> {
                    for (int i = 1; i <= count; i++) {
                        socket.emit("said", i);
                    }
                    socket.closeConnection();
                }));
        socket.on("sayAndSendAway", Integer.class, (count, ack) -> {
            for (int i = 1; i <= count; i++) {
                socket.emit("said", i);
            }
            socket.disconnect(true);
        });
        socket.on("sendAway", (arguments, ack) -> {
            Socket other = io.of("/").find(arguments.get(0, String.class)).orElseThrow();
            for (int i = 1; i <= arguments.get(1, Integer.class); i++) {
                other.emit("said", i);
            }
            other.closeConnection();
            ack.send();
        });
        socket.on("sendMeAway", Boolean.class, (close, ack) -> socket.disconnect(close));
    }

    static List<JsonNode> all(Arguments arguments) {
        List<JsonNode> all = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            all.add(arguments.get(i));
        }
        return all;
    }

    /** A stand-in for a durable log: three events on connecting, the next three on recovering. */
    static final class Log implements Recovery {
        private final ConcurrentHashMap<String, Boolean> pids = new ConcurrentHashMap<>();

        @Override
        public CompletionStage<Outcome> recover(Request request) {
            if (!request.socket().namespace().name().equals("/durable")) {
                return CompletableFuture.completedFuture(Recovery.fresh());
            }
            return CompletableFuture.supplyAsync(() -> request.claim()
                    .filter(claim -> pids.containsKey(claim.pid()))
                    .<Outcome>map(claim ->
                            new Recovered(claim.pid(), java.util.Optional.empty(), s -> replay(s, offset(claim))))
                    .orElseGet(() -> new Fresh(java.util.Optional.empty(), socket -> {
                        pids.put(socket.pid().orElseThrow(), true);
                        replay(socket, 0);
                    })));
        }

        private static int offset(Claim claim) {
            return Integer.parseInt(claim.offset().substring("k3:".length()));
        }

        private static void replay(Socket socket, int after) {
            for (int i = after + 1; i <= after + 3; i++) {
                byte[] json = ("{\"id\":\"evt_" + i + "\",\"big\":" + i + ",\"nested\":{\"list\":[null]}}")
                        .getBytes(StandardCharsets.UTF_8);
                socket.send(socket.namespace().prepare("approval:created", json, "k3:" + i));
            }
        }
    }
}
