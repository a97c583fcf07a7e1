package io.heliograph.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The floor: just enough Socket.IO for the {@link Client}, and nothing between a publish and write(2).
 *
 * <p>Publishes that arrive in one turn of the loop are joined into one buffer, and each socket gets one system call on
 * its descriptor, past Netty's pipeline and outbound buffer. What this costs is the kernel's part of a delivery; a real
 * server cannot be below it. It has no limits and no answer to a bad peer: never use it for anything else.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails shows as a lost connection
final class BareServer {
    private static final String OPEN =
            "0{\"sid\":\"x\",\"upgrades\":[],\"pingInterval\":300000,\"pingTimeout\":200000,\"maxPayload\":1000000}";
    private static final byte[] TICK_START = "42[\"tick\"".getBytes(StandardCharsets.US_ASCII);
    private static final int PUBLISH_START = "42[\"publish\"".length();

    // Owned by the loop.
    private final List<Connection> room = new ArrayList<>();
    private final EventLoop loop;
    private @Nullable ByteBuf pending;

    private BareServer(EventLoop loop) {
        this.loop = loop;
    }

    public static void main(String[] arguments) throws IOException {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try {
            PeerControl.serve(start(group));
        } finally {
            group.shutdownGracefully();
        }
    }

    /** Listens on a free port of 127.0.0.1, which it returns; the group has one loop. */
    static int start(EventLoopGroup group) {
        BareServer server = new BareServer(group.next());
        Channel listening = new ServerBootstrap()
                .group(group)
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 4096)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<EpollSocketChannel>() {
                    @Override
                    protected void initChannel(EpollSocketChannel channel) {
                        channel.pipeline().addLast(server.new Connection(channel));
                    }
                })
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    private void publish(ByteBufAllocator allocator, byte[] packet) {
        if (pending == null) {
            pending = allocator.directBuffer(4096);
            loop.execute(this::flush);
        }
        writeHeader(pending, TICK_START.length + packet.length - PUBLISH_START);
        pending.writeBytes(TICK_START).writeBytes(packet, PUBLISH_START, packet.length - PUBLISH_START);
    }

    private void flush() {
        ByteBuf batch = pending;
        if (batch == null) {
            return;
        }
        pending = null;
        long address = batch.memoryAddress() + batch.readerIndex();
        for (int i = 0; i < room.size(); i++) {
            room.get(i).write(batch, address);
        }
        batch.release();
    }

    private static void writeHeader(ByteBuf frame, int length) {
        frame.writeByte(0x81);
        if (length < 126) {
            frame.writeByte(length);
        } else {
            frame.writeByte(126).writeShort(length);
        }
    }

    private static ByteBuf frame(ByteBufAllocator allocator, String text) {
        byte[] body = text.getBytes(StandardCharsets.US_ASCII);
        ByteBuf frame = allocator.directBuffer(body.length + 4);
        writeHeader(frame, body.length);
        return frame.writeBytes(body);
    }

    private static String accept(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    private final class Connection extends ChannelInboundHandlerAdapter {
        private final EpollSocketChannel channel;
        private boolean upgraded;
        private @Nullable ByteBuf partial;

        Connection(EpollSocketChannel channel) {
            this.channel = channel;
        }

        /** One system call; only what the socket does not take goes through Netty's queue. */
        void write(ByteBuf batch, long address) {
            int length = batch.readableBytes();
            int written = 0;
            if (!queueing()) {
                try {
                    written = Math.max(0, channel.fd().writeAddress(address, 0, length));
                } catch (IOException e) {
                    channel.close();
                    return;
                }
            }
            if (written < length) {
                channel.writeAndFlush(
                        batch.retainedSlice(batch.readerIndex() + written, length - written), channel.voidPromise());
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf buffer = (ByteBuf) message;
            if (partial != null) {
                partial.writeBytes(buffer);
                buffer.release();
                buffer = partial;
                partial = null;
            }
            if (upgraded || upgrade(context, buffer)) {
                readFrames(context, buffer);
            }
            if (buffer.isReadable()) {
                partial = context.alloc().directBuffer(1024).writeBytes(buffer);
            }
            buffer.release();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            room.remove(this);
            if (partial != null) {
                partial.release();
                partial = null;
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }

        private boolean queueing() {
            var outbound = channel.unsafe().outboundBuffer();
            return outbound != null && !outbound.isEmpty();
        }

        private boolean upgrade(ChannelHandlerContext context, ByteBuf buffer) {
            String head = buffer.toString(StandardCharsets.US_ASCII);
            if (!head.endsWith("\r\n\r\n")) {
                return false;
            }
            int key = head.indexOf("Sec-WebSocket-Key: ") + "Sec-WebSocket-Key: ".length();
            String answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: " + accept(head.substring(key, head.indexOf('\r', key))) + "\r\n\r\n";
            buffer.skipBytes(buffer.readableBytes());
            upgraded = true;
            context.write(context.alloc()
                    .directBuffer(answer.length())
                    .writeBytes(answer.getBytes(StandardCharsets.US_ASCII)));
            context.writeAndFlush(frame(context.alloc(), OPEN));
            return true;
        }

        private void readFrames(ChannelHandlerContext context, ByteBuf buffer) {
            while (buffer.readableBytes() >= 6) {
                int start = buffer.readerIndex();
                int length = buffer.getByte(start + 1) & 127;
                int head = 6;
                if (length == 126) {
                    length = buffer.getUnsignedShort(start + 2);
                    head = 8;
                }
                if (buffer.readableBytes() < head + length) {
                    return;
                }
                byte[] packet = new byte[length];
                buffer.getBytes(start + head, packet);
                for (int i = 0; i < length; i++) {
                    packet[i] ^= buffer.getByte(start + head - 4 + (i & 3));
                }
                buffer.readerIndex(start + head + length);
                receive(context, packet);
            }
        }

        private void receive(ChannelHandlerContext context, byte[] packet) {
            if (packet.length == 2 && packet[0] == '4' && packet[1] == '0') {
                context.writeAndFlush(frame(context.alloc(), "40{\"sid\":\"x\"}"));
                room.add(this);
            } else if (packet.length > PUBLISH_START && packet[0] == '4' && packet[1] == '2') {
                publish(context.alloc(), packet);
            }
        }
    }
}
