/**
 * Health checks and metrics for the operator. Knows no feature; parts register their meters with the {@link
 * io.micrometer.core.instrument.MeterRegistry} bean.
 */
@NullMarked
package io.heliograph.server.operations;

import org.jspecify.annotations.NullMarked;
