package io.heliograph.engineio;

import io.heliograph.engineio.HandshakeGate.Verdict;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.ssl.SslHandler;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Checks requests and leads them to their session, in the order in which Node's server checks.
 *
 * <p>Threading: called on the connection's loop. Source: engine.io-protocol v4, "Handshake"; Node's engine.io, {@code
 * verify}.
 */
final class RequestRouter {

    private final EngineContext engine;

    RequestRouter(EngineContext engine) {
        this.engine = engine;
    }

    /** The request's head is there. */
    void begin(Exchange exchange) {
        Optional<Refusal> refusal = verify(exchange);
        if (refusal.isPresent()) {
            exchange.refuse(refusal.get().error(), refusal.get().message());
        } else if (exchange.method().equals(HttpMethod.OPTIONS)) {
            exchange.respondPreflight();
        } else if (exchange.session() != null && exchange.method().equals(HttpMethod.POST)) {
            EngineSession session = exchange.session();
            session.loop().executeOn(() -> session.requests().beginPost(exchange));
        }
    }

    /** The request's body is there too, and it has no answer yet. */
    void complete(Exchange exchange, ChannelHandlerContext context) {
        EngineSession session = exchange.session();
        if (session == null) {
            handshake(exchange, context);
        } else if (exchange.asksForWebSocket()) {
            WebSocketUpgrade.of(engine, exchange, context).start(session);
        } else if (exchange.method().equals(HttpMethod.POST)) {
            byte[] body = exchange.body();
            session.loop().executeOn(() -> session.requests().endPost(exchange, body));
        } else {
            session.loop().executeOn(() -> session.requests().poll(exchange));
        }
    }

    private record Refusal(ProtocolError error, String message) {
        static Optional<Refusal> of(ProtocolError error) {
            return Optional.of(new Refusal(error, error.message()));
        }
    }

    private Optional<Refusal> verify(Exchange exchange) {
        if (!exchange.head().decoderResult().isSuccess()
                || !exchange.wellEncoded()
                || !RequestTarget.hasValidHost(exchange.head())) {
            return Refusal.of(ProtocolError.BAD_REQUEST);
        }
        Optional<Refusal> peer = verifyPeer(exchange);
        if (peer.isPresent() || exchange.method().equals(HttpMethod.OPTIONS)) {
            return peer;
        }
        Optional<Transport> transport = Transport.parse(exchange.parameter("transport"))
                .filter(engine.settings().transports()::contains);
        if (transport.isEmpty()) {
            return Refusal.of(ProtocolError.UNKNOWN_TRANSPORT);
        }
        if (exchange.asksForWebSocket() != (transport.get() == Transport.WEBSOCKET)) {
            return mismatch(exchange);
        }
        return exchange.parameter("sid").isEmpty() ? verifyHandshake(exchange) : verifySession(exchange);
    }

    /** A session that is unknown is so on any transport; a handshake by POST is refused as such first. */
    private Optional<Refusal> mismatch(Exchange exchange) {
        String sid = exchange.parameter("sid");
        if (!sid.isEmpty() && engine.sessions().find(sid).isEmpty()) {
            return Refusal.of(ProtocolError.UNKNOWN_SID);
        }
        return Refusal.of(
                sid.isEmpty() && !exchange.method().equals(HttpMethod.GET)
                        ? ProtocolError.BAD_HANDSHAKE_METHOD
                        : ProtocolError.BAD_REQUEST);
    }

    /** Host and Origin: against DNS rebinding and cross-site WebSocket hijacking. */
    private Optional<Refusal> verifyPeer(Exchange exchange) {
        EngineIoSettings settings = engine.settings();
        String host = RequestTarget.hostName(exchange.headers());
        if (!settings.allowedHosts().isEmpty()
                && !settings.allowedHosts().contains(host)
                && !RequestTarget.isLoopback(host)) {
            return Optional.of(
                    new Refusal(ProtocolError.HOST_NOT_ALLOWED, "This host is not on the list (allowedHosts)"));
        }
        if (!exchange.originAllowed()) {
            return Optional.of(new Refusal(ProtocolError.FORBIDDEN, "This origin is not on the list (origins)"));
        }
        return Optional.empty();
    }

