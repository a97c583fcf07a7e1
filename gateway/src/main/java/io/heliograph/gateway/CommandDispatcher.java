package io.heliograph.gateway;

import io.heliograph.socketio.Ack;
import io.heliograph.socketio.ArgumentMismatchException;
import io.heliograph.socketio.Arguments;
import io.heliograph.socketio.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Handles events from clients: limits their rate, runs the command of that name, and acknowledges. Immutable. */
final class CommandDispatcher {
    /** A client that sends this many seconds' worth of events although they are refused is disconnected. */
    private static final int SECONDS_OF_FLOOD = 10;

    private final Map<String, SocketCommand> commands;
    private final GatewayObserver observer;

    CommandDispatcher(Map<String, SocketCommand> commands, GatewayObserver observer) {
        this.commands = new TreeMap<>(commands);
        this.observer = observer;
    }

    /** Registers the handlers of the socket. */
    void connected(Socket socket) {
        ClientConnection connection = EventsGateway.connection(socket);
        socket.eraseCredentials();
        commands.forEach((name, command) ->
                socket.on(name, (arguments, ack) -> dispatch(connection, name, command, arguments, ack)));
        socket.onUnhandled((event, arguments, ack) ->
                ack.send(error(tooEarly(connection, event).orElseGet(this::unknownEvent))));
        connection.credential().watchExpiry();
    }

    private void dispatch(
            ClientConnection connection, String name, SocketCommand command, Arguments arguments, Ack ack) {
        try {
            ack.send(tooEarly(connection, name)
                    .map(CommandDispatcher::error)
                    .orElseGet(() -> run(connection, command, arguments)));
        } catch (RuntimeException | Error failure) {
            // The client must not wait for an answer that never comes; the failure goes to the observer.
            ack.send(error(Map.of("code", GatewayError.INTERNAL.code(), "message", "The server failed")));
            throw failure;
        }
    }

    private static Map<String, Object> run(ClientConnection connection, SocketCommand command, Arguments arguments) {
        try {
            return command.run(connection, argument(arguments));
        } catch (InvalidMessageException invalid) {
            return error(Map.of(
                    "code",
                    GatewayError.INVALID_REQUEST.code(),
                    "message",
                    invalid.sentence(),
                    "errors",
                    List.of(Map.of("field", invalid.field(), "detail", invalid.detail()))));
        } catch (CommandRejectedException rejected) {
            return error(Map.of("code", rejected.code(), "message", rejected.detail()));
        }
    }

    private static JsonNode argument(Arguments arguments) {
        if (arguments.size() != 1) {
            throw new InvalidMessageException(InvalidMessageException.WHOLE, "must be one object, and nothing else");
        }
        try {
            return arguments.get(0);
        } catch (ArgumentMismatchException failure) {
            throw new InvalidMessageException(InvalidMessageException.WHOLE, "must be JSON with each field once");
        }
    }

    /**
     * Counts an event. Returns the error for the client when it exceeds the rate; a client that continues is
     * disconnected.
     */
    private Optional<Map<String, Object>> tooEarly(ClientConnection connection, String event) {
        boolean clock = event.equals(ClockCommand.NAME);
        EventRate rate = clock ? connection.clockRate() : connection.rate();
        Duration early = rate.count();
        if (early.isZero()) {
            return Optional.empty();
        }
        observer.limitMet(Limit.MAX_EVENTS_PER_SECOND);
        String code = GatewayError.TOO_MANY_REQUESTS.code();
        String message = "A socket sends at most " + rate.perSecond() + " events a second"
                + (clock ? " of " + event : " (" + Limit.MAX_EVENTS_PER_SECOND.setting() + ")");
        if (rate.refused() == SECONDS_OF_FLOOD * rate.perSecond()) {
            connection.close(code, message);
        }
        return Optional.of(Map.of("code", code, "message", message, "retryAfterMs", Math.max(1, early.toMillis())));
    }

    private Map<String, Object> unknownEvent() {
        List<String> known = List.copyOf(commands.keySet());
        return Map.of(
                "code",
                GatewayError.UNKNOWN_EVENT.code(),
                "message",
                "There is no such event here; a client may emit " + String.join(", ", known),
                "known",
                known);
    }

    private static Map<String, Object> error(Map<String, Object> error) {
        return Map.of("error", error);
    }
}
