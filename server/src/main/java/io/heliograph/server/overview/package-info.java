/** The counts that a dashboard loads first, from one snapshot. Owns no state. */
@NullMarked
package io.heliograph.server.overview;

import org.jspecify.annotations.NullMarked;
