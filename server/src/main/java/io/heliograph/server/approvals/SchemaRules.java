package io.heliograph.server.approvals;

import java.math.BigDecimal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/**
 * The rules for an argsSchema, so that validating any args against it is cheap. Checked by one walk over the schema,
 * which evaluates nothing:
 *
 * <ul>
 *   <li>references ({@code $ref}, {@code $dynamicRef}, {@code $recursiveRef}) lead to the schema's own parts and never
 *       in a circle;
 *   <li>nesting, and the size with each reference written out, are bounded. Sizes are counted once for each part, so a
 *       schema that doubles 25 times is refused as fast as any other;
 *   <li>patterns are those of {@link Patterns}, and not too many;
 *   <li>{@code $schema} names a draft that the server has, and {@code $id} stands at the root only.
 * </ul>
 *
 * <p>Immutable but for the walk, which is confined to one call. Source: JSON Schema draft 2020-12, and its predecessors
 * as far as their keywords hold schemas.
 */
final class SchemaRules {
    /** Levels of JSON, and of schemas with each reference written out. */
    static final int MAX_DEPTH = 100;
    /** Keywords with each reference written out. */
    static final int MAX_EXPANDED = 20_000;

    static final int MAX_PATTERNS = 200;

    private static final int MAX_POINTER = 200;
    private static final int MAX_DIGITS = 400;

    private static final Set<String> DIALECTS = Set.of(
            "https://json-schema.org/draft/2020-12/schema",
            "https://json-schema.org/draft/2019-09/schema",
            "http://json-schema.org/draft-07/schema",
            "http://json-schema.org/draft-06/schema",
            "http://json-schema.org/draft-04/schema");
    private static final Set<String> REFERENCES = Set.of("$ref", "$dynamicRef", "$recursiveRef");
    private static final Set<String> ANCHORS = Set.of("$anchor", "$dynamicAnchor");
    private static final Set<String> VALUES = Set.of("enum", "const", "default", "examples", "example");
    private static final Set<String> DEFINITIONS = Set.of("$defs", "definitions");
    /** Keywords whose members are schemas under names of the author's choice. */
    private static final Set<String> MAPS =
            Set.of("properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies");

    private SchemaRules() {}

    /** What is wrong with the schema, with a JSON pointer to the place; empty when it is cheap to use. */
    static Optional<String> fault(JsonNode schema) {
        try {
            new Walk(schema).run();
            return Optional.empty();
        } catch (Refusal refusal) {
            return Optional.of(String.valueOf(refusal.getMessage()));
        }
    }

    /** The dialect that {@code $schema} names without its empty fragment; empty when it names none. */
    static Optional<String> dialect(JsonNode schema) {
        JsonNode named = schema.path("$schema");
        return named.isString() ? Optional.of(named.asString().replaceFirst("#$", "")) : Optional.empty();
    }

