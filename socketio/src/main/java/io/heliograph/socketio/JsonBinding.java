package io.heliograph.socketio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Reads and writes values by the application's {@link JsonCodec}. Trees are always Jackson's; with a Jackson codec, so is
 * everything else, without a copy in between.
 *
 * <p>Threading: immutable.
 */
final class JsonBinding {

    private final JacksonCodec jackson;
    // Missing when Jackson binds.
    private final @Nullable JsonCodec other;

    JsonBinding(JsonCodec codec) {
        this.jackson = codec instanceof JacksonCodec own ? own : JacksonCodec.DEFAULT;
        this.other = codec instanceof JacksonCodec ? null : codec;
    }

    /** For trees, names and what is the protocol's own. */
    ObjectMapper mapper() {
        return jackson.mapper();
    }

    /** One value of {@code json}. */
    @Nullable
    Object read(byte[] json, int offset, int length, Type type) throws IOException {
        return other == null || isTree(type)
                ? jackson.read(json, offset, length, type)
                : readByOther(other, json, offset, length, type);
    }

    /** One value that is a tree already; its binary is bound to {@code byte[]}. */
    @Nullable
    Object read(JsonNode node, Type type) throws IOException {
        if (other == null || isTree(type) || node.isBinary()) {
            return mapper().treeToValue(node, mapper().constructType(type));
        }
        byte[] json = mapper().writeValueAsBytes(node);
        return readByOther(other, json, 0, json.length, type);
    }

    void write(JsonGenerator generator, @Nullable Object value) {
        if (isOurs(value)) {
            mapper().writeValue(generator, value);
        } else {
            generator.writeRawValue(new String(written(value), StandardCharsets.UTF_8));
        }
    }

    JsonNode tree(@Nullable Object value) {
        if (value instanceof JsonNode node) {
            return node;
        }
        if (value instanceof byte[] bytes) {
            return JsonNodeFactory.instance.binaryNode(bytes);
        }
        return isOurs(value) ? mapper().valueToTree(value) : mapper().readTree(written(value));
    }

    private static @Nullable Object readByOther(JsonCodec other, byte[] json, int offset, int length, Type type)
            throws IOException {
        try {
            return other.read(json, offset, length, type);
        } catch (RuntimeException e) {
            // Most libraries say so that a value does not fit.
            throw new IOException(e);
        }
    }

    private boolean isOurs(@Nullable Object value) {
        return other == null || value == null || value instanceof JsonNode || value instanceof byte[];
    }

    private byte[] written(@Nullable Object value) {
        if (other == null || value == null) {
            throw new IllegalStateException("Jackson writes this value");
        }
        try {
            return other.write(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isTree(Type type) {
        return type instanceof Class<?> plain && JsonNode.class.isAssignableFrom(plain);
    }
}
