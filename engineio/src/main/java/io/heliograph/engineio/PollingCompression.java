package io.heliograph.engineio;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Compresses polling responses that are worth it, for clients that accept it.
 *
 * <p>Source: RFC 9110 section 12.5.3; Node's engine.io, {@code httpCompression}.
 */
final class PollingCompression {

    private PollingCompression() {}

    /** A response with {@code content}, compressed or not; takes over {@code content}. */
    static FullHttpResponse response(HttpResponseStatus status, ByteBuf content, HttpHeaders request, int threshold) {
        AcceptEncoding accepts = AcceptEncoding.parse(request.get(HttpHeaderNames.ACCEPT_ENCODING, ""));
        boolean asItIs = !content.isReadable() || (content.readableBytes() < threshold && accepts.takes("identity"));
        String encoding = asItIs ? null : accepts.firstOf("gzip", "deflate");
        if (encoding == null) {
            return Responses.plain(status, content);
        }
        FullHttpResponse response = Responses.plain(status, compress(content, encoding));
        response.headers().set(HttpHeaderNames.CONTENT_ENCODING, encoding);
        return response;
    }

    private static ByteBuf compress(ByteBuf content, String encoding) {
        ByteBuf compressed = content.alloc().buffer(content.readableBytes() / 2);
        try (OutputStream out = deflating(new ByteBufOutputStream(compressed), encoding)) {
            content.readBytes(out, content.readableBytes());
        } catch (IOException e) {
            compressed.release();
            throw new UncheckedIOException("a buffer in memory cannot fail", e);
        } finally {
            content.release();
        }
        return compressed;
    }

    private static OutputStream deflating(OutputStream out, String encoding) throws IOException {
        return encoding.equals("gzip") ? new GZIPOutputStream(out) : new DeflaterOutputStream(out);
    }
}
