/**
 * How much of its limits a workspace uses. A feature with a limit has a bean of {@link io.heliograph.server.usage.UsageSource}.
 * Owns no state.
 */
@NullMarked
package io.heliograph.server.usage;

import org.jspecify.annotations.NullMarked;
