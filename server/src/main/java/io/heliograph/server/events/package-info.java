/**
 * How a change becomes an event: ids, actors, subjects and the one envelope that every reader of the log gets.
 * Knows no feature; every feature may import it.
 */
@NullMarked
package io.heliograph.server.events;

import org.jspecify.annotations.NullMarked;
