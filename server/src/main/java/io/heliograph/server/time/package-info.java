/** The monotonic clock. Every other package may import it; it imports none. {@code MonotonicClock} is the way in. */
@NullMarked
package io.heliograph.server.time;

import org.jspecify.annotations.NullMarked;
