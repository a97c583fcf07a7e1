/** How work happens when it is due: a loop that sleeps until the next deadline that the database holds. Knows no feature. */
@NullMarked
package io.heliograph.server.deadlines;

import org.jspecify.annotations.NullMarked;
