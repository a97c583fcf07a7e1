package io.heliograph.socketio;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Emits to one socket with flags. Immutable, safe from any thread. */
public final class SocketEmitter {

    private final Socket socket;
    private final Flags flags;

    SocketEmitter(Socket socket, Flags flags) {
        this.socket = socket;
        this.flags = flags;
    }

    /** Drops events while the transport is not writable. Node's {@code volatile}. */
    public SocketEmitter asVolatile() {
        return new SocketEmitter(socket, flags.withVolatile());
    }

    /** The acknowledgement must come within {@code timeout}. */
    public SocketEmitter timeout(Duration timeout) {
        return new SocketEmitter(socket, flags.withTimeout(timeout));
    }

    /** Whether a polling response may be compressed for it. */
    public SocketEmitter compress(boolean compress) {
        return new SocketEmitter(socket, flags.withCompress(compress));
    }

    /** As {@link Socket#emit}. */
    public void emit(String event, Object... arguments) {
        ReservedEvents.requireNotReserved(event);
        socket.outbound().requireAdmitted();
        socket.outbound().awaitCapacity();
        Recovery.Emission emission = new Recovery.Emission(
                socket.namespace(), event, Arrays.asList(arguments), List.of(socket.id()), List.of());
        socket.namespace().encoder().dispatch(emission, flags, (all, messages) -> {
            socket.events().tellOutgoing(event, all);
            socket.outbound().post(messages, flags);
        });
    }

    /** As {@link Socket#emitWithAck}; also fails with {@link AckException} after the timeout. */
    public CompletionStage<Arguments> emitWithAck(String event, Object... arguments) {
        ReservedEvents.requireNotReserved(event);
        socket.outbound().requireAdmitted();
        socket.outbound().awaitCapacity();
        EventEncoder encoder = socket.namespace().encoder();
        List<?> all = Arrays.asList(arguments);
        AckFuture future = new AckFuture();
        long ackId = encoder.nextAckId();
        socket.events().tellOutgoing(event, all);
        socket.outbound().sendWithAck(encoder.encode(ackId, event, all, flags), ackId, future, flags);
        return future;
    }
}
