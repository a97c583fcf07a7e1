package io.heliograph.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/**
 * A client of one room: it publishes, and hands what it receives to its {@link Traffic}.
 *
 * <p>Threading: owned by the event loop of its channel.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails shows as a lost connection
final class Client extends FrameReader {
    private final Owner owner;
    private final Traffic traffic;

    // Owned by the loop.
    private final int[] nextSequence;

    /** The opener of the client. */
    interface Owner {
        /** The client is in its namespace. */
        void connected();

        /** The connection ended, or its input was invalid; called once, and not after {@link Client#close}. */
        void lost(Throwable cause);
    }

    Client(Owner owner, Traffic traffic, int port) {
        super(port);
        this.owner = owner;
        this.traffic = traffic;
        this.nextSequence = new int[traffic.publishers()];
    }

    /** Sends one publish; the caller has counted it. */
    void publish(byte[] payload) {
        Channel open = channel();
        open.writeAndFlush(ClientFrames.publish(open.alloc(), payload), open.voidPromise());
    }

    @Override
    String connectPacket() {
        return "40";
    }

    @Override
    void connected(ByteBuf buffer, int body, int length) {
        owner.connected();
    }

    @Override
    void lost(Throwable cause) {
        owner.lost(cause);
    }

    @Override
    void event(ByteBuf buffer, int body, int length, long nowNanos) {
        if (length <= Payload.FROM_END) {
            throw new PeerFaultException("an unexpected message: " + excerpt(buffer, body, length));
        }
        deliver(buffer, body + length - Payload.FROM_END, nowNanos);
    }

    private void deliver(ByteBuf buffer, int payload, long nowNanos) {
        int publisher = Payload.publisher(buffer, payload);
        int sequence = Payload.sequence(buffer, payload);
        int expected = nextSequence[publisher];
        if (sequence != expected) {
            traffic.misordered(sequence < expected);
        }
        nextSequence[publisher] = sequence + 1;
        traffic.delivered(this, publisher, nowNanos - Payload.sentNanos(buffer, payload));
    }
}