    private static final class Refusal extends RuntimeException {
        Refusal(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * A part with each reference written out.
     *
     * @param keywords at most {@link #MAX_EXPANDED} + 1
     */
    private record Size(long keywords, int depth) {
        static final Size ONE = new Size(1, 1);
    }

    /** @param depth in levels, references followed */
    private record Location(String pointer, int depth) {
        Location down(String key) {
            String longer = pointer + "/" + key.replace("~", "~0").replace("/", "~1");
            return new Location(
                    longer.length() > MAX_POINTER ? longer.substring(0, MAX_POINTER) + "…" : longer, depth + 1);
        }

        Refusal refuse(String reason) {
            return new Refusal("at " + (pointer.isEmpty() ? "its root" : pointer) + " " + reason);
        }
    }

    @SuppressWarnings("ReferenceEquality") // a part is a node at its place, whatever its value
    private static final class Walk {
        private final JsonNode root;
        private final boolean draft4;
        private final IdentityHashMap<JsonNode, Size> sizes = new IdentityHashMap<>();
        /** What the walk is inside of now: coming back to it is a circle. */
        private final Set<JsonNode> open = Collections.newSetFromMap(new IdentityHashMap<>());

        private final Map<String, JsonNode> anchors = new HashMap<>();
        private int patterns;

        Walk(JsonNode root) {
            this.root = root;
            this.draft4 = dialect(root).orElse("").endsWith("draft-04/schema");
        }

        void run() {
            findAnchors(root, new Location("", 1));
            schema(root, new Location("", 1));
        }

        /** Before anything is followed; it bounds the depth of the document as well, and its numbers. */
        private void findAnchors(JsonNode node, Location location) {
            requireDepth(location, 0);
            if (node.isNumber()) {
                requirePlainNumber(node, location);
            }
            int index = 0;
            for (JsonNode item : node.isArray() ? node : Collections.<JsonNode>emptyList()) {
                findAnchors(item, location.down(String.valueOf(index++)));
            }
            for (Map.Entry<String, JsonNode> member : node.properties()) {
                if (ANCHORS.contains(member.getKey()) && member.getValue().isString()) {
                    JsonNode other = anchors.put(member.getValue().asString(), node);
                    if (other != null && other != node) {
                        throw location.refuse("repeats an anchor");
                    }
                }
                findAnchors(member.getValue(), location.down(member.getKey()));
            }
        }

        /** The size of a node as a schema. */
        private Size schema(JsonNode node, Location location) {
            Size known = sizes.get(node);
            if (known != null) {
                requireDepth(location, known.depth);
                return known;
            }
            requireDepth(location, 0);
            if (node.isArray()) {
                return items(node, location);
            }
            if (!node.isObject()) {
                return Size.ONE;
            }
            if (!open.add(node)) {
                throw location.refuse("leads in a circle; a reference must not lead back to where it stands");
            }
            Size size = Size.ONE;
            for (Map.Entry<String, JsonNode> member : node.properties()) {
                size = add(size, keyword(node, member.getKey(), member.getValue(), location), location);
            }
            open.remove(node);
            sizes.put(node, size);
            return size;
        }

        private Size items(JsonNode array, Location location) {
            Size size = Size.ONE;
            int index = 0;
            for (JsonNode item : array) {
                size = add(size, schema(item, location.down(String.valueOf(index++))), location);
            }
            return size;
        }

        private Size keyword(JsonNode owner, String name, JsonNode value, Location location) {
            Location here = location.down(name);
            if (REFERENCES.contains(name) && value.isString()) {
                return schema(target(value.asString(), here), here);
            }
            if (VALUES.contains(name)) {
                return Size.ONE;
            }
            if (MAPS.contains(name) && value.isObject()) {
                return members(name, value, here);
            }
            requirePlacement(owner, name, value, here);
            if (name.equals("pattern") && value.isString()) {
                pattern(value.asString(), here);
            }
            return schema(value, here);
        }

        private Size members(String name, JsonNode map, Location location) {
            Size size = Size.ONE;
            for (Map.Entry<String, JsonNode> member : map.properties()) {
                Location here = location.down(member.getKey());
                if (name.equals("patternProperties")) {
                    // The key is the pattern, so the place is the keyword's.
                    pattern(member.getKey(), location);
                    here = location;
                }
                Size own = schema(member.getValue(), here);
                // What is only defined is not evaluated before something refers to it.
                size = DEFINITIONS.contains(name) ? size : add(size, own, location);
            }
            return size;
        }

        private void pattern(String pattern, Location location) {
            patterns++;
            if (patterns > MAX_PATTERNS) {
                throw location.refuse("has one pattern more than the " + MAX_PATTERNS + " that a schema may have");
            }
            Patterns.fault(pattern).ifPresent(fault -> {
                throw location.refuse("has a pattern that " + fault);
            });
        }

        private void requirePlacement(JsonNode owner, String name, JsonNode value, Location location) {
            switch (name) {
                case "$schema" -> {
                    if (owner != root
                            || !value.isString()
                            || !DIALECTS.contains(dialect(root).orElse(""))) {
                        throw location.refuse(
                                "must stand at the root and name one of the drafts 2020-12, 2019-09, 07, 06"
                                        + " and 04 of json-schema.org");
                    }
                }
                case "$vocabulary" -> throw location.refuse("is for meta-schemas; leave it out");
                case "$id" -> requireRoot(owner, value, location);
                case "id" -> {
                    if (draft4) {
                        requireRoot(owner, value, location);
                    }
                }
                default -> {}
            }
        }

        private void requireRoot(JsonNode owner, JsonNode value, Location location) {
            if (owner != root && value.isString()) {
                throw location.refuse("names a part; only the root may have an id, and references use #/$defs/…");
            }
        }

        private JsonNode target(String reference, Location location) {
            if (!reference.startsWith("#")) {
                throw location.refuse(
                        "must refer to a part of this schema, such as #/$defs/address: a schema stands alone,"
                                + " and nothing is fetched");
            }
            try {
                String fragment = URLDecoder.decode(reference.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8);
                JsonNode target;
                if (fragment.isEmpty() || fragment.startsWith("/")) {
                    target = root.at(JsonPointer.compile(fragment));
                } else {
                    target = anchors.get(fragment);
                }
                if (target != null && !target.isMissingNode()) {
                    return target;
                }
            } catch (IllegalArgumentException _) {
                // No pointer: told below.
            }
            throw location.refuse("refers to a part that is not there");
        }

        /** Arithmetic with exact numbers takes time for each digit. */
        private static void requirePlainNumber(JsonNode number, Location location) {
            boolean plain;
            if (number.isBigInteger()) {
                plain = number.bigIntegerValue().bitLength() < Double.MAX_EXPONENT;
            } else if (number.isBigDecimal()) {
                BigDecimal exact = number.decimalValue();
                plain = Math.abs((long) exact.scale()) <= MAX_DIGITS && exact.precision() <= MAX_DIGITS;
            } else {
                plain = Double.isFinite(number.doubleValue());
            }
            if (!plain) {
                throw location.refuse("has a number that no double holds");
            }
        }

        private static void requireDepth(Location location, int below) {
            if (location.depth + below > MAX_DEPTH) {
                throw location.refuse(
                        "is nested deeper than " + MAX_DEPTH + " levels, with its references written out");
            }
        }

        private static Size add(Size size, Size part, Location location) {
            long keywords = size.keywords + part.keywords;
            if (keywords > MAX_EXPANDED) {
                throw location.refuse("has more than " + MAX_EXPANDED + " keywords, with its references written out");
            }
            return new Size(keywords, Math.max(size.depth, part.depth + 1));
        }
    }
}
