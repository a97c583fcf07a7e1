package io.heliograph.socketio;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A WebSocket client without a socket, on a clock that stands still: sends and receives Engine.IO packets. */
final class Peer implements AutoCloseable {

    private final EmbeddedChannel channel;
    private final Optional<ManualLoop> loop;
    private final ByteArrayOutputStream unread = new ByteArrayOutputStream();

    /** On a loop of its own. */
    Peer(SocketIoServer server) {
        this(server, Optional.empty());
    }

    /** On the loop that the server was given for its sessions; without one, on a loop of its own. */
    Peer(SocketIoServer server, Optional<ManualLoop> loop) {
        this.loop = loop;
        channel = new EmbeddedChannel(new HttpServerCodec(), server.newChannelHandler());
        channel.freezeTime();
        write("""
                GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r
                Host: example.org\r
                Upgrade: websocket\r
                Connection: Upgrade\r
                Sec-WebSocket-Version: 13\r
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                \r
                """.getBytes(ISO_8859_1));
        pull();
        String head = unread.toString(ISO_8859_1);
        byte[] rest = head.substring(head.indexOf("\r\n\r\n") + 4).getBytes(ISO_8859_1);
        unread.reset();
        unread.writeBytes(rest);
    }

    /** A Socket.IO packet in text. */
    Peer send(String packet) {
        return text(("4" + packet).getBytes(UTF_8));
    }

    /** A text frame with these bytes, whatever they are. */
    Peer text(byte[] payload) {
        return frame(1, payload);
    }

    /** A Socket.IO packet in text, given as its bytes. */
    Peer sendText(byte[] bytes) {
        byte[] packet = new byte[bytes.length + 1];
        packet[0] = '4';
        System.arraycopy(bytes, 0, packet, 1, bytes.length);
        return frame(1, packet);
    }

    /** An attachment, or a MessagePack packet. */
    Peer send(byte[] binary) {
        return frame(2, binary);
    }

    Peer pong() {
        return frame(1, new byte[] {'3'});
    }

    /** The Socket.IO packets in text that came since the last call; binary ones as their length. */
    List<String> received() {
        pull();
        byte[] bytes = unread.toByteArray();
        unread.reset();
        List<String> packets = new ArrayList<>();
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        while (in.isReadable()) {
            int opcode = in.readByte() & 0x0F;
            int length = in.readByte() & 0x7F;
            length = length == 126 ? in.readUnsignedShort() : length == 127 ? (int) in.readLong() : length;
            String payload = in.readCharSequence(length, UTF_8).toString();
            if (opcode == 1 && payload.startsWith("4")) {
                packets.add(payload.substring(1));
            } else if (opcode == 2) {
                packets.add("binary " + length);
            }
        }
        in.release();
        return packets;
    }

    /** Lets time pass in steps that a timer wheel can follow, and answers pings if asked to. */
    void live(Duration duration, boolean pongs) {
        for (long i = 0; i < duration.toMillis() / 20; i++) {
            channel.advanceTimeBy(20, TimeUnit.MILLISECONDS);
            channel.runScheduledPendingTasks();
            loop.ifPresent(shared -> shared.advance(Duration.ofMillis(20)));
            channel.runPendingTasks();
            if (pongs && i % 1000 == 0 && channel.isOpen()) {
                pong();
            }
        }
    }

    boolean open() {
        return channel.isOpen();
    }

    /** Whether the server takes input of this peer. */
    boolean reading() {
        return channel.config().isAutoRead();
    }

    /** Whether the transport would take more now. */
    void writable(boolean writable) {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, writable);
        runTasks();
    }

    /** Runs what other threads have asked of this peer's loop. */
    void runTasks() {
        loop.ifPresent(ManualLoop::run);
        channel.runPendingTasks();
    }

    @Override
    public void close() {
        channel.finishAndReleaseAll();
        runTasks();
    }

    private Peer frame(int opcode, byte[] payload) {
        ByteBuf frame = Unpooled.buffer();
        frame.writeByte(0x80 | opcode);
        if (payload.length < 126) {
            frame.writeByte(0x80 | payload.length);
        } else if (payload.length < 65_536) {
            frame.writeByte(0x80 | 126).writeShort(payload.length);
        } else {
            frame.writeByte(0x80 | 127).writeLong(payload.length);
        }
        // A mask of zeros changes nothing.
        frame.writeInt(0).writeBytes(payload);
        channel.writeInbound(frame);
        runTasks();
        return this;
    }

    private void write(byte[] bytes) {
        channel.writeInbound(Unpooled.wrappedBuffer(bytes));
    }

    private void pull() {
        runTasks();
        ByteBuf next;
        while ((next = channel.readOutbound()) != null) {
            byte[] bytes = new byte[next.readableBytes()];
            next.readBytes(bytes);
            next.release();
            unread.writeBytes(bytes);
        }
    }
}
