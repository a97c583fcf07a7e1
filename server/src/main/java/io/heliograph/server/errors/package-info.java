/**
 * The exceptions of all packages, and the checks that throw them: {@link io.heliograph.server.errors.ProblemException}
 * with its {@link io.heliograph.server.errors.ErrorCode} for rejected calls, {@link
 * io.heliograph.server.errors.InvalidFieldException} and {@link io.heliograph.server.errors.Fields} for a request's
 * fields, {@link io.heliograph.server.errors.InvalidSettingException} and {@link
 * io.heliograph.server.errors.StartException} for the start. Knows no other package, and nothing of HTTP but the status
 * of a code.
 */
@NullMarked
package io.heliograph.server.errors;

import org.jspecify.annotations.NullMarked;
