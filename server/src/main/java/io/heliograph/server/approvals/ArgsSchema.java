package io.heliograph.server.approvals;

import com.networknt.schema.Error;
import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.format.Format;
import com.networknt.schema.keyword.FormatValidator;
import com.networknt.schema.path.NodePath;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON Schema of a request, against which edited args are validated. It is self-contained: it refers only to its
 * own parts, and nothing is fetched. {@link SchemaRules} restricts it.
 *
 * <p>A run ends when its step limit is reached or its thread is interrupted; each step is short. {@link SchemaChecks}
 * runs it on dedicated threads.
 *
 * <p>Source: JSON Schema draft 2020-12, or the draft that the schema's {@code $schema} names.
 */
final class ArgsSchema {
    /** Keywords that one run evaluates at most, for some hundred milliseconds. */
    private static final long MAX_STEPS = 1_000_000;
    /** Schemas that one run is inside of at most. Each level of a schema is some levels of the schema for schemas. */
    private static final int MAX_EVALUATION_DEPTH = 20 * SchemaRules.MAX_DEPTH;
    /** Errors that one run collects at most, those of alternatives that do not count included. */
    private static final int MAX_ERRORS = 100_000;
    /** Characters of a text that a {@code format} is looked for in; none of the formats has longer ones. */
    private static final int MAX_FORMATTED = 2_048;

    private static final int MAX_FAULTS = 5;
    private static final int MAX_FAULT = 300;

    private static final SchemaLocation OWN_LOCATION = SchemaLocation.of("urn:heliograph:args-schema");
    private static final SchemaRegistryConfig CONFIG = SchemaRegistryConfig.builder()
            .preloadSchema(true)
            .regularExpressionFactory(new Patterns())
            .build();
    private static final SchemaRegistry SCHEMAS = registry(false);
    /** The meta-schemas, one per draft, kept for reuse. */
    private static final SchemaRegistry META_SCHEMAS = registry(true);

    private ArgsSchema() {}

    /** A run exceeded its limit of steps or time; its result is unknown. */
    static final class TooCostly extends CancellationException {
        TooCostly() {
            super("the run was ended before its result");
        }
    }

    /**
     * What is wrong with the schema itself; empty when it can be used.
     *
     * @throws TooCostly when the run was ended
     */
    static Optional<String> fault(JsonNode schema) {
        Optional<String> rule = SchemaRules.fault(schema);
        if (rule.isPresent()) {
            return rule;
        }
        String dialect = SchemaRules.dialect(schema)
                .flatMap(SpecificationVersion::fromDialectId)
                .orElse(SpecificationVersion.DRAFT_2020_12)
                .getDialectId();
        List<Error> errors = run(META_SCHEMAS.getSchema(SchemaLocation.of(dialect)), schema);
        if (!errors.isEmpty()) {
            return Optional.of("must be a JSON Schema: " + describe(errors));
        }
        compile(schema).initializeValidators();
        return Optional.empty();
    }

    /**
     * The first few violations of a schema by args; empty when they are valid. A stored schema is checked by the rules
     * too, because it may be older than they are.
     *
     * @throws TooCostly when the run was ended
     */
    static Optional<String> fault(JsonNode schema, JsonNode args) {
        Optional<String> rule = SchemaRules.fault(schema);
        if (rule.isPresent()) {
            return Optional.of("it cannot be used, " + rule.get() + "; ask the agent to request again");
        }
        List<Error> errors = run(compile(schema), args);
        return errors.isEmpty() ? Optional.empty() : Optional.of(describe(errors));
    }

    /** The id is removed: references are internal, and the id must not name another schema of the library. */
    private static Schema compile(JsonNode schema) {
        JsonNode anonymous = schema;
        if (schema instanceof ObjectNode object
                && (object.has("$id") || object.path("id").isString())) {
            ObjectNode copy = object.deepCopy();
            copy.remove("$id");
            if (copy.path("id").isString()) {
                copy.remove("id");
            }
            anonymous = copy;
        }
        return SCHEMAS.getSchema(OWN_LOCATION, anonymous);
    }

    private static List<Error> run(Schema schema, JsonNode value) {
        Run run = new Run();
        schema.validate(run, value);
        run.check();
        return run.getErrors();
    }

    private static String describe(List<Error> errors) {
        return errors.stream()
                .limit(MAX_FAULTS)
                .map(error -> shortened(error.getInstanceLocation() + " " + error.getMessage()))
                .collect(Collectors.joining("; "));
    }

    private static String shortened(String text) {
        return text.length() <= MAX_FAULT ? text : text.substring(0, MAX_FAULT) + "…";
    }

    private static SchemaRegistry registry(boolean cached) {
        List<Dialect> dialects = Stream.of(
                        Dialects.getDraft202012(),
                        Dialects.getDraft201909(),
                        Dialects.getDraft7(),
                        Dialects.getDraft6(),
                        Dialects.getDraft4())
                .map(dialect -> Dialect.builder(dialect)
                        .formats(formats -> formats.replaceAll((_, format) -> new ShortFormat(format)))
                        .build())
                .toList();
        return SchemaRegistry.withDialects(
                dialects,
                registry -> registry.defaultDialectId(SpecificationVersion.DRAFT_2020_12.getDialectId())
                        .schemaCacheEnabled(cached)
                        .schemaLoader(loader -> loader.fetchRemoteResources(false)
                                .allow(iri -> iri.toString().startsWith("https://json-schema.org/")
                                        || iri.toString().startsWith("http://json-schema.org/")))
                        .schemaRegistryConfig(CONFIG));
    }

    /** One run, which checks its limits before each keyword. Confined to its thread. */
    private static final class Run extends ExecutionContext {
        private int errors;

        Run() {
            super(ExecutionConfig.builder()
                    .maxEvaluationSteps(MAX_STEPS)
                    .maxEvaluationDepth(MAX_EVALUATION_DEPTH)
                    .build());
        }

        @Override
        public void evaluationPathAddLast(String keyword) {
            check();
            super.evaluationPathAddLast(keyword);
        }

        @Override
        public void evaluationPathAddLast(int index) {
            check();
            super.evaluationPathAddLast(index);
        }

        @Override
        public void addError(Error error) {
            errors++;
            if (errors > MAX_ERRORS) {
                throw new TooCostly();
            }
            super.addError(error);
        }

        void check() {
            if (Thread.currentThread().isInterrupted()) {
                throw new TooCostly();
            }
        }
    }

    /** A format that long texts never match, because some of the library's formats are slow for long texts. */
    private record ShortFormat(Format format) implements Format {
        @Override
        public String getName() {
            return format.getName();
        }

        @Override
        public String getMessageKey() {
            return format.getMessageKey();
        }

        @Override
        public boolean matches(ExecutionContext run, SchemaContext context, String value) {
            return value.length() <= MAX_FORMATTED && format.matches(run, context, value);
        }

        @Override
        public boolean matches(
                ExecutionContext run,
                SchemaContext context,
                JsonNode node,
                JsonNode root,
                NodePath location,
                boolean asserted,
                FormatValidator validator) {
            return (!node.isString() || node.asString().length() <= MAX_FORMATTED)
                    && format.matches(run, context, node, root, location, asserted, validator);
        }
    }
}
