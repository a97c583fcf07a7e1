package io.heliograph.bench;

import io.heliograph.socketio.Namespace;
import io.heliograph.socketio.SocketIoServer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A broadcast to ten thousand sockets, up to Netty's system call. Time and allocation are per delivery: the cost of one
 * publish (encoding, joining) is divided by ten thousand.
 */
@State(Scope.Benchmark)
@Fork(jvmArgsAppend = {LoopThreads.EXECUTOR, LoopThreads.EXECUTOR_CLASS, BroadcastBenchmark.NO_SAMPLING})
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class BroadcastBenchmark {
    static final int SOCKETS = 10_000;
    /** Netty's leak detector follows one buffer in 128 and writes down a stack trace of each: 8 to 16 bytes a delivery. */
    static final String NO_SAMPLING = "-Dio.netty.leakDetection.level=disabled";

    private static final int BATCH = 8;

    private final String text = new String(Payload.encode(0, 0, 0), StandardCharsets.US_ASCII);
    private final SocketIoServer server = EmbeddedRoom.server();
    private final Namespace main = server.of("/");
    private EmbeddedRoom room = new EmbeddedRoom(server, 0);

    /** Connects the sockets. */
    @Setup
    public void connect() {
        connect(SOCKETS);
    }

    void connect(int sockets) {
        main.onConnection(socket -> socket.join("room"));
        room = new EmbeddedRoom(server, sockets);
        long before = room.bytes();
        one();
        if (room.bytes() - before < sockets * (long) Payload.LENGTH) {
            throw new IllegalStateException("not every socket got the publish");
        }
    }

    @TearDown(Level.Trial)
    public void disconnect() {
        room.close();
    }

    /** One publish in one loop iteration: one write for each socket. */
    @Benchmark
    @OperationsPerInvocation(SOCKETS)
    public long one() {
        main.to("room").emit("tick", text);
        room.turn();
        return room.writes();
    }

    /** Eight publishes in one loop iteration: still one write for each socket. */
    @Benchmark
    @OperationsPerInvocation(SOCKETS * BATCH)
    public long eightSharingAWrite() {
        for (int i = 0; i < BATCH; i++) {
            main.to("room").emit("tick", text);
        }
        room.turn();
        return room.writes();
    }
}
