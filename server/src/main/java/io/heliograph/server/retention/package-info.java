/**
 * Removes rows past their retention. A feature adds a {@link io.heliograph.server.retention.RetentionTask} bean for
 * each kind of rows; the timer runs them one after the other. Knows no feature.
 */
@NullMarked
package io.heliograph.server.retention;

import org.jspecify.annotations.NullMarked;
