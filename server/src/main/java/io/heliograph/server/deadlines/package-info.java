/** Runs work when it is due: a loop that sleeps until the next deadline in the database. Knows no feature. */
@NullMarked
package io.heliograph.server.deadlines;

import org.jspecify.annotations.NullMarked;
