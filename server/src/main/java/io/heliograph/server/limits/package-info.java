/**
 * Limits of callers and workspaces: request rates in memory, per node, and the counters of a workspace's rows in the
 * database, changed by the transactions that change the rows. Knows no feature.
 */
@NullMarked
package io.heliograph.server.limits;

import org.jspecify.annotations.NullMarked;
