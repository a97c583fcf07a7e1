package io.heliograph.server.publishing;

import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Whether readers of one JSON Schema can read what fits another: the newer one may have additional optional properties, on
 * any level, and other descriptions, and is the same otherwise. Whether a rewritten schema means the same is not examined.
 */
final class SchemaChange {
    private static final Set<String> DESCRIPTIONS =
            Set.of("title", "description", "$comment", "examples", "default", "$id", "deprecated");
    private static final String PROPERTIES = "properties";

    private SchemaChange() {}

    static boolean onlyAdds(JsonNode before, JsonNode after) {
        if (!before.isObject() || !after.isObject()) {
            return before.equals(after);
        }
        boolean kept = before.properties().stream()
                .allMatch(keyword -> DESCRIPTIONS.contains(keyword.getKey())
                        || (keyword.getKey().equals(PROPERTIES)
                                ? propertiesKept(keyword.getValue(), after.path(PROPERTIES))
                                : keywordKept(keyword.getKey(), keyword.getValue(), after)));
        boolean nothingElse = after.properties().stream()
                .allMatch(keyword -> DESCRIPTIONS.contains(keyword.getKey())
                        || keyword.getKey().equals(PROPERTIES)
                        || before.has(keyword.getKey()));
        return kept && nothingElse;
    }

    private static boolean keywordKept(String name, JsonNode value, JsonNode after) {
        JsonNode other = after.path(name);
        return name.equals("items") ? onlyAdds(value, other) : value.equals(other);
    }

    private static boolean propertiesKept(JsonNode before, JsonNode after) {
        return before.properties().stream()
                .allMatch(property ->
                        after.has(property.getKey()) && onlyAdds(property.getValue(), after.path(property.getKey())));
    }
}
