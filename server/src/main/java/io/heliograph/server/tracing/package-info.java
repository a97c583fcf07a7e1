/**
 * Traces from a request to the sockets, with OpenTelemetry, when {@code heliograph.tracing.endpoint} says where to send
 * them. Knows no feature; other packages use it as {@link io.heliograph.server.events.Traces}.
 */
@NullMarked
package io.heliograph.server.tracing;

import org.jspecify.annotations.NullMarked;
