/**
 * Requests of agents that a person decides: created once, decided once, expired at their deadline. This package owns
 * the approvals' rows.
 *
 * <p>The ways in: {@link io.heliograph.server.approvals.ApprovalListener}, which other features implement to hear of
 * changes inside their transaction, and {@link io.heliograph.server.approvals.ApprovalSummary}.
 */
@NullMarked
package io.heliograph.server.approvals;

import org.jspecify.annotations.NullMarked;
