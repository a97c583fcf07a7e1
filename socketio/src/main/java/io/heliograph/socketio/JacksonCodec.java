package io.heliograph.socketio;

import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** Binds with Jackson 3. {@link JsonBinding} uses the mapper directly, which saves copies. */
record JacksonCodec(ObjectMapper mapper) implements JsonCodec {

    /** Keeps decimals as they are. */
    static final JacksonCodec DEFAULT = new JacksonCodec(JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build());

    @Override
    public @Nullable Object read(byte[] json, int offset, int length, Type type) {
        return reader(type).readValue(json, offset, length);
    }

    @Override
    public byte[] write(Object value) {
        return mapper.writeValueAsBytes(value);
    }

    ObjectReader reader(Type type) {
        return type instanceof Class<?> plain ? mapper.readerFor(plain) : mapper.readerFor(mapper.constructType(type));
    }
}
