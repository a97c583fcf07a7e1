package io.heliograph.socketio;

import java.io.IOException;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The arguments of an event or an acknowledgement, not counting the event's name.
 *
 * <p>Shape: the JSON is known to be well-formed but is bound only when it is asked for, so numbers of any size and
 * precision are what the peer wrote. Binary attachments are bound to {@code byte[]}, at any depth.
 *
 * <p>Threading: immutable, safe from any thread.
 */
public final class Arguments {

    private final JsonBinding json;
    private final byte[] source;
    // From and to of each argument in source; null when the arguments are nodes.
    private final int @Nullable [] bounds;
    private final List<JsonNode> nodes;

    private Arguments(JsonBinding json, byte[] source, int @Nullable [] bounds, List<JsonNode> nodes) {
        this.json = json;
        this.source = source;
        this.bounds = bounds;
        this.nodes = nodes;
    }

    /** Arguments that stand in {@code source}, which is handed over; {@code bounds} has from and to of each. */
    static Arguments ofJson(JsonBinding json, byte[] source, int[] bounds) {
        return new Arguments(json, source, bounds, List.of());
    }

    static Arguments ofNodes(JsonBinding json, List<JsonNode> nodes) {
        return new Arguments(json, new byte[0], null, List.copyOf(nodes));
    }

    /** How many there are. */
    public int size() {
        return bounds == null ? nodes.size() : bounds.length / 2;
    }

    /**
     * Binds one argument.
     *
     * @throws ArgumentMismatchException when there are fewer arguments, or this one does not fit
     */
    @SuppressWarnings("unchecked") // the codec returns what it was asked for; Class.cast knows no primitives
    public <T> T get(int index, Class<T> type) {
        return (T) get(index, (Type) type);
    }

    /** Binds one argument to a type that may be generic. */
    Object get(int index, Type type) {
        requireIndex(index);
        Object value;
        try {
            value = bounds == null
                    ? json.read(nodes.get(index), type)
                    : json.read(source, bounds[2 * index], length(bounds, index), type);
        } catch (JacksonException e) {
            throw mismatch(index, type, e.getPathReference());
        } catch (IOException | IllegalArgumentException e) {
            // Another codec's, or a record's own check that Jackson did not wrap.
            throw mismatch(index, type, "");
        }
        if (value == null) {
            throw mismatch(index, type, "");
        }
        return value;
    }

    /**
     * One argument as a tree; JSON's null is a {@code NullNode}.
     *
     * @throws ArgumentMismatchException when there are fewer arguments, or it has a number that no tree can hold
     */
    public JsonNode get(int index) {
        requireIndex(index);
        try {
            return bounds == null
                    ? nodes.get(index)
                    : json.mapper()
                            .readerFor(JsonNode.class)
                            .readValue(source, bounds[2 * index], length(bounds, index));
        } catch (JacksonException | NumberFormatException e) {
            throw new ArgumentMismatchException("argument " + index + " has a number that is out of range");
        }
    }

    /** One argument's JSON, as the peer wrote it where it came as JSON without attachments; a copy. */
    public byte[] json(int index) {
        requireIndex(index);
        return bounds == null
                ? json.mapper().writeValueAsBytes(nodes.get(index))
                : Arrays.copyOfRange(source, bounds[2 * index], bounds[2 * index + 1]);
    }

    /** How many arguments there are; they may be private. */
    @Override
    public String toString() {
        return "Arguments[" + size() + "]";
    }

    private static int length(int[] bounds, int index) {
        return bounds[2 * index + 1] - bounds[2 * index];
    }

    private void requireIndex(int index) {
        if (index < 0 || index >= size()) {
            throw new ArgumentMismatchException("argument " + index + " is missing, there are " + size());
        }
    }

    private static ArgumentMismatchException mismatch(int index, Type type, String path) {
        // Jackson names the Java class before each property; a client is not told.
        String properties = path.replaceAll("(^|->)[^\\[]*", "");
        String where = properties.isEmpty() ? "" : " at " + properties.replaceAll("[^\\[\\]\"\\w]", "");
        return new ArgumentMismatchException("argument " + index + " does not fit " + name(type) + where);
    }

    private static String name(Type type) {
        return type instanceof Class<?> plain
                ? plain.getSimpleName()
                : type.getTypeName().replaceAll("[\\w.]+[.$]", "");
    }
}
