package io.heliograph.server.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * The one shape of JSON, for REST and for events:
 *
 * <ul>
 *   <li>names are camelCase; an absent {@code Optional} and {@code null} are left out;
 *   <li>times are RFC 3339 in UTC with exactly three digits of fraction;
 *   <li>enums are lower-case with underscores, unless they name themselves with {@code @JsonValue};
 *   <li>reading, an unknown or repeated field is an error, and so is anything after the document.
 * </ul>
 */
public final class Json {
    private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private Json() {}

    /** A mapper of that shape. Safe from any thread; there is one in a process, as a bean. */
    public static JsonMapper mapper() {
        SimpleModule module = new SimpleModule("heliograph");
        module.addSerializer(new MillisSerializer());
        return JsonMapper.builder()
                .addModule(module)
                .annotationIntrospector(new WireNames())
                .changeDefaultPropertyInclusion(
                        _ -> JsonInclude.Value.construct(JsonInclude.Include.NON_ABSENT, JsonInclude.Include.ALWAYS))
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
    }

    /** {@code 2026-03-01T12:00:00.000Z}. */
    public static String format(Instant instant) {
        return MILLIS.format(instant.truncatedTo(ChronoUnit.MILLIS));
    }

    private static final class MillisSerializer extends StdSerializer<Instant> {
        MillisSerializer() {
            super(Instant.class);
        }

        @Override
        public void serialize(Instant value, JsonGenerator generator, SerializationContext context) {
            generator.writeString(format(value));
        }
    }

    private static final class WireNames extends JacksonAnnotationIntrospector {
        @Override
        public String[] findEnumValues(
                MapperConfig<?> config, AnnotatedClass annotated, Enum<?>[] values, String[] names) {
            for (int index = 0; index < values.length; index++) {
                names[index] = values[index].name().toLowerCase(Locale.ROOT);
            }
            return super.findEnumValues(config, annotated, values, names);
        }
    }
}
