/**
 * Requests of agents for a person's approval: created once, decided once, expired at their deadline. This package owns
 * the approvals' rows.
 *
 * <p>The ways in: {@link io.heliograph.server.approvals.ApprovalListener}, which other features implement to be
 * notified of changes inside their transaction, and {@link io.heliograph.server.approvals.ApprovalSummary}.
 */
@NullMarked
package io.heliograph.server.approvals;

import org.jspecify.annotations.NullMarked;
