package io.heliograph.server.demo;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The jobs of one demonstration agent, which it repeats in random order. Immutable.
 *
 * @param id of the agent; it stays the same from start to start
 */
record Script(String id, String name, String kind, List<Job> jobs) {
    Script {
        jobs = List.copyOf(jobs);
    }

    /** All scripts of a file. */
    record Cast(List<Script> agents) {
        Cast {
            agents = List.copyOf(agents);
        }
    }

    /**
     * One job. Texts and JSON in it may name a variable in braces, such as {@code {order}}.
     *
     * @param task what the agent says that it is doing
     * @param variables by name: an object {@code {"from", "to"}} for a whole number, or a list to choose from
     */
    record Job(String task, Map<String, JsonNode> variables, List<Step> steps) {
        Job(String task, @Nullable Map<String, JsonNode> variables, List<Step> steps) {
            this.task = task;
            this.variables = variables == null ? Map.of() : Map.copyOf(variables);
            this.steps = List.copyOf(steps);
        }

        /** The job with a value for each variable, chosen by {@code random}. */
        Job cast(RandomGenerator random, JsonMapper json) {
            ObjectNode values = JsonNodeFactory.instance.objectNode();
            variables.forEach((name, from) -> values.set(name, choose(from, random)));
            JsonNode template = json.valueToTree(new Job(task, Map.of(), steps));
            return json.treeToValue(fill(template, values), Job.class);
        }

        private static JsonNode choose(JsonNode from, RandomGenerator random) {
            return from instanceof ArrayNode choices
                    ? choices.get(random.nextInt(choices.size()))
                    : JsonNodeFactory.instance.numberNode(random.nextInt(
                            from.path("from").asInt(), from.path("to").asInt() + 1));
        }

        /** A text that consists of one variable becomes the variable's value, with its type. */
        private static JsonNode fill(JsonNode template, ObjectNode values) {
            if (template instanceof ObjectNode object) {
                ObjectNode filled = JsonNodeFactory.instance.objectNode();
                object.forEachEntry((name, value) -> filled.set(name, fill(value, values)));
                return filled;
            }
            if (template instanceof ArrayNode array) {
                ArrayNode filled = JsonNodeFactory.instance.arrayNode();
                array.forEach(item -> filled.add(fill(item, values)));
                return filled;
            }
            return template.isString() ? fill(template.asString(), values) : template;
        }

        private static JsonNode fill(String text, ObjectNode values) {
            String filled = text;
            for (String name : values.propertyNames()) {
                String braced = "{" + name + "}";
                if (text.equals(braced)) {
                    return values.required(name);
                }
                filled = filled.replace(braced, values.required(name).asString());
            }
            return JsonNodeFactory.instance.stringNode(filled);
        }
    }

    /** One step. Exactly one of the fields other than the last three is present. */
    record Step(
            Optional<String> say,
            Optional<String> call,
            Optional<String> result,
            Optional<String> log,
            Optional<String> stream,
            Optional<String> fail,
            Optional<Ask> ask,
            @Nullable List<Step> approved,
            @Nullable List<Step> rejected) {

        /** The steps after an approval and after a rejection. */
        List<Step> after(boolean allowed) {
            List<Step> steps = allowed ? approved : rejected;
            return steps == null ? List.of() : steps;
        }
    }

    /** A request for approval, as the body of {@code POST /v1/approvals}. */
    record Ask(
            String title,
            String description,
            Optional<String> reasoning,
            Optional<Double> confidence,
            String risk,
            JsonNode action,
            Optional<JsonNode> allow,
            Optional<List<String>> rejectOptions,
            Optional<List<String>> tags,
            int expiresIn) {}
}
