package io.heliograph.gateway;

import io.github.bucket4j.TimeMeter;
import io.heliograph.gateway.Authentication.Accepted;
import io.heliograph.gateway.Authentication.Rejected;
import io.heliograph.socketio.ConnectError;
import io.heliograph.socketio.Middleware;
import io.heliograph.socketio.Next;
import io.heliograph.socketio.Socket;
import java.util.Optional;

/**
 * Admits connecting sockets: within the limits, and by their credential. Runs on virtual threads, and blocks there.
 *
 * <p>Safe for many threads.
 */
final class ConnectMiddleware implements Middleware {
    private final Authenticator authenticator;
    private final CredentialGuard guard;
    private final ConnectLimits limits;
    private final LogRecovery recovery;
    private final TopicFamilies families;
    private final ClientConnections connections;
    private final ClientListener listener;
    private final GatewaySettings settings;
    private final TimeMeter time;

    ConnectMiddleware(
            Authenticator authenticator,
            CredentialGuard guard,
            ConnectLimits limits,
            LogRecovery recovery,
            TopicFamilies families,
            ClientConnections connections,
            ClientListener listener,
            GatewaySettings settings,
            TimeMeter time) {
        this.authenticator = authenticator;
        this.guard = guard;
        this.limits = limits;
        this.recovery = recovery;
        this.families = families;
        this.connections = connections;
        this.listener = listener;
        this.settings = settings;
        this.time = time;
    }

    @Override
    public void handle(Socket socket, Next next) {
        ClientConnection connection = open(socket);
        Optional<ConnectError> refusal;
        try {
            refusal = refusal(connection);
        } catch (AuthenticatorUnavailableException failure) {
            connection.closeForRetry("verified", failure);
            return;
        }
        refusal.ifPresentOrElse(next::reject, next::proceed);
    }

    private ClientConnection open(Socket socket) {
        HeldCredential credential = guard.newCredential(settings.expiryWarning());
        ClientConnection connection = new ClientConnection(
                socket,
                authenticator,
                recovery,
                families,
                listener,
                credential,
                new EventRate(settings.maxEventsPerSecond(), time),
                new EventRate(ClockCommand.MAX_PER_SECOND, time));
        // Before the credential is read, so that a revocation in between finds the connection.
        guard.register(credential, connection);
        connections.add(connection);
        socket.data(connection);
        socket.onClosed(() -> {
            connections.remove(connection);
            connection.closed(guard);
        });
        return connection;
    }

    private Optional<ConnectError> refusal(ClientConnection connection) {
        // The first socket of a session was admitted with its handshake.
        Optional<ConnectError> tooMany = connection.socket().first() ? Optional.empty() : limits.admitAgain();
        return tooMany.isPresent()
                ? tooMany
                // A closed connection is not verified.
                : limits.verify(() -> connection.closed() ? Optional.empty() : verified(connection));
    }

    private Optional<ConnectError> verified(ClientConnection connection) {
        ClientMessages.Connect connect;
        try {
            connect = ClientMessages.connect(connection.socket().auth());
        } catch (InvalidMessageException invalid) {
            return Optional.of(limits.refused(GatewayError.INVALID_REQUEST.code(), invalid.sentence()));
        }
        return switch (connection.verify(connect.token().orElse(""))) {
            case Rejected(String code, String detail) -> Optional.of(limits.refused(code, detail));
            case Accepted(Principal principal)
            when !principal.scopes().contains(Principal.READ) ->
                Optional.of(limits.refused(
                        GatewayError.FORBIDDEN.code(),
                        "The API key \"" + principal.subject().name()
                                + "\" lacks the scope read, which listening needs"));
            case Accepted(Principal principal) -> limits.enter(connection, principal);
        };
    }
}
