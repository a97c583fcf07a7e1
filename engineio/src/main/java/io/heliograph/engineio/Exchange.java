package io.heliograph.engineio;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One of our HTTP requests, and its one answer.
 *
 * <p>Threading: the {@code respond…} methods and {@link #refuse} are safe from any thread, and the first of them wins;
 * everything else belongs to the channel's loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as the channel's end
final class Exchange extends TimerWheel.Entry implements PollingRequest {

    /** The connection that the request came over. Called on its loop. */
    interface Connection {

        /** The exchange's answer was written. */
        void answered(Exchange exchange, boolean keepAlive);

        /** Gives the frames that came behind a request for a WebSocket to the next handler. */
        void forwardEarlyFrames();
    }

    private static final AsciiString HINT = AsciiString.cached("engine-io-hint");
    private static final byte[] OK = {'o', 'k'};

    private final Connection connection;
    private final ChannelHandlerContext context;
    private final EngineContext engine;
    private final HttpRequest head;
    private final Map<String, List<String>> query;
    private final boolean wellEncoded;
    private final boolean originAllowed;
    private final ByteBuf body;
    private @Nullable EngineSession session;
    private Optional<String> cookie = Optional.empty();
    private Optional<Duration> retryAfter = Optional.empty();
    private boolean unknownSession;
    private boolean answered;
    private boolean bodyEnded;

    Exchange(Connection connection, ChannelHandlerContext context, EngineContext engine, HttpRequest head) {
        this.connection = connection;
        this.context = context;
        this.engine = engine;
        this.head = head;
        Optional<Map<String, List<String>>> parameters = RequestTarget.query(head.uri());
        this.query = parameters.orElse(Map.of());
        this.wellEncoded = parameters.isPresent();
        this.originAllowed = engine.settings().origins().allows(head.headers());
        this.body = head.method().equals(HttpMethod.POST) ? Unpooled.buffer(256) : Unpooled.EMPTY_BUFFER;
    }

    ChannelHandlerContext context() {
        return context;
    }

    Connection connection() {
        return connection;
    }

    HttpMethod method() {
        return head.method();
    }

    HttpHeaders headers() {
        return head.headers();
    }

    HttpRequest head() {
        return head;
    }

    /** A query parameter's last value; empty when it is missing. */
    String parameter(String name) {
        List<String> values = query.get(name);
        return values == null ? "" : values.getLast();
    }

    /** Whether path and query can be decoded. */
    boolean wellEncoded() {
        return wellEncoded;
    }

    /** Whether the page that it comes from, if any, may connect. */
    boolean originAllowed() {
        return originAllowed;
    }

    boolean asksForWebSocket() {
        return asksForWebSocket(head);
    }

    static boolean asksForWebSocket(HttpRequest request) {
        return request.headers().containsValue(HttpHeaderNames.UPGRADE, "websocket", true);
    }

    /** The session that the request is for, once that is known. */
    @Nullable
    EngineSession session() {
        return session;
    }

    void session(EngineSession session) {
        this.session = session;
    }

    /** Sets the cookie that goes out with the answer; before it is given. */
    void cookie(String header) {
        cookie = Optional.of(header);
    }

    Optional<String> cookieHeader() {
        return cookie;
    }

    boolean answered() {
        return answered;
    }

    boolean bodyEnded() {
        return bodyEnded;
    }

    void endBody() {
        bodyEnded = true;
    }

    /** Takes a piece of the body; {@code false} when it would pass {@code maxPayload}. */
    boolean appendBody(ByteBuf piece) {
        if (answered || !piece.isReadable()) {
            return true;
        }
        if (piece.readableBytes() > engine.settings().maxPayload() - body.readableBytes()) {
            return false;
        }
        if (body.maxCapacity() > 0) {
            body.writeBytes(piece);
        }
        return true;
    }

    byte[] body() {
        return ByteBufUtil.getBytes(body);
    }

    /** The request has taken too long to arrive. */
    @Override
    void expire() {
        context.close();
    }

    @Override
    public void refuse(ProtocolError error) {
        refuse(error, error.message());
    }

    /** As {@link #refuse(ProtocolError, String)}, and says when to try again. On the channel's loop. */
    void refuse(ProtocolError error, String message, Duration after) {
        retryAfter = Optional.of(after);
        refuse(error, message);
    }

    /** Answers with the protocol's error object. */
    void refuse(ProtocolError error, String message) {
        engine.observer().requestRefused(error);
        unknownSession = error == ProtocolError.UNKNOWN_SID;
        HttpResponseStatus status = HttpResponseStatus.valueOf(error.status());
        if (error == ProtocolError.PAYLOAD_TOO_LARGE) {
            // Node's is empty, and clients are tested against that.
            respond(new Answer(status, "", Unpooled.EMPTY_BUFFER));
            return;
        }
        String json = "{\"code\":" + error.code() + ",\"message\":\"" + escape(message) + "\"}";
        respond(new Answer(status, "application/json", Unpooled.copiedBuffer(json, StandardCharsets.UTF_8)));
    }

    @Override
    public void respondOk() {
        respond(new Answer(HttpResponseStatus.OK, "text/html", Unpooled.wrappedBuffer(OK)));
    }

    @Override
    public void respondPayload(ByteBuf payload, boolean compressible, Runnable written) {
        respond(new Answer(HttpResponseStatus.OK, "text/plain; charset=UTF-8", payload, compressible, written));
    }

    void respondPreflight() {
        respond(new Answer(HttpResponseStatus.NO_CONTENT, "", Unpooled.EMPTY_BUFFER));
    }

    private record Answer(
            HttpResponseStatus status, String contentType, ByteBuf content, boolean compressible, Runnable written) {
        Answer(HttpResponseStatus status, String contentType, ByteBuf content) {
            this(status, contentType, content, false, () -> {});
        }

        void dropped() {
            content.release();
            written.run();
        }
    }

    private void respond(Answer answer) {
        if (context.executor().inEventLoop()) {
            respondInLoop(answer);
            return;
        }
        try {
            context.executor().execute(() -> respondInLoop(answer));
        } catch (RejectedExecutionException e) {
            answer.dropped();
        }
    }

    private void respondInLoop(Answer answer) {
        if (answered || !context.channel().isActive()) {
            answered = true;
            answer.dropped();
            return;
        }
        answered = true;
        int threshold = answer.compressible() ? engine.settings().compressionThreshold() : Integer.MAX_VALUE;
        FullHttpResponse response =
                PollingCompression.response(answer.status(), answer.content(), headers(), threshold);
        boolean keepAlive = keepAlive(answer.status());
        addHeaders(response, answer.contentType(), keepAlive);
        var written = context.writeAndFlush(response);
        written.addListener(done -> answer.written().run());
        if (!keepAlive) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
        connection.answered(this, keepAlive);
    }

    /** Adds the application's headers; first, so that the server's own replace them. */
    void addApplicationHeaders(HttpHeaders headers) {
        EngineSession answered = session;
        if (answered != null) {
            Guarded.run("a response header of the application", () -> {
                ResponseHeaders additional = engine.responseHeaders();
                if (parameter("sid").isEmpty()) {
                    additional.initial(answered).forEach(headers::set);
                }
                additional.every(answered).forEach(headers::set);
            });
        }
    }

    private void addHeaders(FullHttpResponse response, String contentType, boolean keepAlive) {
        HttpHeaders headers = response.headers();
        addApplicationHeaders(headers);
        if (!contentType.isEmpty()) {
            headers.set(HttpHeaderNames.CONTENT_TYPE, contentType);
        }
        if (response.status().code() != 204) {
            headers.setInt(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
        }
        headers.set(HttpHeaderNames.DATE, engine.date().now());
        headers.set(HttpHeaderNames.CACHE_CONTROL, "no-store");
        if (response.status().equals(HttpResponseStatus.UPGRADE_REQUIRED)) {
            headers.set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, "13");
        }
        cookie.ifPresent(value -> headers.add(HttpHeaderNames.SET_COOKIE, value));
        if (unknownSession) {
            engine.settings().unknownSessionHint().ifPresent(hint -> headers.set(HINT, hint));
        }
        // Whole seconds, and never too few.
        retryAfter.ifPresent(after ->
                headers.set(HttpHeaderNames.RETRY_AFTER, after.plusMillis(999).toSeconds()));
        if (originAllowed) {
            if (method().equals(HttpMethod.OPTIONS)) {
                engine.settings().origins().addPreflightTo(headers, headers());
            } else {
                engine.settings().origins().addTo(headers, headers());
            }
        }
        HttpUtil.setKeepAlive(headers, HttpVersion.HTTP_1_1, keepAlive);
        if (keepAlive && head.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            headers.set(HttpHeaderNames.CONNECTION, "keep-alive");
        }
    }

    /** A refused upgrade and a body that was not read end the connection: what follows cannot be told apart. */
    private boolean keepAlive(HttpResponseStatus status) {
        return HttpUtil.isKeepAlive(head)
                && !asksForWebSocket()
                && !status.equals(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE)
                && head.decoderResult().isSuccess();
    }

    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                escaped.append('\\').append((char) c);
            } else if (c < 0x20) {
                escaped.append(String.format("\\u%04x", c));
            } else {
                escaped.append((char) c);
            }
        });
        return escaped.toString();
    }
}
