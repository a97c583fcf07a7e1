package io.heliograph.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A Socket.IO client over a WebSocket without a socket. It keeps what a stock client keeps: its pid, and the last string
 * argument of an event as its offset. For one thread.
 */
final class Peer {
    private static final int CLOSE_FRAME = 8;
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern EVENT = Pattern.compile("2(\\[.*)", Pattern.DOTALL);
    private static final Pattern ACK = Pattern.compile("3(\\d+)(\\[.*)", Pattern.DOTALL);

    private final GatewayWorld world;
    private final Network network = new Network();
    private final EmbeddedChannel channel;
    private final ByteArrayOutputStream unread = new ByteArrayOutputStream();
    private final List<JsonNode> events = new ArrayList<>();
    private final List<JsonNode> acks = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();
    private final List<String> pids = new ArrayList<>();
    private String handshake = "";
    private String offset = "";
    private boolean disconnected;

    Peer(GatewayWorld world, ChannelHandler handler) {
        this.world = world;
        channel = new EmbeddedChannel(network, new HttpServerCodec(), handler);
        channel.freezeTime();
        channel.writeInbound(Unpooled.wrappedBuffer("""
                GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r
                Host: example.org\r
                Upgrade: websocket\r
                Connection: Upgrade\r
                Sec-WebSocket-Version: 13\r
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                \r
                """.getBytes(ISO_8859_1)));
    }

    // --- what it sends -----------------------------------------------------------------------------------------------

    /** CONNECT, without waiting for what follows from it. */
    Peer ask(String auth) {
        return write("0" + auth);
    }

    /** CONNECT with a token, and all that follows from it. */
    Peer connect(String token) {
        ask("{\"token\":\"" + token + "\"}");
        world.settle();
        return this;
    }

    /** CONNECT with the cursor of a list. */
    Peer connect(String token, String cursor) {
        ask("{\"token\":\"" + token + "\",\"cursor\":\"" + cursor + "\"}");
        world.settle();
        return this;
    }

    /** CONNECT as a stock client that was connected before. */
    Peer resume(String token, String pid, String offset) {
        askToResume(token, pid, offset);
        world.settle();
        return this;
    }

    Peer askToResume(String token, String pid, String offset) {
        return ask("{\"token\":\"" + token + "\",\"pid\":\"" + pid + "\""
                + (offset.isEmpty() ? "" : ",\"offset\":\"" + offset + "\"") + "}");
    }

    /** An event with an ack, and all that follows from it. */
    Peer emit(int ackId, String event, String argument) {
        return packet("2" + ackId + "[\"" + event + "\"," + argument + "]");
    }

    /** A Socket.IO packet, and all that follows from it. */
    Peer packet(String packet) {
        write(packet);
        world.settle();
        return this;
    }

    private Peer write(String packet) {
        byte[] payload = ("4" + packet).getBytes(UTF_8);
        ByteBuf frame = Unpooled.buffer();
        frame.writeByte(0x81);
        if (payload.length < 126) {
            frame.writeByte(0x80 | payload.length);
        } else {
            frame.writeByte(0x80 | 126).writeShort(payload.length);
        }
        // A mask of zeros changes nothing.
        frame.writeInt(0).writeBytes(payload);
        channel.writeInbound(frame);
        world.runLoops();
        return this;
    }

    /** The connection is lost, and all that follows from it. */
    void leave() {
        lose();
        world.settle();
    }

    /** The connection is lost. */
    void lose() {
        var _ = channel.close();
        world.runLoops();
    }

    /** Whether the network takes what is sent to this peer. */
    void reads(boolean reading) {
        stall(!reading);
        world.settle();
    }

    void stall(boolean stalled) {
        network.stalled = stalled;
        if (channel.isOpen()) {
            channel.unsafe().outboundBuffer().setUserDefinedWritability(1, !stalled);
            channel.flush();
        }
    }

    // --- what it has received ----------------------------------------------------------------------------------------

    /** The names of the events since the last call, without the {@code test:} of the log's. */
    List<String> events() {
        List<String> names = events.stream().map(Peer::name).toList();
        events.clear();
        return names;
    }

