package io.heliograph.socketio;

import io.heliograph.engineio.Message;
import io.heliograph.engineio.Session;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What one socket sends to its client, and the acknowledgements that the client owes for it.
 *
 * <p>Threading: {@link #post}, {@link #sendWithAck} and {@link #newAck} are safe from any thread; everything else belongs to the
 * session's loop.
 */
final class SocketOutbound {

    private final Session session;
    private final Parser parser;
    private final String namespace;
    private final SocketState state;

    // Owned by the loop.
    private final PendingAcks acks = new PendingAcks();
    private boolean direct;

    SocketOutbound(Session session, Parser parser, String namespace, SocketState state) {
        this.session = session;
        this.parser = parser;
        this.namespace = namespace;
        this.state = state;
    }

    /** @throws IllegalStateException while the socket is not connected yet */
    void requireAdmitted() {
        if (state.connecting()) {
            throw new IllegalStateException("the socket is not connected yet: emit in onConnection, not in middleware");
        }
    }

    /** Waits while the session's loop has too much to do, unless the caller is an event loop. */
    void awaitCapacity() {
        session.loop().awaitCapacity();
    }

    /** Sends messages after everything that the caller has sent before; without effect when the socket has left. */
    void post(List<Message> messages, Flags flags) {
        requireAdmitted();
        if (session.loop().inLoop() && direct) {
            deliver(messages, flags.isVolatile());
        } else {
            session.loop().execute(() -> deliver(messages, flags.isVolatile()));
        }
    }

    /** Sends messages that ask for an acknowledgement; {@code receiver} is told exactly once, on the loop. */
    void sendWithAck(List<Message> messages, long ackId, PendingAcks.Receiver receiver, Flags flags) {
        session.loop().execute(() -> deliverWithAck(messages, ackId, receiver, flags));
    }

    /** Answers one event of the client. */
    Ack newAck(long ackId) {
        return new ClientAck(this, ackId);
    }

    /** Writes the answer to CONNECT, and sends at once, ahead of queued commands, what {@code next} posts. */
    void answerConnect(Runnable next) {
        session.deliver(parser.connect(namespace, new ConnectResponse(state.id(), state.pid())));
        direct = true;
        next.run();
        direct = false;
    }

    /** Tells the client that the server has disconnected it from the namespace. */
    void disconnect() {
        session.deliver(parser.disconnect(namespace));
    }

    void deliver(List<Message> messages, boolean isVolatile) {
        if (!state.connected() || (isVolatile && !session.writable())) {
            return;
        }
        for (int i = 0; i < messages.size(); i++) {
            session.deliver(messages.get(i));
        }
    }

    private void deliverWithAck(List<Message> messages, long ackId, PendingAcks.Receiver receiver, Flags flags) {
        if (!state.connected()) {
            receiver.accept(null, AckException.disconnected());
            return;
        }
        acks.add(ackId, receiver, session.loop(), flags);
        deliver(messages, flags.isVolatile());
    }

    void receive(Packet.Ack ack) {
        acks.complete(ack.ackId(), ack.arguments());
    }

    /** The socket has left: no acknowledgement comes any more. */
    void close() {
        acks.failAll(AckException.disconnected());
    }

    private static final class ClientAck implements Ack {
        private final SocketOutbound outbound;
        private final long ackId;
        private final AtomicBoolean sent = new AtomicBoolean();

        ClientAck(SocketOutbound outbound, long ackId) {
            this.outbound = outbound;
            this.ackId = ackId;
        }

        @Override
        public boolean requested() {
            return ackId != Packet.NO_ACK;
        }

        @Override
        public void send(Object... arguments) {
            if (requested() && sent.compareAndSet(false, true)) {
                outbound.post(outbound.parser.ack(outbound.namespace, ackId, Arrays.asList(arguments)), Flags.NONE);
            }
        }
    }
}
