/** The few numbers that a dashboard opens with, from one snapshot. Owns no state. */
@NullMarked
package io.heliograph.server.overview;

import org.jspecify.annotations.NullMarked;