    /** The only event since the last call, as an array of name and arguments. */
    JsonNode event() {
        if (events.size() != 1) {
            throw new AssertionError("expected one event, got " + events);
        }
        return events.removeFirst();
    }

    /** The answer to the last event with an ack. */
    JsonNode ack() {
        return acks.removeLast();
    }

    static JsonNode json(String json) {
        return JSON.readTree(json);
    }

    int acks() {
        return acks.size();
    }

    /** Why CONNECT was refused; it fails when it was not. */
    JsonNode refusal() {
        return JSON.readTree(refusals.removeLast());
    }

    boolean refused() {
        return !refusals.isEmpty();
    }

    boolean connected() {
        return !pids.isEmpty() && !disconnected && open();
    }

    /** Whether the server sent DISCONNECT. */
    boolean disconnected() {
        return disconnected;
    }

    boolean open() {
        return channel.isOpen();
    }

    /** The first line of the answer to the handshake, and its body. */
    String handshake() {
        return handshake;
    }

    /** What the last CONNECT was answered with. */
    String pid() {
        return pids.isEmpty() ? "" : pids.getLast();
    }

    /** The last string argument of an event; empty when there was none. */
    String offset() {
        return offset;
    }

    // --- loops -------------------------------------------------------------------------------------------------------

    /** Runs the tasks of this peer's connection and takes what was written to it. */
    void run() {
        channel.runPendingTasks();
        ByteBuf next;
        while ((next = channel.readOutbound()) != null) {
            byte[] bytes = new byte[next.readableBytes()];
            next.readBytes(bytes);
            next.release();
            unread.writeBytes(bytes);
        }
        takePackets();
    }

    void advance(long nanos) {
        channel.advanceTimeBy(nanos, TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
    }

    void close() {
        channel.finishAndReleaseAll();
    }

    private void takePackets() {
        ByteBuf in = Unpooled.wrappedBuffer(unread.toByteArray());
        unread.reset();
        if (handshake.isEmpty() && in.isReadable()) {
            String head = in.toString(ISO_8859_1);
            int end = head.indexOf("\r\n\r\n") + 4;
            boolean upgraded = head.startsWith("HTTP/1.1 101");
            handshake = head.substring(0, head.indexOf("\r\n")) + (upgraded ? "" : " " + head.substring(end));
            in.skipBytes(upgraded ? end : in.readableBytes());
        }
        while (in.isReadable()) {
            int opcode = in.readByte() & 0x0F;
            int length = in.readByte() & 0x7F;
            length = length == 126 ? in.readUnsignedShort() : length == 127 ? (int) in.readLong() : length;
            String payload = in.readCharSequence(length, UTF_8).toString();
            if (opcode == 1 && payload.startsWith("4")) {
                take(payload.substring(1));
            } else if (opcode == CLOSE_FRAME) {
                var _ = channel.close();
            }
        }
        in.release();
    }

    private void take(String packet) {
        Matcher event = EVENT.matcher(packet);
        Matcher ack = ACK.matcher(packet);
        if (event.matches()) {
            JsonNode received = JSON.readTree(event.group(1));
            events.add(received);
            if (received.get(received.size() - 1).isString() && received.size() > 1) {
                offset = received.get(received.size() - 1).asString();
            }
        } else if (ack.matches()) {
            acks.add(JSON.readTree(ack.group(2)).get(0));
        } else if (packet.startsWith("0")) {
            pids.add(JSON.readTree(packet.substring(1)).path("pid").asString(""));
            disconnected = false;
        } else if (packet.startsWith("4")) {
            refusals.add(packet.substring(1));
        } else if (packet.startsWith("1")) {
            disconnected = true;
        }
    }

    /** Holds back what is written while it is stalled. */
    private static final class Network extends ChannelOutboundHandlerAdapter {
        private boolean stalled;

        @Override
        public void flush(ChannelHandlerContext context) {
            if (!stalled) {
                context.flush();
            }
        }
    }

    private static String name(JsonNode event) {
        String name = event.get(0).asString();
        return name.startsWith("test:") ? name.substring("test:".length()) : name;
    }
}
