package io.heliograph.socketio;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;

/** Emits to one socket with flags. Immutable, safe from any thread. */
public final class SocketEmitter {

    private final Socket socket;
    private final Flags flags;

    SocketEmitter(Socket socket, Flags flags) {
        this.socket = socket;
        this.flags = flags;
    }

    /** Dropped while the client cannot take it. */
    public SocketEmitter volatile_() {
        return new SocketEmitter(socket, flags.withLossy());
    }

    /** The acknowledgement is awaited for so long. */
    public SocketEmitter timeout(Duration timeout) {
        return new SocketEmitter(socket, flags.withTimeout(timeout));
    }

    /** Whether a polling response may be compressed for it. */
    public SocketEmitter compress(boolean compress) {
        return new SocketEmitter(socket, flags.withCompress(compress));
    }

    /** As {@link Socket#emit}. */
    public void emit(String event, Object... arguments) {
        socket.emit(flags, event, Arrays.asList(arguments));
    }

    /** As {@link Socket#emitWithAck}; also fails with {@link AckException} after the timeout. */
    public CompletionStage<Arguments> emitWithAck(String event, Object... arguments) {
        return socket.emitWithAck(flags, event, Arrays.asList(arguments));
    }
}
