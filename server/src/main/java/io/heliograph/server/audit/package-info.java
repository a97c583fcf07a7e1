/**
 * The append-only trail: who changed what, when, written in the transaction of the change itself. Other features write
 * through {@link io.heliograph.server.audit.AuditTrail}; administrators read it at {@code /v1/audit}.
 */
@NullMarked
package io.heliograph.server.audit;

import org.jspecify.annotations.NullMarked;
