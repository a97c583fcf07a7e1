package io.heliograph.gateway;

import io.heliograph.socketio.PreparedEvent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An event as sockets get it: encoded once, and the rooms whose sockets may see it. Immutable.
 *
 * @param rooms of one workspace, without repetition
 * @param at when it was committed
 * @param traceId of the command, when it was traced
 */
public record OutgoingEvent(
        List<String> rooms, Instant at, PreparedEvent prepared, String type, Optional<String> traceId) {}
