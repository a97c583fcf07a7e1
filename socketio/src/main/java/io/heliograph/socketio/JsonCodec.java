package io.heliograph.socketio;

import java.io.IOException;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectMapper;

/**
 * Binds JSON to the application's types: a port. {@link #jackson} is the default; with Gson or Jackson 2 an implementation
 * is one line for each method.
 *
 * <p>It is given one argument at a time, never a whole packet: packets are checked, bounded in depth and split before. It is
 * not used for {@code JsonNode}, null and {@code byte[]} as arguments of their own. Within objects, binary attachments are
 * given to it, and taken from it, as it writes them, which for most libraries is an array of numbers or Base64 text; only
 * Jackson 3 sends {@code byte[]} within objects as attachments.
 *
 * <p>Threading: called from many threads at the same time.
 */
public interface JsonCodec {

    /**
     * Reads one value.
     *
     * @param json contains well-formed UTF-8 JSON from {@code offset} on, {@code length} bytes long; must not be changed
     * @param type a class, or a generic type of a record's component
     * @return an instance of {@code type}; null is taken for a value that does not fit
     * @throws IOException when the value does not fit; every {@code RuntimeException} says the same
     */
    @Nullable
    Object read(byte[] json, int offset, int length, Type type) throws IOException;

    /**
     * Writes one value.
     *
     * @return UTF-8 JSON, trusted to be well-formed; handed over
     * @throws IOException when the value cannot be written; thrown on to the emitter as an {@code UncheckedIOException}
     */
    byte[] write(Object value) throws IOException;

    /** The application's own Jackson 3 mapper, with its modules and features. */
    static JsonCodec jackson(ObjectMapper mapper) {
        return new JacksonCodec(mapper);
    }
}
