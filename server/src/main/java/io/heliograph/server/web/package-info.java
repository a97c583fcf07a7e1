/**
 * What every HTTP endpoint shares: JSON, problem details (RFC 9457), idempotency keys, origins, lists and their headers.
 * Knows no feature. The ways in are {@link io.heliograph.server.web.ProblemException}, {@link
 * io.heliograph.server.web.Fields}, {@link io.heliograph.server.web.Commands} and {@link
 * io.heliograph.server.web.Json}.
 */
@NullMarked
package io.heliograph.server.web;

import org.jspecify.annotations.NullMarked;
