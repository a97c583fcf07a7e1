package io.heliograph.server.json;

import io.heliograph.server.errors.InvalidFieldException;
import io.heliograph.server.errors.UnicodeText;
import java.lang.reflect.Type;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.deser.std.DelegatingDeserializer;
import tools.jackson.databind.ext.jdk8.Jdk8OptionalDeserializer;
import tools.jackson.databind.ext.jdk8.OptionalDoubleDeserializer;
import tools.jackson.databind.ext.jdk8.OptionalIntDeserializer;
import tools.jackson.databind.ext.jdk8.OptionalLongDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.TypeDeserializer;
import tools.jackson.databind.module.SimpleDeserializers;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.CollectionType;
import tools.jackson.databind.type.ReferenceType;

/**
 * Reads input of clients, from request bodies and sockets. Each field is exactly of its type: nothing is converted,
 * {@code null} is not a way to leave a field out, text and numbers are kept as they are or refused ({@link
 * DocumentCheck}). Invalid input throws an {@link InvalidFieldException} or a {@link JacksonException} with the field's
 * path; {@link JsonFault} describes it in words.
 *
 * <p>Pure; safe from any thread.
 */
public final class RequestJson {
    private static final JsonMapper MAPPER =
            Json.mapper().rebuild().addModule(module()).build();

    private RequestJson() {}

    /** Of a body, which is JSON in UTF-8. */
    public static Object read(byte[] body, JavaType type) {
        String text = UnicodeText.decode(body);
        String document = text.startsWith("\uFEFF") ? text.substring(1) : text;
        // The check reports the duplicate field by its path; the parser would report only its location.
        try (JsonParser parser = MAPPER.reader()
                .without(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .createParser(document)) {
            DocumentCheck.check(parser);
        }
        return MAPPER.readValue(document, type);
    }

    /** Of a value that a parser has read already. */
    public static <T> T read(JsonNode value, Class<T> type) {
        try (JsonParser parser = MAPPER.treeAsTokens(value)) {
            DocumentCheck.check(parser);
        }
        return MAPPER.treeToValue(value, type);
    }

    public static JavaType type(Type type) {
        return MAPPER.constructType(type);
    }

    private static SimpleModule module() {
        SimpleModule module = new SimpleModule("request");
        module.setDeserializers(new ExactOptionals());
        module.setDeserializerModifier(new ExactValues());
        return module;
    }

    /** The four optional types, whose deserializers Jackson makes without calling a modifier. */
    private static final class ExactOptionals extends SimpleDeserializers {
        @Override
        public @Nullable ValueDeserializer<?> findReferenceDeserializer(
                ReferenceType type,
                DeserializationConfig config,
                BeanDescription.Supplier description,
                TypeDeserializer contentTypes,
                ValueDeserializer<?> content) {
            if (type.hasRawClass(Optional.class)) {
                return new ExactOptional(new Jdk8OptionalDeserializer(type, null, contentTypes, content));
            }
            if (type.hasRawClass(OptionalInt.class)) {
                return new Exact(new OptionalIntDeserializer());
            }
            if (type.hasRawClass(OptionalLong.class)) {
                return new Exact(new OptionalLongDeserializer());
            }
            if (type.hasRawClass(OptionalDouble.class)) {
                return new Exact(new OptionalDoubleDeserializer());
            }
            return null;
        }
    }

    /** Wraps the deserializers of all values except trees in {@link Exact}. */
    private static final class ExactValues extends ValueDeserializerModifier {
        @Override
        public ValueDeserializer<?> modifyDeserializer(
                DeserializationConfig config, BeanDescription.Supplier description, ValueDeserializer<?> deserializer) {
            return JsonNode.class.isAssignableFrom(description.getBeanClass()) ? deserializer : new Exact(deserializer);
        }

        @Override
        public ValueDeserializer<?> modifyEnumDeserializer(
                DeserializationConfig config,
                JavaType type,
                BeanDescription.Supplier description,
                ValueDeserializer<?> deserializer) {
            return new ExactEnum(deserializer);
        }

        @Override
        public ValueDeserializer<?> modifyCollectionDeserializer(
                DeserializationConfig config,
                CollectionType type,
                BeanDescription.Supplier description,
                ValueDeserializer<?> deserializer) {
            return new Exact(deserializer);
        }
    }

    /** Rejects {@code null}; an absent field keeps its default. */
    private static class Exact extends DelegatingDeserializer {
        Exact(ValueDeserializer<?> delegatee) {
            super(delegatee);
        }

        @Override
        protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> delegatee) {
            return new Exact(delegatee);
        }

        @Override
        public @Nullable Object getNullValue(DeserializationContext context) {
            throw new InvalidFieldException("", "must not be null; leave it out");
        }

        @Override
        public @Nullable Object getAbsentValue(DeserializationContext context) {
            return _delegatee.getAbsentValue(context);
        }
    }

    /** An absent Optional is empty; Jackson would use the value's null. */
    private static final class ExactOptional extends Exact {
        ExactOptional(ValueDeserializer<?> delegatee) {
            super(delegatee);
        }

        @Override
        protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> delegatee) {
            return new ExactOptional(delegatee);
        }

        @Override
        public Object getAbsentValue(DeserializationContext context) {
            return Optional.empty();
        }
    }

    /** Jackson accepts a name with spaces around it. */
    private static final class ExactEnum extends Exact {
        ExactEnum(ValueDeserializer<?> delegatee) {
            super(delegatee);
        }

        @Override
        protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> delegatee) {
            return new ExactEnum(delegatee);
        }

        @Override
        public Object deserialize(JsonParser parser, DeserializationContext context) {
            if (!parser.hasToken(JsonToken.VALUE_STRING)) {
                return context.handleUnexpectedToken(context.constructType(handledType()), parser);
            }
            String name = parser.getString();
            return name.equals(name.strip())
                    ? super.deserialize(parser, context)
                    : context.handleWeirdStringValue(handledType(), name, "spaces around it");
        }
    }
}
