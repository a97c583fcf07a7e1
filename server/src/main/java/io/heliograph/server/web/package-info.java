/**
 * What every HTTP endpoint shares: problem details (RFC 9457), idempotency keys, lists and their headers. Knows no feature.
 */
@NullMarked
package io.heliograph.server.web;

import org.jspecify.annotations.NullMarked;
