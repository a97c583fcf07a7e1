package io.heliograph.server.publishing;

import java.util.Optional;

/**
 * An event in the log.
 *
 * @param id {@code evt_…}
 * @param eventId as the publisher gave it
 * @param cursor of a reader that has it and everything before it
 */
record PublishedEvent(String id, Optional<String> eventId, long offset, String cursor) {}
