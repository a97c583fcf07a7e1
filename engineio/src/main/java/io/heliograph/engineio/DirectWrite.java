package io.heliograph.engineio;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The shortest way to a socket for bytes that are shared with other sockets: the system call itself, without the pipeline,
 * the outbound buffer and a duplicate of the bytes.
 *
 * <p>Only where it makes no difference to anyone: on epoll, with no handler between ours and the head of the pipeline, and
 * while nothing waits in the channel's outbound buffer. What the kernel does not take goes the usual way.
 *
 * <p>A connection that the peer has reset is left for epoll to report, which it does in any case: a broadcast to thousands
 * who have all just gone must not close them one after the other before it goes on to those who are there.
 *
 * <p>Threading: owned by the channel's loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write shows as the channel's end
final class DirectWrite {

    private final ChannelHandlerContext context;
    private final Socket socket;

    private DirectWrite(ChannelHandlerContext context, Socket socket) {
        this.context = context;
        this.socket = socket;
    }

    /** Null where there is none: another transport than epoll, or a handler (such as TLS) that has to see the bytes. */
    static @Nullable DirectWrite of(ChannelHandlerContext context) {
        boolean alone = context.equals(context.pipeline().firstContext());
        return alone && context.channel() instanceof EpollSocketChannel channel && channel.fd() instanceof Socket socket
                ? new DirectWrite(context, socket)
                : null;
    }

    /**
     * Whether the peer was not found gone. Only while nothing waits in the outbound buffer. Leaves the reader index and the
     * reference count of {@code shared} as they are.
     */
    boolean write(ByteBuf shared) {
        int length = shared.readableBytes();
        int written;
        try {
            written = shared.hasMemoryAddress()
                    ? socket.sendAddress(shared.memoryAddress(), shared.readerIndex(), shared.writerIndex())
                    : 0;
        } catch (IOException e) {
            if (isReset(e)) {
                return false;
            }
            context.close();
            return true;
        }
        if (written < length) {
            context.writeAndFlush(
                    shared.retainedSlice(shared.readerIndex() + written, length - written), context.voidPromise());
        }
        return true;
    }

    private static boolean isReset(IOException e) {
        return e instanceof Errors.NativeIoException failure
                && (failure.expectedErr() == Errors.ERRNO_ECONNRESET_NEGATIVE
                        || failure.expectedErr() == Errors.ERRNO_EPIPE_NEGATIVE);
    }
}
