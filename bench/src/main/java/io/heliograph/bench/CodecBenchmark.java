package io.heliograph.bench;

import io.heliograph.engineio.Message;
import io.heliograph.socketio.Namespace;
import io.heliograph.socketio.PreparedEvent;
import io.heliograph.socketio.SocketIoServer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Frames and packets of a 200-byte event, in and out, through the public interface. */
@State(Scope.Benchmark)
@Fork(jvmArgsAppend = {LoopThreads.EXECUTOR, LoopThreads.EXECUTOR_CLASS})
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CodecBenchmark {
    private static final int FRAMES = 64;

    private final byte[] payload = Payload.encode(0, 0, 0);
    private final String text = new String(payload, StandardCharsets.US_ASCII);
    private final byte[] json = ('"' + text + '"').getBytes(StandardCharsets.US_ASCII);
    private final SocketIoServer server = EmbeddedRoom.server();
    private final Namespace main = server.of("/");
    private final ByteBuf frames = Unpooled.directBuffer();
    private EmbeddedRoom room = new EmbeddedRoom(server, 0);
    private long received;

    /** Connects one client that sends {@value #FRAMES} events with each read. */
    @Setup
    public void connect() {
        main.onConnection(socket -> socket.on("publish", (arguments, ack) -> received += arguments.size()));
        room = new EmbeddedRoom(server, 1);
        for (int i = 0; i < FRAMES; i++) {
            ByteBuf frame = ClientFrames.publish(frames.alloc(), payload);
            frames.writeBytes(frame);
            frame.release();
        }
        if (decodeFrameAndPacket() != FRAMES) {
            throw new IllegalStateException("not every event came through");
        }
    }

    /** A masked frame to a listener: unmask, check UTF-8, decode the packet, dispatch. Per event. */
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public long decodeFrameAndPacket() {
        room.receive(0, frames.retainedDuplicate());
        return received;
    }

    /** The same argument as a string that is written as JSON. */
    @Benchmark
    public PreparedEvent encodePacketAndFrame() {
        return main.prepare("tick", text);
    }

    /** An argument that is JSON already, and a cursor behind it. */
    @Benchmark
    public PreparedEvent encodeReadyJson() {
        return main.prepare("tick", json, "k3.812");
    }

    /** The frame alone. */
    @Benchmark
    public Message encodeFrame() {
        return Message.text(json);
    }
}
