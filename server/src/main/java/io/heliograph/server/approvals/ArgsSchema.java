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
 * The JSON Schema that an agent sends along, which args must fit that a person has edited. It stands alone: it may
 * refer to its own parts and to nothing else, and nothing is fetched for it. {@link SchemaRules} says what it may be.
 *
 * <p>A run ends when it has done its share of steps or when its thread is interrupted, whichever is first; each step is
 * short. {@link SchemaChecks} runs it on threads that are for nothing else.
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
    /** What schemas themselves must fit. There are as many as drafts, so they are kept. */
    private static final SchemaRegistry META_SCHEMAS = registry(true);

    private ArgsSchema() {}

    /** A run took more steps or more time than it may; nothing is known of the schema or the args. */
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
     * How the args break a schema, the first few ways; empty when they fit. A schema that was stored before its rules
     * were made is held against them too.
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

    /** Its id has no use, since references stay inside, and must not name another schema that the library has. */
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

    /** One run, which looks before each keyword whether it is to go on. Confined to its thread. */
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

    /** A format that no long text has: some of the library's are slow with those. */
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
