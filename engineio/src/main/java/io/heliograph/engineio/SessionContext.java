package io.heliograph.engineio;

import java.util.function.Consumer;

/**
 * What a session needs of its server. Immutable.
 *
 * @param forgotten takes the id of a session that is over; called on its loop
 */
record SessionContext(EngineIoSettings settings, EngineObserver observer, Consumer<String> forgotten) {}
