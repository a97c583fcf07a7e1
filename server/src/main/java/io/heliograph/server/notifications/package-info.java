/**
 * The notifications of members. This package owns their rows; it is notified of approvals and agents through their
 * listener ports, inside the transactions of the changes.
 *
 * <p>Reading state is personal, and leaves no entry in the audit trail. Preferences are personal too, and do.
 */
@NullMarked
package io.heliograph.server.notifications;

import org.jspecify.annotations.NullMarked;
