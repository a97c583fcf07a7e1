/**
 * Figures about a workspace's past, computed when they are asked for: no command counts for them. {@link
 * io.heliograph.server.statistics.StatisticsController} is the way in. Keeps answers for some seconds.
 */
@NullMarked
package io.heliograph.server.statistics;

import org.jspecify.annotations.NullMarked;
