package io.heliograph.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Gson;
import io.heliograph.engineio.EngineIoSettings;
import io.heliograph.engineio.ListeningServer;
import io.heliograph.engineio.OriginPolicy;
import io.heliograph.socketio.Adapter;
import io.heliograph.socketio.Callbacks;
import io.heliograph.socketio.ConnectError;
import io.heliograph.socketio.InMemoryRecovery;
import io.heliograph.socketio.JsonCodec;
import io.heliograph.socketio.Parser;
import io.heliograph.socketio.ParserLimits;
import io.heliograph.socketio.SocketIoMetrics;
import io.heliograph.socketio.SocketIoServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import java.lang.reflect.Type;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/** Each part between {@code // example} and {@code // end} is a code block of the README; ReadmeIT compares and runs them. */
public final class Examples {

    private Examples() {}

    public static ListeningServer standAlone(int port) {
        // example: stand-alone
        SocketIoServer io = SocketIoServer.builder().build();
        io.onConnection(socket -> {
            socket.join("lobby");
            socket.on("say", String.class, (text, ack) -> {
                io.to("lobby").emit("said", socket.id(), text);
                ack.send("ok");
            });
        });
        ListeningServer server = io.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        // end
        return server;
    }

    public static Channel pipeline(SocketIoServer io, EventLoopGroup group, ChannelHandler yourHandler, int port) {
        // example: pipeline
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        // Keeps what is under /socket.io/, and passes all else on to your handlers.
                        channel.pipeline().addLast(new HttpServerCodec(), io.newChannelHandler(), yourHandler);
                    }
                });
        // end
        return bootstrap
                .bind(InetAddress.getLoopbackAddress(), port)
                .syncUninterruptibly()
                .channel();
    }

    public static void rooms(SocketIoServer io) {
        // example: rooms
        io.of("/rooms").onConnection(socket -> {
            socket.on("join", String.class, (room, ack) -> {
                socket.join(room);
                ack.send(socket.rooms());
            });
            socket.on("tell", (arguments, ack) -> {
                String room = arguments.get(0, String.class);
                // Everyone who is in the room or in "staff", once each; but not those in "muted", and not this socket.
                socket.to(room, "staff").except("muted").emit("told", arguments.get(1));
            });
        });
        // end
    }

    public static void middleware(SocketIoServer io) {
        // example: middleware
        io.of("/private").use((socket, next) -> {
            if (socket.auth().path("token").asString("").equals("secret")) {
                socket.data("ann");
                next.proceed();
            } else {
                next.reject(ConnectError.of("who are you?", Map.of("code", "token_missing")));
            }
        });
        io.of("/private").onConnection(socket -> {
            socket.use((event, arguments, next) -> {
                if (event.equals("forbidden")) {
                    next.reject(ConnectError.of(
                            "not for " + socket.data(String.class).orElse("you")));
                } else {
                    next.proceed();
                }
            });
            socket.on(
                    "whoami",
                    (arguments, ack) -> ack.send(socket.data(String.class).orElse("nobody")));
            socket.onError(error -> socket.emit("refused", error.message()));
        });
        // end
    }

    public static void acks(SocketIoServer io) {
        // example: acks
        io.of("/acks")
                .onConnection(socket -> socket.on(
                        "start",
                        (arguments, ack) -> socket.timeout(Duration.ofMillis(200))
                                .emitWithAck("ready?")
                                .whenComplete((answer, late) -> {
                                    if (late != null) {
                                        ack.send("no answer: " + late.getMessage());
                                    } else {
                                        ack.send("the client says " + answer.get(0, String.class));
                                    }
                                })));
        // end
    }

    // example: records
    record Move(String piece, int x, int y) {
        Move {
            if (x < 0 || x > 7 || y < 0 || y > 7) {
                throw new IllegalArgumentException("off the board");
            }
        }
    }

    static void chess(SocketIoServer io) {
        io.of("/chess").onConnection(socket -> {
            // emit("move", {piece: "knight", x: 2, y: 5}): the first argument is the record.
            socket.on("move", Move.class, (move, ack) -> {
                socket.broadcast().emit("moved", move);
                ack.send(move.piece() + " to " + move.x() + "," + move.y());
            });
            // emit("step", "knight", 2, 5): the arguments are the record's components.
            socket.onRecord("step", Move.class, (move, ack) -> ack.send(move));
            // emit("jump", "knight", 2): up to three arguments, each with its type.
            socket.on("jump", String.class, Integer.class, (piece, squares, ack) -> ack.send(piece + " by " + squares));
        });
    }
    // A payload that does not fit is answered {"error": {"code": "invalid_payload", "message": …}}, and goes no
    // further.
    // end

    public static void records(SocketIoServer io) {
        chess(io);
    }

    public static SocketIoServer dynamic(EngineIoSettings settings) {
        // example: dynamic
        SocketIoServer io = SocketIoServer.builder()
                .engine(settings)
                .cleanUpEmptyNamespaces(true) // a child goes with its last socket
                .build();
        io.of(Pattern.compile("/tenant-\\d+")).onConnection(socket -> {
            socket.emit("welcome", socket.namespace().name());
            socket.on("all", (arguments, ack) -> ack.send(io.namespaces().keySet()));
        });
        // end
        return io;
    }

    public static SocketIoServer recovery(EngineIoSettings settings) {
        // example: recovery
        SocketIoServer io = SocketIoServer.builder()
                .engine(settings)
                .recovery(new InMemoryRecovery(Clock.systemUTC())) // or your own Recovery, on a durable log
                .build();
        io.of("/").onConnection(socket -> {
            if (!socket.recovered()) {
                socket.join("news"); // a recovered socket has its id, its rooms and what it missed already
            }
        });
        // end
        io.of("/").onConnection(socket -> {
            socket.on("publish", (arguments, ack) -> io.of("/").to("news").emit("news", arguments.get(0)));
            socket.on("drop", (arguments, ack) -> socket.closeConnection());
        });
        return io;
    }

    public static SocketIoServer messagePack(EngineIoSettings settings) {
        // example: message-pack
        SocketIoServer io = SocketIoServer.builder()
                .engine(settings)
                .parser(Parser.messagePack(ParserLimits.defaults()))
                .build();
        io.of("/").onConnection(socket -> socket.on("echo", (arguments, ack) -> ack.send(arguments.get(0))));
        // end
        return io;
    }

    public static SocketIoServer settings() {
        // example: settings
        SocketIoServer io = SocketIoServer.builder()
                .engine(EngineIoSettings.builder()
                        .path("/socket.io/")
                        .origins(OriginPolicy.allow(Set.of("https://app.example.com")))
                        .maxPayload(100_000)
                        .pingInterval(Duration.ofSeconds(10))
                        .build())
                .build();
        // end
        io.of("/")
                .onConnection(socket -> socket.on(
                        "where",
                        (arguments, ack) -> ack.send(Thread.currentThread().isVirtual())));
        return io;
    }

    public static List<SocketIoServer> callbacks(Executor executor) {
        // example: callbacks
        SocketIoServer.Builder onYourThreads = SocketIoServer.builder().callbacks(Callbacks.on(executor));
        SocketIoServer.Builder onTheEventLoop = SocketIoServer.builder().callbacks(Callbacks.LOOP); // never block there
        // end
        return List.of(onYourThreads.build(), onTheEventLoop.build());
    }

    public static SocketIoServer json(JsonMapper mapper) {
        // example: json
        SocketIoServer io = SocketIoServer.builder()
                .parser(Parser.json(ParserLimits.defaults().with(JsonCodec.jackson(mapper))))
                .build();
        // end
        return io;
    }

    // example: gson
    record GsonCodec(Gson gson) implements JsonCodec {
        @Override
        public Object read(byte[] json, int offset, int length, Type type) {
            return gson.fromJson(new String(json, offset, length, UTF_8), type);
        }

        @Override
        public byte[] write(Object value) {
            return gson.toJson(value).getBytes(UTF_8);
        }
    }
    // end

    public static JsonCodec gson() {
        return new GsonCodec(new Gson());
    }

    public static SocketIoServer metrics(MeterRegistry registry) {
        // example: metrics
        SocketIoMetrics metrics = new SocketIoMetrics();
        SocketIoServer io = SocketIoServer.builder().observer(metrics).build();
        metrics.bindTo(registry);
        // end
        return io;
    }

    public static void close(SocketIoServer io, ListeningServer server) {
        // example: close
        io.emit("going down");
        // Takes no more clients, sends what is queued, ends each session, and cuts what is left after five seconds.
        server.close(Duration.ofSeconds(5));
        // end
    }

    // example: adapter
    /** Connects the servers of one process; yours publishes to Redis, NATS or whatever you have. */
    static final class LocalAdapter implements Adapter {
        private static final List<LocalAdapter> ALL = new CopyOnWriteArrayList<>();
        private volatile Receiver receiver = message -> {};

        @Override
        public void start(Receiver receiver) {
            this.receiver = receiver;
            ALL.add(this);
        }

        @Override
        public void publish(byte[] message) {
            ALL.stream().filter(other -> other != this).forEach(other -> other.receiver.received(message));
        }

        @Override
        public int otherNodes() {
            return ALL.size() - 1;
        }
    }

    static SocketIoServer node(EngineIoSettings settings, String name) {
        SocketIoServer io = SocketIoServer.builder()
                .engine(settings)
                .adapter(new LocalAdapter())
                .build();
        io.of("/")
                .onConnection(socket -> socket.on("say", (arguments, ack) -> {
                    io.of("/").emit("said", arguments.get(0)); // reaches the clients of all nodes
                    io.of("/").serverSideEmit("note", name); // reaches the other servers
                }));
        io.of("/")
                .onServerSideEmit("note", (arguments, ack) -> io.of("/").local().emit("noted", arguments.get(0)));
        return io;
    }
    // end

    public static SocketIoServer clusterNode(EngineIoSettings settings, String name) {
        return node(settings, name);
    }
}
