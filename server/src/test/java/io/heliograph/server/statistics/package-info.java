/** Tests of statistics. */
@NullMarked
package io.heliograph.server.statistics;

import org.jspecify.annotations.NullMarked;