    private Optional<Refusal> verifyHandshake(Exchange exchange) {
        if (!exchange.method().equals(HttpMethod.GET)) {
            return Refusal.of(ProtocolError.BAD_HANDSHAKE_METHOD);
        }
        return exchange.parameter("EIO").equals("4")
                ? Optional.empty()
                : Refusal.of(ProtocolError.UNSUPPORTED_PROTOCOL_VERSION);
    }

    private Optional<Refusal> verifySession(Exchange exchange) {
        Optional<EngineSession> session = engine.sessions().find(exchange.parameter("sid"));
        if (session.isEmpty()) {
            return Refusal.of(ProtocolError.UNKNOWN_SID);
        }
        boolean known =
                exchange.method().equals(HttpMethod.GET) || exchange.method().equals(HttpMethod.POST);
        if (!known || !exchange.parameter("EIO").equals("4")) {
            return Refusal.of(ProtocolError.BAD_REQUEST);
        }
        exchange.session(session.get());
        return Optional.empty();
    }

    private void handshake(Exchange exchange, ChannelHandlerContext context) {
        ifAllowed(engine.admission().admit(), exchange, context, () -> {
            Handshake handshake = handshakeOf(exchange, context);
            ifAllowed(engine.gate().check(handshake), exchange, context, () -> open(exchange, context, handshake));
        });
    }

    private Handshake handshakeOf(Exchange exchange, ChannelHandlerContext context) {
        return new Handshake(
                exchange.head().uri(),
                exchange.headers(),
                context.channel().remoteAddress(),
                context.pipeline().get(SslHandler.class) != null,
                engine.clock().millis());
    }

    /** Runs {@code next} on the connection's loop when the verdict is yes, and else refuses. */
    private void ifAllowed(
            CompletionStage<Verdict> stage, Exchange exchange, ChannelHandlerContext context, Runnable next) {
        CompletableFuture<Verdict> verdict = stage.toCompletableFuture();
        if (verdict.isDone()) {
            decided(verdict.isCompletedExceptionally() ? null : verdict.join(), exchange, next);
        } else {
            stage.whenComplete((late, failure) -> context.executor().execute(() -> decided(late, exchange, next)));
        }
    }

    /** {@code verdict} is null when the gate or the admission has failed. */
    private void decided(@Nullable Verdict verdict, Exchange exchange, Runnable next) {
        switch (verdict) {
            case HandshakeGate.Refused refused -> exchange.refuse(ProtocolError.FORBIDDEN, refused.message());
            case HandshakeGate.Busy busy ->
                exchange.refuse(ProtocolError.OVERLOADED, busy.message(), busy.retryAfter());
            case HandshakeGate.Allowed allowed -> next.run();
            case null -> exchange.refuse(ProtocolError.FORBIDDEN);
        }
    }

    private void open(Exchange exchange, ChannelHandlerContext context, Handshake handshake) {
        if (exchange.answered() || !context.channel().isActive()) {
            return;
        }
        if (exchange.asksForWebSocket()) {
            WebSocketUpgrade.of(engine, exchange, context).open(handshake);
            return;
        }
        SessionLoop loop = engine.loops().forSession(context.channel().eventLoop());
        engine.sessions()
                .open(loop, handshake, Transport.POLLING)
                .ifPresentOrElse(
                        session -> {
                            exchange.session(session);
                            engine.settings()
                                    .cookie()
                                    .ifPresent(cookie -> exchange.cookie(cookie.header(session.id())));
                            loop.executeOn(() -> {
                                session.requests().poll(exchange);
                                session.start(engine.listener());
                            });
                        },
                        () -> exchange.refuse(engine.sessions().refusal()));
    }
}
