package io.heliograph.server.publishing;

import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What is known of a type of events.
 *
 * @param schema of the events' data
 * @param version counts the changes, from 1
 */
record DescribedType(String type, JsonNode schema, Optional<String> description, long version, Instant updatedAt) {}
