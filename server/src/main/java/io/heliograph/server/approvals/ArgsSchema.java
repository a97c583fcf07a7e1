package io.heliograph.server.approvals;

import com.networknt.schema.AbsoluteIri;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * The JSON Schema that an agent sends along, which args must fit that a person has edited. It stands alone: it may
 * refer to its own parts and to nothing else, and nothing is fetched for it.
 *
 * <p>Source: JSON Schema draft 2020-12, or the draft that the schema's {@code $schema} names.
 */
final class ArgsSchema {
    private static final int MAX_FAULTS = 5;
    private static final SchemaLocation OWN_LOCATION = SchemaLocation.of("urn:heliograph:args-schema");
    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            registry -> registry.schemaCacheEnabled(false)
                    .schemaLoader(loader -> loader.fetchRemoteResources(false).allow(ArgsSchema::isMetaSchema))
                    .schemaRegistryConfig(
                            SchemaRegistryConfig.builder().preloadSchema(true).build()));

    private ArgsSchema() {}

    /** What is wrong with the schema itself; empty when it can be used. */
    static Optional<String> fault(JsonNode schema) {
        try {
            String dialect = SpecificationVersion.fromSchemaNode(schema)
                    .orElse(SpecificationVersion.DRAFT_2020_12)
                    .getDialectId();
            List<Error> errors = REGISTRY.getSchema(SchemaLocation.of(dialect)).validate(schema);
            if (!errors.isEmpty()) {
                return Optional.of("must be a JSON Schema: " + describe(errors));
            }
            REGISTRY.getSchema(OWN_LOCATION, schema).initializeValidators();
            return Optional.empty();
        } catch (RuntimeException fault) {
            // A boundary: whatever the library cannot digest is the schema's fault.
            return Optional.of("must be a JSON Schema that stands alone: " + fault.getMessage());
        }
    }

    /** How the args break a schema that has no fault itself, the first few ways; empty when they fit. */
    static Optional<String> fault(JsonNode schema, JsonNode args) {
        try {
            List<Error> errors = REGISTRY.getSchema(OWN_LOCATION, schema).validate(args);
            return errors.isEmpty() ? Optional.empty() : Optional.of(describe(errors));
        } catch (RuntimeException fault) {
            // A boundary: the library gave up, and args that were not checked do not pass.
            return Optional.of("they cannot be held against it: " + fault.getMessage());
        }
    }

    private static String describe(List<Error> errors) {
        return errors.stream()
                .limit(MAX_FAULTS)
                .map(error -> error.getInstanceLocation() + " " + error.getMessage())
                .collect(Collectors.joining("; "));
    }

    private static boolean isMetaSchema(AbsoluteIri iri) {
        String address = iri.toString();
        return address.startsWith("https://json-schema.org/") || address.startsWith("http://json-schema.org/");
    }
}
