package io.heliograph.server.http;

import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.web.Cors;
import io.heliograph.server.web.Origins;
import io.heliograph.server.web.ProblemBody;
import io.heliograph.server.web.SecurityHeaders;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Rejects requests whose heads violate {@link RequestRules} with a problem and the usual headers, and closes the
 * connection. Adds {@code Date} to every response, and sends bodies without chunks to HTTP/1.0 clients.
 *
 * <p>Stands behind the sockets' handler and before Reactor Netty. Owned by the channel's loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as the channel's end
final class RequestHeads extends ChannelDuplexHandler {
    /**
     * How long a refused peer may continue to send; closing at once could reset the connection and lose the response.
     */
    private static final Duration LINGER = Duration.ofSeconds(2);

    private final RequestRules rules;
    private final Origins origins;
    private final JsonMapper json;
    private final HttpDate date;
    private final Consumer<RequestRules.Refusal> refused;
    /**
     * The unanswered requests, oldest first. Bounded, because Reactor Netty reads the next request only after a
     * response.
     */
    private final Queue<HttpVersion> unanswered = new ArrayDeque<>();
    // Once it is set, nothing more is passed on.
    private @Nullable FullHttpResponse refusal;
    private boolean closing;
    /** The head of the last request that was passed on. */
    private @Nullable HttpRequest current;
    // Whether the response to the oldest request has begun.
    private boolean answering;

    RequestHeads(
            RequestRules rules,
            Origins origins,
            JsonMapper json,
            HttpDate date,
            Consumer<RequestRules.Refusal> refused) {
        this.rules = rules;
        this.origins = origins;
        this.json = json;
        this.date = date;
        this.refused = refused;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (refusal == null && message instanceof HttpRequest request) {
            Optional<RequestRules.Refusal> broken = rules.check(request);
            if (broken.isPresent()) {
                refused.accept(broken.get());
                refusal = problem(request, broken.get());
                answerRefused(context);
            } else {
                unanswered.add(request.protocolVersion());
                current = request;
            }
        }
        if (refusal == null
                && message instanceof HttpContent content
                && content.decoderResult().isFailure()) {
            refuseBody(context);
        }
        if (refusal == null) {
            context.fireChannelRead(message);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (refusal != null && unanswered.isEmpty()) {
            ReferenceCountUtil.release(message);
            promise.tryFailure(new ClosedChannelException());
            return;
        }
        if (message instanceof HttpResponse response) {
            response.headers().set(HttpHeaderNames.DATE, date.now());
            if (response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
                context.write(message, promise);
                return;
            }
            answering = true;
            if (HttpVersion.HTTP_1_0.equals(unanswered.peek()) && HttpUtil.isTransferEncodingChunked(response)) {
                HttpUtil.setTransferEncodingChunked(response, false);
                response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
                closing = true;
            }
        }
        boolean last = message instanceof LastHttpContent;
        context.write(message, last && closing ? promise.unvoid().addListener(ChannelFutureListener.CLOSE) : promise);
        if (last) {
            unanswered.poll();
            answering = false;
            answerRefused(context);
        }
    }

    /**
     * A malformed chunked body is rejected, unless the response has begun: then the response continues, and the
     * connection is closed after it.
     */
    private void refuseBody(ChannelHandlerContext context) {
        HttpRequest request = current;
        if (request != null && unanswered.size() == 1 && !answering) {
            RequestRules.Refusal broken =
                    new RequestRules.Refusal(ErrorCode.INVALID_REQUEST, "The body's chunks are not well-formed");
            refused.accept(broken);
            refusal = problem(request, broken);
            unanswered.clear();
            answerRefused(context);
        }
    }

    /** Responses are in the order of the requests. */
    private void answerRefused(ChannelHandlerContext context) {
        FullHttpResponse response = refusal;
        if (response == null || closing || !unanswered.isEmpty()) {
            return;
        }
        closing = true;
        context.writeAndFlush(response).addListener(_ -> linger(context));
    }

    private static void linger(ChannelHandlerContext context) {
        context.channel().config().setAutoRead(true);
        if (context.channel() instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        }
        context.executor().schedule(() -> context.close(), LINGER.toMillis(), TimeUnit.MILLISECONDS);
    }

    private FullHttpResponse problem(HttpRequest request, RequestRules.Refusal broken) {
        byte[] body = json.writeValueAsBytes(ProblemBody.of(broken.code(), broken.detail()));
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(broken.code().status()), Unpooled.wrappedBuffer(body));
        HttpHeaders headers = response.headers();
        SecurityHeaders.forEach(request.headers().get(HttpHeaderNames.HOST), headers::set);
        @Nullable String origin = request.headers().get(HttpHeaderNames.ORIGIN);
        if (origin != null || request.decoderResult().isFailure()) {
            Cors.ofRefusal(origins, origin, headers::set);
        }
        headers.set(HttpHeaderNames.CONTENT_TYPE, "application/problem+json");
        headers.setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
        headers.set(HttpHeaderNames.CACHE_CONTROL, "no-store");
        headers.set(HttpHeaderNames.DATE, date.now());
        headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        return response;
    }
}
