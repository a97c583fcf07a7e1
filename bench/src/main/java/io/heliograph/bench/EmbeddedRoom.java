package io.heliograph.bench;

import io.heliograph.engineio.EngineIoSettings;
import io.heliograph.socketio.Callbacks;
import io.heliograph.socketio.SocketIoServer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Connected sockets without a network: embedded channels that share one event loop, and count and drop what
 * is written to them.
 *
 * <p>Threading: everything on one thread, which plays the loop in {@link #turn}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nothing is asynchronous here
final class EmbeddedRoom implements AutoCloseable {
    // Lends its loop, on which all channels are registered.
    private final EmbeddedChannel lender = new EmbeddedChannel();
    private final List<Sink> channels = new ArrayList<>();
    private long writes;
    private long bytes;

    /** A server that leaves its clients in peace: they do not answer pings. */
    static SocketIoServer server() {
        return SocketIoServer.builder()
                .engine(EngineIoSettings.builder()
                        .path("/socket.io/")
                        .pingInterval(Duration.ofHours(1))
                        .build())
                .callbacks(Callbacks.LOOP)
                .build();
    }

    /** Connects {@code count} sockets to the main namespace of {@code server}. */
    EmbeddedRoom(SocketIoServer server, int count) {
        for (int i = 0; i < count; i++) {
            Sink channel = new Sink();
            channels.add(channel);
            lender.eventLoop().register(channel);
            channel.pipeline().addLast(new HttpServerCodec(), server.newChannelHandler());
            receive(channel, ClientFrames.handshake(channel.alloc(), 80));
            receive(channel, ClientFrames.text(channel.alloc(), "40"));
        }
    }

    /** Runs what is queued for the loop. */
    void turn() {
        lender.runPendingTasks();
    }

    /** Lets one client send, and runs what follows from it. */
    void receive(int client, ByteBuf frames) {
        receive(channels.get(client), frames);
    }

    /** Buffers that were written to channels. */
    long writes() {
        return writes;
    }

    /** Bytes that were written to channels. */
    long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        channels.forEach(EmbeddedChannel::close);
        turn();
    }

    private void receive(Sink channel, ByteBuf frames) {
        channel.pipeline().fireChannelRead(frames);
        channel.pipeline().fireChannelReadComplete();
        turn();
    }

    private final class Sink extends EmbeddedChannel {
        Sink() {
            super(builder().register(false));
        }

        @Override
        protected void handleOutboundMessage(Object message) {
            if (message instanceof ByteBuf buffer) {
                writes++;
                bytes += buffer.readableBytes();
            }
            ReferenceCountUtil.release(message);
        }
    }
}
