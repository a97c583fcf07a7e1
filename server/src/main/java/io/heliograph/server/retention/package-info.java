/**
 * Removes what is kept no longer. A feature adds a {@link io.heliograph.server.retention.RetentionTask} bean for each
 * kind of rows that it ages; the timer runs them one after the other. Knows no feature.
 */
@NullMarked
package io.heliograph.server.retention;

import org.jspecify.annotations.NullMarked;
