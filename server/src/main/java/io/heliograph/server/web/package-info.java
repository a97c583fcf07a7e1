/**
 * The shared parts of HTTP endpoints: problem details (RFC 9457), idempotency keys, origins, lists and their headers.
 * Knows no feature. The ways in are {@link io.heliograph.server.web.Commands}, {@link io.heliograph.server.web.Paging}
 * and {@link io.heliograph.server.web.Problems}.
 */
@NullMarked
package io.heliograph.server.web;

import org.jspecify.annotations.NullMarked;
