/**
 * What waits for a member's eyes. This package owns the notifications' rows; it hears of approvals and agents through
 * their listener ports, inside the transactions of their changes.
 *
 * <p>Reading state is personal, and leaves no entry in the audit trail.
 */
@NullMarked
package io.heliograph.server.notifications;

import org.jspecify.annotations.NullMarked;
