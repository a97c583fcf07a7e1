package io.heliograph.server.web;

import io.heliograph.server.json.RequestJson;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.ResolvableType;
import org.springframework.core.codec.DecodingException;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.codec.json.JacksonJsonDecoder;
import org.springframework.util.MimeType;
import reactor.core.publisher.Flux;
import tools.jackson.core.JacksonException;

/**
 * Reads the bodies of all requests by the rules of {@link RequestJson}. A body is UTF-8, as RFC 8259 asks, whatever its
 * Content-Type says of a charset. Safe from any thread.
 */
final class RequestBodyDecoder extends JacksonJsonDecoder {

    /** The raw bytes of the body: Spring's decoder would use the charset of the Content-Type. */
    @Override
    protected Flux<DataBuffer> processInput(
            Publisher<DataBuffer> input,
            ResolvableType type,
            @Nullable MimeType mimeType,
            @Nullable Map<String, Object> hints) {
        return Flux.from(input);
    }

    @Override
    public Object decode(
            DataBuffer buffer, ResolvableType type, @Nullable MimeType mimeType, @Nullable Map<String, Object> hints) {
        byte[] body = new byte[buffer.readableByteCount()];
        buffer.read(body);
        DataBufferUtils.release(buffer);
        try {
            return RequestJson.read(body, RequestJson.type(type.getType()));
        } catch (JacksonException failure) {
            throw new DecodingException("the body does not have the expected type", failure);
        }
    }
}
