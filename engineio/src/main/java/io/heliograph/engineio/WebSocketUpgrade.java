package io.heliograph.engineio;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Turns an HTTP connection into a WebSocket of a session.
 *
 * <p>In this order: remove every handler behind ours, move the channel to the session's loop, answer 101 through the HTTP
 * encoder, add the {@link WebSocketCarrier}, give it the frames that came behind the request, remove the encoder and our
 * handler, read automatically. What stands before the codec, such as TLS, stays.
 *
 * <p>Threading: begins on the connection's loop and ends on the session's. Source: RFC 6455 section 4.2.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as the channel's end
final class WebSocketUpgrade {

    private static final int KEY_BYTES = 16;

    private final EngineContext engine;
    private final Exchange exchange;
    private final ChannelHandlerContext context;

    private WebSocketUpgrade(EngineContext engine, Exchange exchange, ChannelHandlerContext context) {
        this.engine = engine;
        this.exchange = exchange;
        this.context = context;
    }

    static WebSocketUpgrade of(EngineContext engine, Exchange exchange, ChannelHandlerContext context) {
        return new WebSocketUpgrade(engine, exchange, context);
    }

    /** A session that begins with this WebSocket. */
    void open(Handshake handshake) {
        if (refused()) {
            return;
        }
        prepare();
        SessionLoop loop = engine.loops().forSession(context.channel().eventLoop());
        if (loop.inLoop()) {
            begin(loop, handshake);
        } else {
            move(loop, () -> begin(loop, handshake));
        }
    }

    private void begin(SessionLoop loop, Handshake handshake) {
        if (!context.channel().isActive()) {
            return;
        }
        Optional<EngineSession> opened = engine.sessions().open(loop, handshake, Transport.WEBSOCKET);
        if (opened.isEmpty()) {
            exchange.refuse(engine.sessions().refusal());
            return;
        }
        EngineSession session = opened.get();
        exchange.session(session);
        engine.settings().cookie().ifPresent(cookie -> exchange.cookie(cookie.header(session.id())));
        WebSocketCarrier carrier = (WebSocketCarrier) session.carrier();
        switchTo(carrier);
        session.start(engine.listener());
        carrier.begin();
        context.channel().config().setAutoRead(true);
    }

    /** A polling session that may move to this WebSocket. */
    void start(EngineSession session) {
        if (refused()) {
            return;
        }
        prepare();
        move(session.loop(), () -> join(session));
    }

    /** Runs as a separate task, because the channel is still inside channelRead. */
    private void move(SessionLoop loop, Runnable then) {
        context.executor().execute(() -> ChannelMigration.move(context.channel(), loop, then));
    }

    private void join(EngineSession session) {
        if (!context.channel().isActive()) {
            return;
        }
        WebSocketCarrier carrier =
                new WebSocketCarrier(session, engine.settings().maxPayload());
        switchTo(carrier);
        if (session.upgradable()) {
            session.beginUpgrade(carrier);
        } else {
            // As in Node: the handshake succeeds, and the WebSocket is closed at once.
            carrier.close(WebSocketFrames.NO_CODE, "");
        }
        carrier.begin();
        context.channel().config().setAutoRead(true);
    }

    /** Source: RFC 6455 section 4.2.1. */
    private boolean refused() {
        HttpHeaders headers = exchange.headers();
        boolean valid = exchange.method().equals(HttpMethod.GET)
                && exchange.head().protocolVersion().equals(HttpVersion.HTTP_1_1)
                && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
                && validKey(headers.get(HttpHeaderNames.SEC_WEBSOCKET_KEY, ""));
        if (!valid) {
            exchange.refuse(ProtocolError.BAD_REQUEST);
            return true;
        }
        if (!headers.contains(HttpHeaderNames.SEC_WEBSOCKET_VERSION, "13", false)) {
            exchange.refuse(ProtocolError.WEBSOCKET_VERSION);
            return true;
        }
        return false;
    }

    private static boolean validKey(String key) {
        try {
            return Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void prepare() {
        context.channel().config().setAutoRead(false);
        ChannelPipeline pipeline = context.pipeline();
        List<String> names = pipeline.names();
        // The last name is that of the tail, which is no handler of anyone's.
        List<String> behind = List.copyOf(names.subList(names.indexOf(context.name()) + 1, names.size() - 1));
        for (String name : behind) {
            // Taking one out may take others along.
            if (pipeline.context(name) != null) {
                pipeline.remove(name);
            }
        }
    }

    private void switchTo(WebSocketCarrier carrier) {
        context.writeAndFlush(switchingProtocols());
        ChannelPipeline pipeline = context.pipeline();
        pipeline.addLast(carrier);
        exchange.connection().forwardEarlyFrames();
        pipeline.remove(context.handler());
        HttpResponseEncoder encoder = pipeline.get(HttpResponseEncoder.class);
        if (encoder != null) {
            pipeline.remove(encoder);
        }
        // The end of the peer's stream is seen before the channel closes, so that what it sent last is answered.
        context.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    }

    private FullHttpResponse switchingProtocols() {
        FullHttpResponse response = Responses.plain(HttpResponseStatus.SWITCHING_PROTOCOLS, Unpooled.EMPTY_BUFFER);
        HttpHeaders headers = response.headers();
        exchange.addApplicationHeaders(headers);
        headers.set(HttpHeaderNames.DATE, engine.date().now());
        headers.set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
        headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
        String key = exchange.headers().get(HttpHeaderNames.SEC_WEBSOCKET_KEY, "");
        headers.set(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT, WebSocketFrames.accept(key));
        exchange.cookieHeader().ifPresent(cookie -> headers.add(HttpHeaderNames.SET_COOKIE, cookie));
        return response;
    }
}
