package io.heliograph.socketio;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Connection state recovery: decides what a connecting client is told about its former connection.
 *
 * <p>A stock client that was given a {@code pid} keeps the last string argument of each event as its offset, and presents
 * both when it reconnects. The client takes itself for recovered when the answer carries the same {@code pid}.
 *
 * <p>Threading: {@link #recover} is called on the session's loop after all middleware has accepted the client (unlike
 * Node's default, middleware runs on recovery too); it must not block, and its stage may be completed by any thread.
 *
 * <p>Source: socket.io-protocol v5, "Connection state recovery"; Node's {@code restoreSession}.
 */
public interface Recovery {

    /** Decides about one connection. A stage that fails rejects the connection with {@code Internal error}. */
    CompletionStage<Outcome> recover(Request request);

    /** A connected socket has disconnected. Called on the session's loop, after it has left its rooms. */
    default void disconnected(Disconnection disconnection) {}

    /**
     * An event is about to be sent without acknowledgement, to one socket (by its id) or to rooms.
     *
     * <p>Encodes the event once, with its offset if it is to have one, and sends the result once, before it returns. An
     * implementation that keeps events does both under one lock, so that events go out in the order of their offsets, and
     * keeps what was encoded: an event that cannot be written fails its emit, and has no offset. Called on the emitting
     * thread.
     */
    default void emit(Emission emission, Dispatch dispatch) {
        dispatch.send(dispatch.encode(Optional.empty()));
    }

    /** What an implementation does with an event. */
    interface Dispatch {
        /**
         * Encodes the event.
         *
         * @param offset becomes its last argument
         * @throws RuntimeException when an argument cannot be written; the emit fails with it
         */
        PreparedEvent encode(Optional<String> offset);

        /** Sends the event to its receivers; only queues, never waits. */
        void send(PreparedEvent event);
    }

    /** What a client presents of its former connection, as received and unverified. */
    record Claim(String pid, String offset) {}

    /** One connection to decide about; {@code claim} is empty when the client presents none. */
    record Request(Socket socket, Optional<Claim> claim) {}

    /** A socket that has disconnected, and what it can recover. */
    record Disconnection(Socket socket, String pid, List<String> rooms, DisconnectReason reason) {}

    /** What is about to be sent, and to whom; no {@code rooms} means everyone in the namespace. */
    record Emission(Namespace namespace, String event, List<?> arguments, List<String> rooms, List<String> except) {}

    /** What the client is told. */
    sealed interface Outcome {

        /**
         * Runs on the session's loop right after the answer to CONNECT was queued and before anything else is sent to the
         * socket: what it sends comes first. It may join rooms; broadcasts to them follow.
         */
        Consumer<Socket> afterAnswer();
    }

    /**
     * The client is recovered: the answer carries the pid that it presented.
     *
     * @param socketId the socket's former id, when it is to have it again
     */
    record Recovered(String pid, Optional<String> socketId, Consumer<Socket> afterAnswer) implements Outcome {
        /** Checks that nothing is null. */
        public Recovered {
            Objects.requireNonNull(pid, "pid");
            Objects.requireNonNull(socketId, "socketId");
            Objects.requireNonNull(afterAnswer, "afterAnswer");
        }
    }

    /**
     * The client starts anew.
     *
     * @param pid what it is to present when it reconnects; empty: a new random one
     */
    record Fresh(Optional<String> pid, Consumer<Socket> afterAnswer) implements Outcome {
        /** Checks that nothing is null. */
        public Fresh {
            Objects.requireNonNull(pid, "pid");
            Objects.requireNonNull(afterAnswer, "afterAnswer");
        }
    }

    /** The client starts anew, and nothing is sent right after the answer. */
    static Outcome fresh() {
        return new Fresh(Optional.empty(), socket -> {});
    }
}
